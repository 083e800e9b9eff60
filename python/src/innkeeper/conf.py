"""Django's settings in the engine's words.

Names and defaults are those of Django's settings where Django has them, else those of the C++ program, whose
reference is docs/settings.md. The program's CACHE is INNKEEPER_CACHE here (as in its environment), since
Django has CACHES.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.core.signing import JSONSerializer
from django.db import models
from django.utils.encoding import force_str
from django.utils.module_loading import import_string

SALT = "django.contrib.sessions.SessionStore"
FORWARDED_HEADERS = ("X-Forwarded-For", "Forwarded")

_LARGEST = (1 << 63) - 1  # that the engine's integers hold; what is too long it says itself
_integer_fields = (models.IntegerField, models.AutoField)


def seconds(name: str, default: int | None) -> int | None:
    value = getattr(settings, name, default)
    if value is None:
        return None
    try:
        number = int(value.total_seconds() if isinstance(value, timedelta) else value)
    except (TypeError, ValueError, OverflowError):
        number = _LARGEST + 1
    if abs(number) > _LARGEST:
        raise ImproperlyConfigured(f"{name} is {value!r}: give seconds, such as 1800, or a timedelta.")
    return number


def salt() -> str:
    return getattr(settings, "SESSION_SALT", SALT)


@lru_cache(maxsize=1)  # every request asks, and each look into Django's settings is a call in Python
def serializer() -> Any:
    return import_string(settings.SESSION_SERIALIZER)


@lru_cache(maxsize=1)
def serializes_json() -> bool:
    """Whether the engine can read the payloads, and so merge them: Django's serializer, and those of its heirs that
    write what it writes. One that writes UTF-8, or anything else, is left its bytes."""
    made = serializer()
    if made is JSONSerializer or not issubclass(made, JSONSerializer):
        return made is JSONSerializer
    sample = {"text": "\u00e9\u2028"}
    try:
        written = made().dumps(sample)
        return isinstance(written, bytes) and written.isascii() and json.loads(written) == sample
    except Exception:  # it says so itself, where a session is saved
        return False


def user_key() -> models.Field[Any, Any]:
    """The field that the users' keys are of."""
    field: models.Field[Any, Any] = apps.get_model(settings.AUTH_USER_MODEL)._meta.pk
    while isinstance(field, models.ForeignKey):  # a user model that inherits from another
        field = field.target_field
    return field


def _key_type(field: models.Field[Any, Any]) -> str:
    if isinstance(field, models.UUIDField):
        return "uuid"
    return "integer" if isinstance(field, _integer_fields) else "text"


def users() -> dict[str, str]:
    """Where the user model keeps its keys: all that the engine wants to know of users in Django."""
    meta = apps.get_model(settings.AUTH_USER_MODEL)._meta
    return {"table": meta.db_table, "id": meta.pk.column, "key_type": _key_type(user_key())}


def user_key_column(connection: Any) -> str:
    """The type that a reference to a user has in the database's words."""
    return apps.get_model(settings.AUTH_USER_MODEL)._meta.pk.rel_db_type(connection) or ""


def engine_settings() -> dict[str, Any]:
    return {
        "secret_key": force_str(settings.SECRET_KEY),
        "secret_key_fallbacks": [force_str(key) for key in settings.SECRET_KEY_FALLBACKS],
        "json": serializes_json(),
        **rules(),
    }


def rules() -> dict[str, Any]:
    """Those of the engine's settings that are read without a key and without an import."""
    return {
        "salt": salt(),
        "cookie_age": seconds("SESSION_COOKIE_AGE", None),
        "expire_at_browser_close": bool(settings.SESSION_EXPIRE_AT_BROWSER_CLOSE),
        "idle_timeout": seconds("SESSION_IDLE_TIMEOUT", None) or None,
        "absolute_timeout": seconds("SESSION_ABSOLUTE_TIMEOUT", None) or None,
        "activity_interval": seconds("SESSION_ACTIVITY_INTERVAL", 60),
        "cache_age": seconds("SESSION_CACHE_AGE", 3600),
        "cache_namespace": getattr(settings, "SESSION_CACHE_NAMESPACE", "innkeeper"),
        "feed_saves": bool(getattr(settings, "SESSION_FEED_SAVES", False)),
        "history_age": seconds("SESSION_HISTORY_AGE", 30 * 86400),
        "users": users(),
    }


def native_cache() -> tuple[str, int] | None:
    """The folder and size of the cache that all processes and both languages share; None: one of CACHES."""
    text = _path("INNKEEPER_CACHE")
    if not text:
        return None
    scheme, separator, path = text.partition("://")
    if not separator:
        path = text
    elif scheme != "lmdb":
        raise ImproperlyConfigured(
            f"INNKEEPER_CACHE is {scheme}://…, but this build has lmdb: give a folder or lmdb:///absolute/folder, "
            "or leave it out and name one of CACHES in SESSION_CACHE_ALIAS."
        )
    return path, _size(getattr(settings, "INNKEEPER_CACHE_SIZE", 256 << 20))


def _size(value: object) -> int:
    """268435456, "256M", "1G"."""
    units = {"K": 10, "M": 20, "G": 30, "T": 40}
    text = str(value).strip().upper().removesuffix("B").removesuffix("I")
    shift = units.get(text[-1:], 0)
    digits = text[:-1] if shift else text
    size = int(digits) << shift if digits.isdecimal() else _LARGEST + 1
    if size > _LARGEST:
        raise ImproperlyConfigured(f'INNKEEPER_CACHE_SIZE is "{value}": give bytes, or a number with K, M, G or T.')
    return size


def _path(name: str) -> str:
    value = getattr(settings, name, None) or ""
    if not isinstance(value, (str, os.PathLike)):
        raise ImproperlyConfigured(f"{name} is {value!r}: give a path.")
    return os.fspath(value)


@lru_cache(maxsize=1)
def geoip_path() -> str:
    return _path("GEOIP_PATH")


@lru_cache(maxsize=1)
def geoip_language() -> str:
    return getattr(settings, "GEOIP_LANGUAGE", "en")


@lru_cache(maxsize=1)
def device_rules() -> str:
    return _path("DEVICE_RULES")


def trusted_proxies() -> list[str]:
    """A text with commas between, or any collection of texts and of ipaddress's addresses and networks."""
    value = getattr(settings, "TRUSTED_PROXIES", None) or ()
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    if not isinstance(value, Iterable):
        raise ImproperlyConfigured(f"TRUSTED_PROXIES is {value!r}: give a list of addresses and networks.")
    return [str(entry) for entry in value]


def forwarded_header() -> str:
    return str(getattr(settings, "FORWARDED_HEADER", FORWARDED_HEADERS[0]))


def _on_setting_changed(**_: Any) -> None:
    for known in (serializer, serializes_json, geoip_path, geoip_language, device_rules):
        known.cache_clear()


setting_changed.connect(_on_setting_changed)
