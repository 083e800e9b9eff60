from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.core.exceptions import FieldDoesNotExist
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, models
from django.utils import timezone
from django.utils.encoding import force_str

from innkeeper import conf
from innkeeper.engines import site_has_cache
from innkeeper.host import database_alias

_SAME = (
    "SESSION_COOKIE_AGE",
    "SESSION_EXPIRE_AT_BROWSER_CLOSE",
    "SESSION_SAVE_EVERY_REQUEST",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_DOMAIN",
    "SESSION_COOKIE_PATH",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_SERIALIZER",
    "SESSION_SALT",
    "SESSION_IDLE_TIMEOUT",
    "SESSION_ABSOLUTE_TIMEOUT",
    "SESSION_ACTIVITY_INTERVAL",
    "SESSION_CACHE_AGE",
    "SESSION_CACHE_NAMESPACE",
    "SESSION_FEED_SAVES",
    "SESSION_HISTORY_AGE",
    "AUTHENTICATION_BACKENDS",
)
_FLAGS = (
    "SESSION_EXPIRE_AT_BROWSER_CLOSE",
    "SESSION_SAVE_EVERY_REQUEST",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_FEED_SAVES",
)
_USER_FIELDS = ("first_name", "last_name", "is_active", "is_staff", "is_superuser", "last_login", "date_joined")


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any] | None:
    """The model's column of that name, if it has one."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) and field.column else None


def _same_key(model: type[models.Model], owner: type[models.Model]) -> models.Field[Any, Any] | None:
    """The primary key of `owner`, the model or one that it inherits from, where it has the same values."""
    key: models.Field[Any, Any] = model._meta.pk
    while key.model is not owner and isinstance(key, models.ForeignKey):
        key = key.target_field
    return key if key.model is owner and key.primary_key else None


def _database_file(name: str) -> Path:
    """The file of SQLite's NAME, which may be a URI."""
    uri = urlsplit(name)
    path = unquote(uri.path) if uri.scheme == "file" else name
    if path in ("", ":memory:") or parse_qs(uri.query).get("mode") == ["memory"]:
        raise CommandError(f"The program can't share {name}: it is in one process's memory.")
    return Path(path).resolve()


def toml(value: Any) -> str:
    """A value in TOML; a string of JSON is one of TOML, but for the code point 0x7f."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, (bool, int, str)):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return toml(str(value))


def _keeps_utc(connection: Any) -> bool:
    """Whether the naive times in Django's own columns are UTC, as all are that the program writes."""
    zone = connection.timezone or timezone.get_default_timezone()  # none without USE_TZ
    year = timezone.now().year
    return all(not zone.utcoffset(datetime(year, month, 1)) for month in range(1, 13))


