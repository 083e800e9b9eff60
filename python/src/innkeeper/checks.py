"""System checks: every combination of settings that goes wrong, with a hint and a page that says more."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import global_settings, settings
from django.contrib.auth import get_user_model
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, router
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from . import _engine, conf
from .backends.base import SessionStore
from .host import database_alias
from .middleware import SessionMiddleware

PAGE = Path(__file__).with_name("docs") / "checks.md"  # installed with the package; each check has its place there
_OTHER_APPS = ("django.contrib.sessions", "qsessions", "django_user_sessions_ng", "user_sessions")
_MIDDLEWARE = "innkeeper.middleware.SessionMiddleware"
_ENGINES = ("innkeeper.backends.db", "innkeeper.backends.cached_db")
_SHORTEST_KEY = 32  # characters: as long as the digest that is made of it
_PER_PROCESS = ("locmem.LocMemCache", "dummy.DummyCache")


def _hint(text: str, name: str) -> str:
    return f"{text} See innkeeper.{name} in {PAGE}".lstrip()


def _error(number: int, message: str, hint: str) -> Error:
    name = f"E{number:03}"
    return Error(message, hint=_hint(hint, name), id=f"innkeeper.{name}")


def _warning(number: int, message: str, hint: str) -> Warning:
    name = f"W{number:03}"
    return Warning(message, hint=_hint(hint, name), id=f"innkeeper.{name}")


@register(Tags.compatibility)
def check_settings(**_: Any) -> list[CheckMessage]:
    return [
        *_check_apps(),
        *_check_middleware(),
        *_check_order(),
        *_check_engine(),
        *_check_serializer(),
        *_check_keys(),
        *_check_client(),
        *_check_files(),
        *_check_limits(),
        *_check_database(),
        *_check_relations(),
        *_check_user_key(),
    ]


@register(Tags.security, deploy=True)
def check_cookie(**_: Any) -> list[CheckMessage]:
    """Django's security.W010 to W015, which look for its own session app and middleware by name."""
    return [
        _warning(number, f"{name} is not set to True.", hint)
        for number, name, hint in (
            (18, "SESSION_COOKIE_SECURE", "Who listens to a request without HTTPS has the session."),
            (19, "SESSION_COOKIE_HTTPONLY", "A foreign script in a page has the session."),
        )
        if getattr(settings, name) is not True
    ]


@register(Tags.urls)
def check_pages(**_: Any) -> list[CheckMessage]:
    """Where LOGIN_URL was left as Django has it: what a site has set, another server may answer."""
    path = str(settings.LOGIN_URL)
    if not getattr(settings, "ROOT_URLCONF", None) or path != global_settings.LOGIN_URL:
        return []
    # The second is where LocaleMiddleware leads with i18n_patterns.
    if not _has_pages() or _is_page(path) or _is_page(f"/{get_language() or settings.LANGUAGE_CODE}{path}"):
        return []
    message = f"There is no page at LOGIN_URL ({path}), where innkeeper.urls sends who isn't signed in."
    hint = "Set it to the site's sign-in page, or include django.contrib.auth.urls at 'accounts/'."
    return [_warning(30, message, hint)]


def _has_pages() -> bool:
    try:
        return bool(reverse("innkeeper:session_list"))
    except NoReverseMatch:
        return False


def _is_page(path: str) -> bool:
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


def _check_apps() -> Iterator[CheckMessage]:
    for other in _OTHER_APPS:
        if apps.is_installed(other):
            yield _warning(1, f"{other} is installed beside innkeeper.", f"Remove {other!r} from INSTALLED_APPS.")


def _imported(path: str) -> Any:
    try:
        return import_string(path)
    except Exception:
        return None  # Django says so, where it loads it


def _middleware() -> Iterator[tuple[int, str, type]]:
    """Place, name and class of each that is a class."""
    for place, path in enumerate(settings.MIDDLEWARE):
        known = _imported(path)
        if isinstance(known, type):
            yield place, path, known


def _check_middleware() -> Iterator[CheckMessage]:
    ours = [path for _, path, known in _middleware() if issubclass(known, SessionMiddleware)]
    foreign = {path for _, path, known in _middleware() if issubclass(known, DjangoSessionMiddleware)} - {*ours}
    foreign |= {*settings.MIDDLEWARE} & {f"{other}.middleware.SessionMiddleware" for other in _OTHER_APPS}
    for path in sorted(foreign):
        yield _error(
            2,
            f"MIDDLEWARE has {path}.",
            f"Put {_MIDDLEWARE!r} in its place: without it no address and no device is noted.",
        )
    if not ours and not foreign:
        yield _error(15, "MIDDLEWARE has no session middleware.", f"Put {_MIDDLEWARE!r} into it: nobody has a session.")


def _wants_a_session(middleware: type) -> bool:
    """Of Django's, those that refuse a request without one."""
    if issubclass(middleware, MessageMiddleware):
        storage = _imported(settings.MESSAGE_STORAGE)
        return isinstance(storage, type) and issubclass(storage, (FallbackStorage, SessionStorage))
    return issubclass(middleware, (AuthenticationMiddleware, *((CsrfViewMiddleware,) * settings.CSRF_USE_SESSIONS)))


