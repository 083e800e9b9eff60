from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import caches
from django.db import connection
from django.test import Client

from innkeeper import engines
from innkeeper.models import EndedSession

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 Mobile Safari/537.36"
)
_numbers = itertools.count(1)

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
with_async_sessions = pytest.mark.skipif(not hasattr(SessionBase, "asave"), reason="there since Django 5.1")
on_a_server = pytest.mark.skipif(connection.vendor == "sqlite", reason="is about databases with several writers")


def pytest_configure(config):
    if "memcached" in django_settings.CACHES:
        # Django has a connection to memcached for each thread and context, and leaves it to the collector at their end.
        wanted = "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
        config.addinivalue_line("filterwarnings", wanted)


@pytest.fixture(autouse=True)
def empty_history(request):
    """Emptying the tables after a test removes its sessions, and the triggers note it."""
    marker = request.node.get_closest_marker("django_db")
    if marker:
        request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
        EndedSession._base_manager.all().delete()


# Redis and memcached are there where tools/test_servers started them.
_caches = ["locmem", "lmdb", *(alias for alias in django_settings.CACHES if alias != "default")]
_wanted = os.environ.get("INNKEEPER_TEST_CACHES", " ".join(_caches)).split()
_stores = ["db", *(f"cached_db on {name}" for name in _caches if name in _wanted)]


@pytest.fixture(params=_stores)
def store(request, settings, tmp_path):
    """The class SessionStore, for each of the ways in which a site may keep its sessions."""
    backend, _, cache_kind = request.param.partition(" on ")
    if cache_kind == "lmdb":
        settings.INNKEEPER_CACHE = tmp_path / "cache"
    if cache_kind in settings.CACHES:
        settings.SESSION_CACHE_ALIAS = cache_kind
    settings.SESSION_ENGINE = f"innkeeper.backends.{backend}"
    caches[settings.SESSION_CACHE_ALIAS].clear()
    engines.forget_engines()
    from innkeeper.backends import cached_db, db

    yield (db if backend == "db" else cached_db).SessionStore
    engines.forget_engines()


@pytest.fixture
def for_threads(transactional_db, tmp_path):
    """A database that several threads may use at once: SQLite's in memory gives them locks that no patience opens."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    connection.ensure_connection()
    memory, options = connection.connection, connection.settings_dict
    name, options["NAME"] = options["NAME"], str(tmp_path / "threads.sqlite3")
    with contextlib.closing(sqlite3.connect(options["NAME"])) as copy:
        memory.backup(copy)
    connection.connection = None
    yield
    connection.close()
    options["NAME"], connection.connection = name, memory


# Django's types for a time and an address.
TYPES = {
    "sqlite": {"datetime": "datetime", "inet": "char(39)"},
    "postgresql": {"datetime": "timestamptz", "inet": "inet"},
    "mysql": {"datetime": "datetime(6)", "inet": "char(39)"},
}


@pytest.fixture
def make_table():
    made = []

    def make(name, *columns):
        types = TYPES[connection.vendor]
        columns = ("session_key varchar(40) PRIMARY KEY", "session_data text", "expire_date datetime", *columns)
        described = ", ".join(" ".join(types.get(word, word) for word in column.split()) for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {name} ({described})")
        made.append(name)

    yield make
    with connection.cursor() as cursor:
        for name in made:
            cursor.execute(f"DROP TABLE {name}")


@pytest.fixture
def make_user():
    def make(name=None):
        model = get_user_model()
        name = name or f"user{next(_numbers)}"
        return model.objects.create_user(name, password="pass")

    return make


@pytest.fixture
def user(make_user):
    return make_user()


def new_session(store, **data):
    """A saved session, as another request would find it."""
    session = store(ip="203.0.113.7", user_agent=FIREFOX)
    session.update(data)
    session.save()
    return session


def signed_in(store, user, **data):
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    return new_session(
        store,
        **{
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            **data,
        },
    )


def in_a_process_of_its_own(script, *arguments):
    """What a script prints that knows the package, and no Django settings."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def staff(make_user):
    person = make_user("boss")
    person.is_staff = True
    person.save()
    names = ("view_session", "delete_session", "view_endedsession")
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    return person


@pytest.fixture
def desk(staff):
    browser = Client()
    browser.force_login(staff)
    return browser
