from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """What both programs read, a thousand times as fast to make."""

    iterations = 1000