def _check_order() -> Iterator[CheckMessage]:
    ours = [(place, path) for place, path, known in _middleware() if issubclass(known, SessionMiddleware)]
    if not ours:
        return
    first, name = ours[0]
    for place, path, known in _middleware():
        if place < first and _wants_a_session(known):
            yield _error(
                24, f"MIDDLEWARE has {name} below {path}.", "Put it above: every request without a session is HTTP 500."
            )
    if len(ours) > 1:
        yield _warning(
            25,
            f"MIDDLEWARE has more than one session middleware: {', '.join(path for _, path in ours)}.",
            "Leave the first alone: each opens the session again, and notes its use again.",
        )


def _store() -> type[SessionStore] | None:
    """The site's own, where it is one of ours."""
    try:
        store = import_module(settings.SESSION_ENGINE).SessionStore
        return store if issubclass(store, SessionStore) else None
    except (ImportError, AttributeError, TypeError):
        return None


def _check_serializer() -> Iterator[CheckMessage]:
    try:
        conf.serializes_json()
        _ = conf.serializer().dumps, conf.serializer().loads
    except Exception as error:  # whatever the module raises where it is imported
        yield _error(
            29,
            f"SESSION_SERIALIZER ({settings.SESSION_SERIALIZER!r}) can't be used: {error}",
            "Name a class with dumps() and loads(), or leave it out: no session is read or saved without.",
        )


def _check_engine() -> Iterator[CheckMessage]:
    store = _store()
    if store is None:
        yield _error(
            3, f"SESSION_ENGINE is {settings.SESSION_ENGINE!r}.", f"Set it to {_ENGINES[0]!r} or {_ENGINES[1]!r}."
        )
    try:
        native = conf.native_cache()
    except ImproperlyConfigured as error:
        yield _error(5, str(error), "")
        return
    if store is None:
        return
    yield from _check_store(store)
    if native and not store.cached:
        yield _warning(6, "INNKEEPER_CACHE is set, and SESSION_ENGINE uses no cache.", f"Set it to {_ENGINES[1]!r}.")
    elif native:
        yield from _check_native_cache(native[0])
    elif store.cached:
        yield from _check_cache()


def _check_store(store: type[SessionStore]) -> Iterator[CheckMessage]:
    """By these two Django's store in the database is extended, which saves a model; the engine does not."""
    for name in ("create_model_instance", "get_model_class"):
        if inspect.getattr_static(store, name, None) is not inspect.getattr_static(SessionStore, name, None):
            yield _warning(
                20,
                f"{store.__module__}.{store.__qualname__} has a {name}(), which no save of a session calls.",
                "Keep what it adds in the session's data, or in a model of your own.",
            )


def _check_native_cache(folder: str) -> Iterator[CheckMessage]:
    """Without making it: who checks need not be who serves."""
    if not os.path.isabs(folder):
        yield _warning(
            28,
            f"INNKEEPER_CACHE ({folder}) is relative to the working directory.",
            "Give an absolute path, such as BASE_DIR / 'sessions.cache': elsewhere another cache is meant.",
        )
    there = os.path.abspath(folder)
    while not os.path.lexists(there):
        there = os.path.dirname(there)
    files = [path for path in Path(folder).glob("*.mdb") if not os.access(path, os.R_OK | os.W_OK)]
    if files or not os.path.isdir(there) or not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        yield _warning(
            14,
            f"INNKEEPER_CACHE ({folder}) is no folder that can be used: {files[0] if files else there}.",
            "Give it to the user who serves the site: without it every request asks the database.",
        )


def _check_cache() -> Iterator[CheckMessage]:
    alias = settings.SESSION_CACHE_ALIAS
    backend = settings.CACHES.get(alias, {}).get("BACKEND", "")
    if alias not in settings.CACHES:
        yield _error(7, f"SESSION_CACHE_ALIAS is {alias!r}, which CACHES has not.", "Name one that it has.")
    elif backend.endswith(_PER_PROCESS):
        yield _warning(
            8,
            f"CACHES[{alias!r}] is {backend}: every process has one of its own.",
            "Set INNKEEPER_CACHE to a folder: one cache for all processes of the machine. Else what one changes in a "
            "session is seen by another only after up to SESSION_CACHE_AGE.",
        )


def _check_keys() -> Iterator[CheckMessage]:
    named = {"SECRET_KEY_FALLBACKS": settings.SECRET_KEY_FALLBACKS}
    try:
        named["SECRET_KEY"] = [settings.SECRET_KEY]
    except ImproperlyConfigured:
        # So Django says that it is empty. No error: commands that sign nothing, such as makemigrations, need none.
        yield _warning(17, "SECRET_KEY is empty.", "Set it before the site serves: no session is signed without it.")
    for name, keys in named.items():
        if any(not key for key in keys):
            yield _error(4, f"{name} has an empty key.", "Anybody could sign a session with it.")
        elif any(len(key) < _SHORTEST_KEY for key in keys):
            yield _warning(
                13,
                f"{name} is or has a key of fewer than {_SHORTEST_KEY} characters.",
                "Who guesses it signs sessions: make one with django.core.management.utils.get_random_secret_key().",
            )


