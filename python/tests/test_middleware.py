"""What a browser sees."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, connection
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext, override_settings

from innkeeper import engines
from innkeeper.models import Session

from .conftest import CHROME, FIREFOX, new_session, with_async_sessions

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(store):
    return Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="203.0.113.7")


def test_a_first_change_makes_a_session_and_a_cookie(browser):
    answer = browser.get("/write?cart=1")
    assert answer.cookies["sessionid"]["httponly"]
    assert "Cookie" in answer["Vary"]
    row = Session.objects.get()
    assert (row.ip, row.user_agent) == ("203.0.113.7", FIREFOX)
    assert browser.get("/read").json() == {"cart": "1"}


def test_looking_is_free(browser, django_assert_num_queries, settings):
    browser.get("/write?cart=1")
    before = Session.objects.get()
    elsewhere = {"REMOTE_ADDR": "198.51.100.1", "headers": {"user-agent": CHROME}}
    assert not browser.get("/read", **elsewhere).cookies
    after = Session.objects.get()
    assert (after.session_data, after.version, after.ip) == (before.session_data, before.version, before.ip)
    with django_assert_num_queries(0):
        browser.get("/nothing", **elsewhere)


def test_a_changed_client_is_noted_apart_from_the_payload(browser, settings):
    settings.SESSION_ACTIVITY_INTERVAL = 0
    browser.get("/write?cart=1")
    before = Session.objects.get()
    answer = browser.get("/read", REMOTE_ADDR="198.51.100.1", headers={"user-agent": CHROME})
    assert not answer.cookies
    after = Session.objects.get()
    assert (after.ip, after.user_agent) == ("198.51.100.1", CHROME)
    assert (after.session_data, after.version) == (before.session_data, before.version)


@pytest.mark.parametrize(
    ("trusted", "headers", "client"),
    [
        ([], {"x-forwarded-for": "198.51.100.9"}, "203.0.113.7"),
        (["203.0.113.0/24"], {"x-forwarded-for": "6.6.6.6, 198.51.100.9"}, "198.51.100.9"),
        (["203.0.113.0/24"], {"x-forwarded-for": "unknown"}, "203.0.113.7"),
    ],
)
def test_only_trusted_proxies_are_believed(store, settings, trusted, headers, client):
    settings.TRUSTED_PROXIES = trusted
    Client(REMOTE_ADDR="203.0.113.7").get("/write?cart=1", headers=headers)
    assert Session.objects.get().ip == client


@pytest.mark.parametrize(
    ("values", "client"),
    [
        ({}, "198.51.100.9"),
        ({"FORWARDED_HEADER": "X-Forwarded-For"}, "198.51.100.9"),
        ({"FORWARDED_HEADER": "Forwarded"}, "2001:db8::9"),
    ],
)
def test_one_forwarding_header_is_believed_the_one_that_the_proxies_write(store, settings, values, client):
    """A proxy hands on the other as the client made it up, alone or beside its own."""
    settings.TRUSTED_PROXIES = ["203.0.113.0/24"]
    for name, value in values.items():
        setattr(settings, name, value)
    written = {"x-forwarded-for": "6.6.6.6, 198.51.100.9", "forwarded": 'for=6.6.6.7, for="[2001:db8::9]:4711"'}
    other = "x-forwarded-for" if values.get("FORWARDED_HEADER") == "Forwarded" else "forwarded"
    Client(REMOTE_ADDR="203.0.113.7").get("/write?cart=1", headers=written)
    assert Session.objects.get().ip == client
    Session.objects.all().delete()
    Client(REMOTE_ADDR="203.0.113.7").get("/write?cart=1", headers={other: written[other]})
    assert Session.objects.get().ip == "203.0.113.7"


@pytest.mark.parametrize(
    ("trusted", "client"), [([], None), (["unix"], "198.51.100.9"), (" ::1, unix ", "198.51.100.9")]
)
def test_a_proxy_that_comes_by_a_unix_socket_is_believed_where_the_settings_say_so(store, settings, trusted, client):
    settings.TRUSTED_PROXIES = trusted
    Client(REMOTE_ADDR="").get("/write?cart=1", headers={"x-forwarded-for": "6.6.6.6, 198.51.100.9"})
    assert Session.objects.get().ip == client


def test_signing_in_names_the_owner_and_changes_the_key(browser, user):
    browser.get("/write?cart=1")
    before = browser.cookies["sessionid"].value
    browser.get(f"/in?name={user.get_username()}")
    assert browser.cookies["sessionid"].value != before
    assert browser.get("/who").content.decode() == user.get_username()
    row = Session.objects.get()
    assert (row.user, row.ip) == (user, "203.0.113.7")
    assert browser.get("/read").json()["cart"] == "1"


def test_a_tab_that_was_left_behind_by_a_new_key_keeps_the_cookie(browser, user):
    """Of several tabs' requests one changes the key: no answer to another may take the new cookie away."""
    browser.get(f"/in?name={user.get_username()}")
    tab = Client()
    tab.cookies["sessionid"] = browser.cookies["sessionid"].value
    with override_settings(SECRET_KEY="the next key of this site " * 2, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert "sessionid" in browser.get("/who").cookies
        late = tab.get("/who")
        assert (late.content, late.cookies) == (b"", {})
        assert browser.get("/who").content.decode() == user.get_username()


def test_signing_out_ends_the_session_and_its_cookie(browser, user):
    browser.get(f"/in?name={user.get_username()}")
    answer = browser.get("/out")
    assert answer.cookies["sessionid"]["max-age"] == 0
    assert not Session.objects.exists()


def test_a_broken_answer_saves_nothing(browser):
    browser.get("/write?cart=1")
    assert browser.get("/broken").status_code == 500
    assert browser.get("/read").json() == {"cart": "1"}


@with_async_sessions
def test_async_views_keep_owner_and_client(store, user):
    async def visit():
        browser, headers = AsyncClient(), {"user-agent": FIREFOX}
        await browser.get(f"/in-async?name={user.get_username()}", headers=headers)
        await browser.get("/write-async?cart=1", headers=headers)
        return (await browser.get("/who", headers=headers)).content.decode()

    assert async_to_sync(visit)() == user.get_username()
    row = Session.objects.get()
    assert (row.user, row.user_agent) == (user, FIREFOX)


def test_a_session_that_was_ended_meanwhile_interrupts(store, monkeypatch, rf):
    from innkeeper.middleware import SessionMiddleware

    browser = Client()
    browser.get("/write?cart=1")

    def view(request):
        request.session["cart"] = 2
        Session.objects.all().delete()
        from django.http import HttpResponse

        return HttpResponse()

    request = rf.get("/")
    request.COOKIES["sessionid"] = browser.cookies["sessionid"].value
    with pytest.raises(SessionInterrupted):
        SessionMiddleware(view)(request)


def test_a_dead_cookie_is_dropped_where_every_request_is_saved(store, settings):
    """Whether the view looks or not: Django answers 400 to each of its requests."""
    settings.SESSION_SAVE_EVERY_REQUEST = True
    for path in ("/nothing", "/read"):
        browser = Client()
        browser.cookies["sessionid"] = "d" * 32
        answer = browser.get(path)
        assert (answer.status_code, answer.cookies["sessionid"].value) == (200, "")
    assert not Session.objects.exists()


def test_an_answer_is_given_though_its_use_cannot_be_noted(browser, store, monkeypatch):
    """Not even where the connection is gone: InterfaceError is no DatabaseError."""
    browser.get("/write?cart=1")

    def touch(self):
        raise InterfaceError("connection already closed")

    monkeypatch.setattr(store, "touch", touch)
    assert browser.get("/read").json() == {"cart": "1"}


@pytest.fixture
def in_transactions(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)


def statements_about_sessions(visit):
    with CaptureQueriesContext(connection) as captured:
        visit()
    return [query["sql"] for query in captured if "FROM innkeeper_session " in query["sql"]]


def test_a_site_whose_views_run_in_transactions_reads_from_its_cache(store, in_transactions):
    if not store.cached:
        return
    browser = Client()
    key = browser.cookies["sessionid"] = new_session(store, cart="1").session_key
    engines.forget_engines()
    reads = [statements_about_sessions(lambda: browser.get("/read")) for _ in range(4)]
    assert list(map(len, reads)) == [1, 0, 0, 0]
    Session.objects.get(pk=key).delete()
    assert browser.get("/read").json() == {}


@pytest.mark.parametrize("key", ["d" * 32, None])
def test_what_is_opened_ahead_is_no_look(store, in_transactions, key):
    browser = Client()
    browser.cookies["sessionid"] = key or new_session(store, cart=1).session_key
    answer = browser.get("/nothing")
    assert not answer.cookies and "Vary" not in answer


@with_async_sessions
def test_an_async_view_is_handed_what_was_opened_ahead(store, in_transactions, monkeypatch):
    opened, open_ = [], store._open
    monkeypatch.setattr(store, "_open", lambda self: opened.append(self) or open_(self))
    key = new_session(store, cart="1").session_key

    async def visit():
        browser = AsyncClient()
        browser.cookies["sessionid"] = key
        return (await browser.get("/read-async")).content

    assert b"cart" in async_to_sync(visit)()
    assert len(opened) == 1


def test_client_hints_are_asked_for_where_wanted(store, settings):
    browser = Client()
    assert "Accept-CH" not in browser.get("/nothing")
    settings.SESSION_CLIENT_HINTS = True
    browser = Client()
    assert "Sec-CH-UA-Platform" in browser.get("/nothing")["Accept-CH"]
    browser.get("/write?cart=1", headers={"sec-ch-ua-platform": '"Windows"'})
    assert "Windows" in Session.objects.get().client_hints
