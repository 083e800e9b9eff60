"""A small inn with a pantry: everything is kept in one folder, and `innkeeper serve` may share it.

INN_DATA names the folder (default: data/ beside manage.py).
"""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

BASE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("INN_DATA", BASE / "data")).resolve()
DATA.mkdir(mode=0o700, parents=True, exist_ok=True)


def secret_key() -> str:
    """Made at the first start, for this user's eyes alone; whoever shares the sessions needs the same."""
    file = DATA / "secret_key"
    if not file.exists():
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(get_random_secret_key())
    return file.read_text().strip()


SECRET_KEY = secret_key()
DEBUG = True  # it is an example: see Django's deployment checklist before you show a site to the world
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "inn.urls"
WSGI_APPLICATION = "inn.wsgi.application"
ASGI_APPLICATION = "inn.asgi.application"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "innkeeper",  # in place of django.contrib.sessions
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pantry",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "innkeeper.middleware.SessionMiddleware",  # in place of Django's
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "inn.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions: in the database, read from a cache that all processes of this machine and both languages share.
SESSION_ENGINE = "innkeeper.backends.cached_db"
INNKEEPER_CACHE = DATA / "sessions.cache"

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "pantry"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "static/"
