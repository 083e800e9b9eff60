"""System checks: every combination of settings that goes wrong, with a hint and a page that says more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from . import _engine, conf

_PAGE = "docs/django.md"  # in the repository; each check has its place there
_OTHER_APPS = ("django.contrib.sessions", "qsessions", "django_user_sessions_ng", "user_sessions")
_MIDDLEWARE = "innkeeper.middleware.SessionMiddleware"
_ENGINES = ("innkeeper.backends.db", "innkeeper.backends.cached_db")
_SHORTEST_KEY = 32  # characters: as long as the digest that is made of it
_PER_PROCESS = ("locmem.LocMemCache", "dummy.DummyCache")


def _hint(text: str, name: str) -> str:
    return f"{text} See {_PAGE}#innkeeper-{name.lower()}".lstrip()


def _error(number: int, message: str, hint: str) -> Error:
    name = f"E{number:03}"
    return Error(message, hint=_hint(hint, name), id=f"innkeeper.{name}")


def _warning(number: int, message: str, hint: str) -> Warning:
    name = f"W{number:03}"
    return Warning(message, hint=_hint(hint, name), id=f"innkeeper.{name}")


@register(Tags.compatibility)
def check_settings(**_: Any) -> list[CheckMessage]:
    return [*_check_parts(), *_check_keys(), *_check_cache(), *_check_client(), *_check_limits()]


def _check_parts() -> Iterator[CheckMessage]:
    middleware = list(settings.MIDDLEWARE)
    for other in _OTHER_APPS:
        if apps.is_installed(other):
            yield _warning(1, f"{other} is installed beside innkeeper.", f"Remove {other!r} from INSTALLED_APPS.")
        if f"{other}.middleware.SessionMiddleware" in middleware:
            yield _error(
                2,
                f"MIDDLEWARE has {other}.middleware.SessionMiddleware.",
                f"Put {_MIDDLEWARE!r} in its place: without it no address and no device is noted.",
            )
    if settings.SESSION_ENGINE not in _ENGINES and not _is_ours(settings.SESSION_ENGINE):
        yield _error(
            3, f"SESSION_ENGINE is {settings.SESSION_ENGINE!r}.", f"Set it to {_ENGINES[0]!r} or {_ENGINES[1]!r}."
        )


def _is_ours(engine: str) -> bool:
    from importlib import import_module

    from .backends.base import SessionStore

    try:
        return issubclass(import_module(engine).SessionStore, SessionStore)
    except (ImportError, AttributeError, TypeError):
        return False


def _check_keys() -> Iterator[CheckMessage]:
    for name, keys in (("SECRET_KEY", [settings.SECRET_KEY]), ("SECRET_KEY_FALLBACKS", settings.SECRET_KEY_FALLBACKS)):
        if any(not key for key in keys):
            yield _error(4, f"{name} is or has an empty key.", "Anybody could sign a session with it.")
        elif any(len(key) < _SHORTEST_KEY for key in keys):
            yield _warning(
                13,
                f"{name} is or has a key of fewer than {_SHORTEST_KEY} characters.",
                "Who guesses it signs sessions: make one with django.core.management.utils.get_random_secret_key().",
            )


def _check_cache() -> Iterator[CheckMessage]:
    try:
        native = conf.native_cache()
    except ImproperlyConfigured as error:
        yield _error(5, str(error), "")
        return
    if settings.SESSION_ENGINE != _ENGINES[1]:
        if native:
            yield _warning(
                6, "INNKEEPER_CACHE is set, and SESSION_ENGINE uses no cache.", f"Set it to {_ENGINES[1]!r}."
            )
        return
    if native:
        return
    alias = settings.SESSION_CACHE_ALIAS
    backend = settings.CACHES.get(alias, {}).get("BACKEND", "")
    if alias not in settings.CACHES:
        yield _error(7, f"SESSION_CACHE_ALIAS is {alias!r}, which CACHES has not.", "Name one that it has.")
    elif backend.endswith(_PER_PROCESS):
        yield _warning(
            8,
            f"CACHES[{alias!r}] is {backend}: every process has one of its own.",
            "Set INNKEEPER_CACHE to a folder: one cache for all processes of the machine.",
        )


def _check_client() -> Iterator[CheckMessage]:
    try:
        _engine.TrustedProxies(conf.trusted_proxies())
    except _engine.ConfigError as error:
        yield _error(9, str(error), "List addresses and networks, such as '10.0.0.0/8'.")
    path = conf.geoip_path()
    if path and not (Path(path).is_file() or any(Path(path).glob("*.mmdb"))):
        yield _warning(10, f"There is no GeoIP file at GEOIP_PATH ({path}).", "Run `manage.py download_geoip_db`.")


def _check_limits() -> Iterator[CheckMessage]:
    idle, interval = conf.seconds("SESSION_IDLE_TIMEOUT", None), conf.seconds("SESSION_ACTIVITY_INTERVAL", 60)
    if idle and interval and idle <= interval:
        yield _error(
            11,
            "SESSION_IDLE_TIMEOUT is not longer than SESSION_ACTIVITY_INTERVAL.",
            "Sessions in use would end between two notes of their use.",
        )


@register(Tags.database)  # type: ignore[type-var]
def check_database(databases: list[str] | None = None, **_: Any) -> list[CheckMessage]:
    from .host import database_alias

    alias = database_alias()
    vendor = connections[alias].vendor
    if alias not in (databases or ()) or vendor in ("sqlite", "postgresql", "mysql"):
        return []
    hint = "Route the app innkeeper to SQLite, PostgreSQL or MariaDB."
    return [_error(12, f"Sessions can't be kept in {vendor} (DATABASES[{alias!r}]).", hint)]
