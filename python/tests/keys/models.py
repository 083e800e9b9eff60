"""A user model whose key Python has otherwise than its column, or not (KIND_OF_KEY)."""

import os

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class Hashed(models.IntegerField):
    """As a package of hashed ids has it: a text to see, a number to keep."""

    def from_db_value(self, value, expression, connection):
        return f"u{value}"

    def to_python(self, value):
        return value if isinstance(value, str) and value.startswith("u") else f"u{int(value)}"

    def get_prep_value(self, value):
        return int(str(value).lstrip("u"))


class Prefixed(models.UUIDField):
    def to_python(self, value):
        return f"usr_{super().to_python(str(value).removeprefix('usr_')).hex}"


class Plain(models.CharField):
    """Another class, and the same values."""

    def to_python(self, value):
        return super().to_python(value).strip()


class User(AbstractBaseUser):
    id = {"Hashed": Hashed, "Prefixed": Prefixed, "Plain": Plain}[os.environ["KIND_OF_KEY"]](primary_key=True)
    name = models.CharField(max_length=40, unique=True)

    USERNAME_FIELD = "name"
