"""A site as small as one can be. The variables choose what a run is about; see tools/test_python."""

import os

SECRET_KEY = "a secret key for the tests, long enough to look like one"
ALLOWED_HOSTS = ["*"]
USE_TZ = os.environ.get("INNKEEPER_TEST_USE_TZ", "1") == "1"
TIME_ZONE = "Asia/Tehran"
ROOT_URLCONF = "tests.urls"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "innkeeper",
]
MIDDLEWARE = [
    "innkeeper.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
STATIC_URL = "static/"
SESSION_ENGINE = "innkeeper.backends.db"


def server(database):
    """One of the servers of tools/test_servers."""
    port = os.environ[f"INNKEEPER_TEST_{database.upper()}_PORT"]
    return {"NAME": "innkeeper", "USER": "innkeeper", "PASSWORD": "innkeeper", "HOST": "127.0.0.1", "PORT": port}


_database = os.environ.get("INNKEEPER_TEST_DATABASE", "sqlite")
if _database == "postgresql":
    # Django makes its test database from the one named here.
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", **server("postgresql")}}
elif _database == "mariadb":
    DATABASES = {"default": {"ENGINE": "django.db.backends.mysql", **server("mariadb")}}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if port := os.environ.get("INNKEEPER_TEST_REDIS_PORT"):
    CACHES["redis"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"redis://127.0.0.1:{port}",
    }
if port := os.environ.get("INNKEEPER_TEST_MEMCACHED_PORT"):
    CACHES["memcached"] = {
        "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
        "LOCATION": f"127.0.0.1:{port}",
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_users = os.environ.get("INNKEEPER_TEST_USERS")
if _users == "uuid":
    INSTALLED_APPS.append("tests.people")
    AUTH_USER_MODEL = "people.Person"
elif _users == "text":
    INSTALLED_APPS.append("tests.members")
    AUTH_USER_MODEL = "members.Member"