def _check_client() -> Iterator[CheckMessage]:
    try:
        _engine.TrustedProxies(conf.trusted_proxies(), conf.FORWARDED_HEADERS[0])
    except (ImproperlyConfigured, _engine.ConfigError) as error:
        yield _error(9, str(error), "List addresses and networks, such as '10.0.0.0/8', or 'unix'.")
    try:
        _engine.TrustedProxies([], conf.forwarded_header())
    except _engine.ConfigError as error:
        names = " or ".join(map(repr, conf.FORWARDED_HEADERS))
        yield _error(22, f"{error}.", f"Set it to {names}, whichever your proxies write.")


def _check_files() -> Iterator[CheckMessage]:
    """The site works without them, and says so in the log alone."""
    try:
        path, rules = conf.geoip_path(), conf.device_rules()
    except ImproperlyConfigured as error:
        yield _error(31, str(error), "Leave it out, or give a text or a Path.")
        return
    if path and not (Path(path).is_file() or any(Path(path).glob("*.mmdb"))):
        yield _warning(10, f"There is no GeoIP file at GEOIP_PATH ({path}).", "Run `manage.py download_geoip_db`.")
    elif path:
        for fault in _engine.location_faults(path):
            yield _warning(26, f"GEOIP_PATH: {fault}", "Fetch it anew by `manage.py download_geoip_db`.")
    for fault in _engine.device_faults(rules) if rules else ():
        yield _warning(27, f"DEVICE_RULES: {fault}", "Name a regexes.yaml of uap-core, or leave it out.")


def _check_limits() -> Iterator[CheckMessage]:
    """The rules are the engine's, which makes none of itself with settings that break one."""
    age = settings.SESSION_COOKIE_AGE
    try:
        if not isinstance(age, (int, float)):
            raise ImproperlyConfigured(f"SESSION_COOKIE_AGE is {age!r}: give a number, to which Django adds the time.")
        rules = conf.rules()
        _engine.check_settings({**rules, "secret_key": "any", "secret_key_fallbacks": [], "json": True})
    except (ImproperlyConfigured, _engine.ConfigError) as error:
        yield _error(23, f"{str(error).removesuffix('.')}.", "No session is read or saved until it is set right.")
        return
    if rules["idle_timeout"] and rules["activity_interval"] and rules["idle_timeout"] <= rules["activity_interval"]:
        yield _error(
            11,
            "SESSION_IDLE_TIMEOUT is not longer than SESSION_ACTIVITY_INTERVAL.",
            "The interval has no effect: make the timeout longer, or the interval shorter.",
        )


def _check_database() -> Iterator[CheckMessage]:
    """By what the settings say: nothing is connected to."""
    alias, users = database_alias(), router.db_for_write(get_user_model())
    vendor = connections[alias].vendor
    if vendor not in ("sqlite", "postgresql", "mysql"):
        hint = "Route the app innkeeper to SQLite, PostgreSQL or MariaDB."
        yield _error(12, f"Sessions can't be kept in {vendor} (DATABASES[{alias!r}]).", hint)
    if users != alias:
        yield _error(
            16,
            f"Sessions are kept in DATABASES[{alias!r}], their users in DATABASES[{users!r}].",
            f"Route the apps innkeeper and {settings.AUTH_USER_MODEL.partition('.')[0]} to one database.",
        )


def _check_relations() -> Iterator[CheckMessage]:
    """The engine removes rows in SQL: nobody looks for what `on_delete` says, and the database refuses."""
    session: Any = apps.get_model("innkeeper", "Session")
    for relation in session._meta.get_fields(include_hidden=True):
        if not relation.auto_created or not (relation.one_to_many or relation.one_to_one):
            continue
        if getattr(relation.field, "db_constraint", False):
            yield _error(
                21,
                f"{relation.field} is a foreign key to a session: the session can't be ended.",
                "Give it db_constraint=False and on_delete=DO_NOTHING, or keep the session's public_id.",
            )


def _check_user_key() -> Iterator[CheckMessage]:
    """The engine finds a session's owner by the text in the payload, which has to say what the column has."""
    key = conf.user_key()
    if type(key).__module__.startswith("django.") or _key_is_its_column(key):
        return
    yield _error(
        32,
        f"{settings.AUTH_USER_MODEL} has a key ({type(key).__name__}) that Python has otherwise than its column.",
        "Keep the plain value as the key, and show the other as a property: no session would have an owner.",
    )


def _key_is_its_column(key: Any) -> bool:
    """By a value of its type, there and back. One that it refuses shows nothing."""
    samples = {"integer": 17, "uuid": UUID(int=17), "text": "a17"}
    stored = samples[conf.users()["key_type"]]
    connection = connections[database_alias()]
    try:
        read = key.from_db_value(stored, None, connection) if hasattr(key, "from_db_value") else stored
        user = key.model(**{key.attname: key.to_python(read)})
        return bool(key.value_to_string(user) == str(stored))
    except Exception:
        return True
