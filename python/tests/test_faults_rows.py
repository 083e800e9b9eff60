"""Faults 2 to 4, 12, 15, 17, 19 and 21 of the packages that came before: rows that lost something, or cost too much."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.db import DatabaseError, connection, router
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.connection import ConnectionDoesNotExist

from innkeeper import device
from innkeeper.middleware import SessionMiddleware
from innkeeper.models import Session

from .conftest import CHROME, FIREFOX, new_session, signed_in, with_async_sessions

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(row):
    return row.user, row.ip, row.user_agent


@with_async_sessions
def test_fault_02_an_async_save_keeps_owner_and_client(store, user):
    """`asave()` set them to NULL: "sign out everywhere" then missed that session."""
    key = signed_in(store, user).session_key

    async def task():
        session = store(key)
        await session.aset("cart", 2)
        await session.asave()

    async_to_sync(task)()
    assert client_of(Session.objects.get()) == (user, "203.0.113.7", FIREFOX)
    user.session_set.all().delete()
    assert store(key).load() == {}


def test_fault_03_a_store_without_a_request_wipes_nothing(store, user):
    """A task, a shell or a websocket has no address and no browser: the row's were erased."""
    key = signed_in(store, user).session_key
    task = store(key)
    task["done"] = True
    task.save()
    task.cycle_key()
    assert client_of(Session.objects.get()) == (user, "203.0.113.7", FIREFOX)


def test_fault_04_a_read_from_another_address_writes_no_payload(store, rf, settings):
    """It rewrote the payload (five statements and a Set-Cookie), and a concurrent change was lost."""
    settings.SESSION_ACTIVITY_INTERVAL = 0
    key = new_session(store, cart=1).session_key

    def view(request):
        assert request.session["cart"] == 1
        other = store(key)
        other["cart"] = 2
        other.save()
        return HttpResponse()

    request = rf.get("/", REMOTE_ADDR="198.51.100.1", headers={"user-agent": CHROME})
    request.COOKIES["sessionid"] = key
    answer = SessionMiddleware(view)(request)
    assert not answer.cookies
    assert store(key)["cart"] == 2, "what another request saved meanwhile is there"
    assert Session.objects.get().ip == "198.51.100.1"
    browser = Client()
    browser.cookies["sessionid"] = key
    with CaptureQueriesContext(connection) as queries:
        assert not browser.get("/read", REMOTE_ADDR="198.51.100.2").cookies
    writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(queries) <= 2 and len(writes) == 1
    assert "session_data" not in writes[0]


def test_fault_12_the_start_stays_the_start(store, user):
    """`created_at` was set anew at every save."""
    session = signed_in(store, user)
    started = Session.objects.get().created_at
    session["cart"] = 2
    session.save()
    session.cycle_key()
    again = store(session.session_key, user_agent=CHROME, ip="198.51.100.1")
    again["cart"] = 3
    again.save()
    assert Session.objects.get().created_at == started


@pytest.mark.parametrize("what", ["load", "save", "exists"])
def test_fault_12_everything_goes_to_the_database_that_the_router_names(store, monkeypatch, what):
    """The start was read from the default database, wherever the sessions were."""
    key = new_session(store, cart=1).session_key
    session = store(key)
    if what == "save":
        session["cart"] = 2
    else:
        session = store("a" * 32)  # which no cache has
    monkeypatch.setattr(router, "db_for_write", lambda *arguments, **hints: "elsewhere")
    with pytest.raises(ConnectionDoesNotExist, match="elsewhere"):
        session.exists("b" * 32) if what == "exists" else getattr(session, what)()


@pytest.fixture
def broken_database():
    """One without the table; everything else works."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE innkeeper_session RENAME TO elsewhere")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO innkeeper_session")


def test_fault_15_a_database_error_is_itself(store, request):
    """It was shown as "session was deleted", HTTP 400."""
    session = new_session(store, cart=1)
    browser = Client(raise_request_exception=False)
    request.getfixturevalue("broken_database")
    session["cart"] = 2
    with pytest.raises(DatabaseError, match="innkeeper_session") as caught:
        session.save()
    assert type(caught.value).__module__ == "django.db.utils"
    answer = browser.get("/write?cart=1")
    assert answer.status_code == 500
    assert "innkeeper_session" in str(answer.exc_info[1])


def test_fault_15_what_is_no_address_is_not_stored_as_one(store):
    """PostgreSQL refused `1.2.3.4:5678`, and the visitor got an error."""
    session = store(ip="1.2.3.4:5678", user_agent="x" * 2000)
    session["cart"] = 1
    session.save()
    row = Session.objects.get()
    assert row.ip is None and len(row.user_agent) == 512


def statements_of(engine):
    """How many statements a store needs for each thing that requests do, BEGIN and COMMIT included."""
    counts = {}

    def count(name, work):
        with CaptureQueriesContext(connection) as queries:
            work()
        asked = [query["sql"] for query in queries]
        if name == "flush":  # beside the row it writes who and why into the history, in one transaction
            asked = [sql for sql in asked if not sql.startswith(("BEGIN", "COMMIT"))]
        counts[name] = len(asked)

    first = engine.SessionStore()
    first["cart"] = 1
    count("create", first.save)
    count("load", lambda: engine.SessionStore(first.session_key)["cart"])
    loaded = engine.SessionStore(first.session_key)
    loaded["cart"] = 2
    count("save", loaded.save)
    count("cycle", loaded.cycle_key)
    count("exists", lambda: engine.SessionStore().exists(loaded.session_key))
    count("flush", loaded.flush)
    return counts


@pytest.fixture
def djangos_db(settings):
    """django.contrib.sessions, with its table."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.sessions"]
    from django.contrib.sessions.backends import db
    from django.contrib.sessions.models import Session as DjangosSession

    with connection.schema_editor() as editor:
        editor.create_model(DjangosSession)
    yield db
    with connection.schema_editor() as editor:
        editor.delete_model(DjangosSession)


def test_fault_17_no_more_statements_than_djangos_own_db(djangos_db):
    """A save read the whole row first; a first save took seven statements where Django takes four."""
    from innkeeper.backends import db

    ours, djangos = statements_of(db), statements_of(djangos_db)
    if connection.vendor == "mysql":  # it can't delete or change a row and say in the same statement which
        djangos["cycle"] += 1
        djangos["flush"] += 2
    assert all(ours[name] <= djangos[name] for name in ours), (ours, djangos)
    assert (ours["create"], ours["load"], ours["save"]) == (1, 1, 1)


def test_fault_19_no_request_parses_a_user_agent_and_its_text_is_kept(monkeypatch, store, user):
    """Each request did, for 0.85 ms, and the text itself was thrown away."""

    def parsed(*arguments):
        raise AssertionError("a request parsed a User-Agent")

    monkeypatch.setattr(device._engine, "DeviceReader", parsed)
    device._reader.cache_clear()
    browser = Client(headers={"user-agent": CHROME})
    browser.get("/write?cart=1")
    browser.get(f"/in?name={user.get_username()}")
    browser.get("/read")
    assert Session.objects.get().user_agent == CHROME


def test_fault_21_address_and_user_agent_are_not_in_the_payload_as_well(store, settings):
    """They were kept twice, in columns and in every payload."""
    settings.SESSION_ACTIVITY_INTERVAL = 0
    browser = Client(headers={"user-agent": CHROME}, REMOTE_ADDR="198.51.100.1")
    browser.get("/write?cart=1")
    browser.get("/read", REMOTE_ADDR="198.51.100.2")
    row = Session.objects.get()
    assert row.get_decoded() == {"cart": "1"}
    assert row.ip == "198.51.100.2"