class Command(BaseCommand):
    help = "Print the configuration with which the program `innkeeper` shares this site's sessions, secrets included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-secrets", action="store_true", help="leave SECRET_KEY out")

    def handle(self, *, without_secrets: bool, **options: Any) -> None:
        lines = [*self._storage(), *self._same(), *self._passwords(), *self._users(), *self._client(), *self._forms()]
        if not without_secrets:
            lines += self._secrets()
        self.stdout.write(
            "# The sessions of a Django site, for `innkeeper --config FILE`. It holds secrets: umask 077."
        )
        for line in self._remarks():
            self.stdout.write(f"# {line}")
        for name, value in lines:
            self.stdout.write(f"{name} = {toml(value)}")

    def _remarks(self) -> Iterator[str]:
        """What the settings can't say: a cache that only one of the two has."""
        if conf.native_cache() or not site_has_cache():
            return
        yield f"CACHES[{settings.SESSION_CACHE_ALIAS!r}] is the site's alone. It hears of each end at once, of what the"
        if getattr(settings, "SESSION_FEED_SAVES", False):
            yield "program saves within half a second: SESSION_FEED_SAVES is true on both sides."
        else:
            yield "program saves only after up to SESSION_CACHE_AGE, or within half a second where SESSION_FEED_SAVES"
            yield "is true on both sides: set it in Django's settings, and print this anew."

    def _storage(self) -> Iterator[tuple[str, Any]]:
        connection = connections[database_alias()]
        if connection.vendor != "sqlite":
            raise CommandError(f"The program is built with SQLite alone so far; this site has {connection.vendor}.")
        yield "DATABASE", str(_database_file(str(connection.settings_dict["NAME"])))
        native = conf.native_cache()
        yield "CACHE", str(Path(native[0]).resolve()) if native else "none"
        if native:
            yield "CACHE_SIZE", native[1]

    def _secrets(self) -> Iterator[tuple[str, Any]]:
        yield "SECRET_KEY", force_str(settings.SECRET_KEY)
        if settings.SECRET_KEY_FALLBACKS:
            yield "SECRET_KEY_FALLBACKS", [force_str(key) for key in settings.SECRET_KEY_FALLBACKS]
        if licence := getattr(settings, "MAXMIND_LICENSE_KEY", ""):
            yield "MAXMIND_LICENSE_KEY", licence

    def _same(self) -> Iterator[tuple[str, Any]]:
        for name in _SAME:
            value = getattr(settings, name, None)
            if name in _FLAGS and hasattr(settings, name):
                yield name, bool(value)
            elif name == "SESSION_COOKIE_SAMESITE":
                yield name, value.capitalize() if value else False  # Django takes any case, and None as False
            elif value is not None:
                yield name, conf.seconds(name, None) if name.endswith(("_AGE", "_TIMEOUT", "_INTERVAL")) else value

    def _passwords(self) -> Iterator[tuple[str, Any]]:
        """Both programs renew a hash at sign-in: with other aims each would undo the other's, and sign people out."""
        hasher = get_hasher()
        if isinstance(hasher, PBKDF2PasswordHasher) and hasher.algorithm == PBKDF2PasswordHasher.algorithm:
            yield "PASSWORD_REHASH", True
            yield "PASSWORD_ITERATIONS", hasher.iterations
        else:
            yield "PASSWORD_REHASH", False

    def _users(self) -> Iterator[tuple[str, Any]]:
        model = get_user_model()
        name, password = _field(model, model.USERNAME_FIELD), _field(model, "password")
        key = name and _same_key(model, name.model)
        if name is None or password is None or key is None or password.model is not name.model:
            raise CommandError(
                f"The program signs people in by a name and a password of one table, and {settings.AUTH_USER_MODEL} "
                "has none that holds both under the key of its users."
            )
        yield "USER_TABLE", name.model._meta.db_table
        yield "USER_KEY_TYPE", conf.users()["key_type"]
        named = {"email": model.get_email_field_name(), **{name: name for name in _USER_FIELDS}}
        optional = {column: _field(model, text) for column, text in named.items()}
        if not _keeps_utc(connections[database_alias()]):
            optional["last_login"] = None  # Django alone knows the zone, and writes it at its own sign-ins
        for column, field in {"id": key, "username": name, "password": password, **optional}.items():
            there = field is not None and field.model is name.model
            yield f"USER_COLUMN_{column.upper()}", field.column if field and there else ""

    def _client(self) -> Iterator[tuple[str, Any]]:
        if conf.trusted_proxies():
            yield "TRUSTED_PROXIES", conf.trusted_proxies()
        if conf.forwarded_header() != conf.FORWARDED_HEADERS[0]:
            yield "FORWARDED_HEADER", conf.forwarded_header()
        if conf.geoip_path():
            yield "GEOIP_PATH", str(Path(conf.geoip_path()).resolve())
        yield "GEOIP_LANGUAGE", conf.geoip_language()
        if conf.device_rules():
            yield "DEVICE_RULES", str(Path(conf.device_rules()).resolve())

    def _forms(self) -> Iterator[tuple[str, Any]]:
        """A browser has one form cookie of a name for both programs, and each would replace the other's."""
        if settings.ALLOWED_HOSTS:
            yield "ALLOWED_HOSTS", list(settings.ALLOWED_HOSTS)
        yield "CSRF_COOKIE_NAME", f"{settings.CSRF_COOKIE_NAME}_innkeeper"
