"""Under an ASGI server: the middleware's async path, async views, and many requests of one browser at once."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse, JsonResponse
from django.urls import path

from innkeeper.middleware import SessionMiddleware
from innkeeper.models import Session

from .conftest import FIREFOX, new_session, signed_in

# Each request has a thread, and so a connection, of its own for what is not async in it.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("for_threads")]


class Meeting:
    """Holds requests up until all have come."""

    def __init__(self, count):
        self._missing, self._all_there = count, asyncio.Event()

    async def wait(self):
        self._missing -= 1
        if self._missing == 0:
            self._all_there.set()
        await self._all_there.wait()


meeting = Meeting(1)


async def ask_session(request, name, *arguments):
    """The session's async method; before Django 5.1, which has them, the sync one in a thread."""
    method = getattr(request.session, f"a{name}", None)
    return await (method(*arguments) if method else sync_to_async(getattr(request.session, name))(*arguments))


async def put_together(request, name):
    """Every request has read the session before any of them saves it."""
    await ask_session(request, "get", "cart")
    await meeting.wait()
    await ask_session(request, "update", {name: 1})
    return HttpResponse()


def put(request, name):
    request.session[name] = 1
    return HttpResponse()


async def end_meanwhile(request):
    await ask_session(request, "update", {"late": 1})
    await Session.objects.all().adelete()
    return HttpResponse()


async def read(request):
    name = await sync_to_async(lambda: request.user.get_username())()
    return JsonResponse({"user": name, "members": sorted(dict(await ask_session(request, "items")))})


urlpatterns = [
    path("put-together/<name>", put_together),
    path("put/<name>", put),
    path("end-meanwhile", end_meanwhile),
    path("read", read),
]


@pytest.fixture
def ask(settings, store):
    """Asks the site as an ASGI server does: status, headers and body."""
    settings.ROOT_URLCONF = __name__
    application = ASGIHandler()

    async def ask(url, cookie):
        sent = {"host": "testserver", "user-agent": FIREFOX, "cookie": f"sessionid={cookie}"}
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": url,
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "client": ("203.0.113.9", 4711),
        }
        communicator = ApplicationCommunicator(application, scope)
        await communicator.send_input({"type": "http.request"})
        start = await communicator.receive_output(20)
        body = await communicator.receive_output(20)
        await communicator.wait(20)
        return start["status"], dict(start["headers"]), body["body"].decode()

    return ask


def test_the_middleware_is_async_under_asgi():
    async def view(request):
        return HttpResponse()

    assert iscoroutinefunction(SessionMiddleware(view)) and not iscoroutinefunction(SessionMiddleware(put))


def test_requests_at_once_lose_nothing(store, ask):
    key = new_session(store, cart=1).session_key

    async def all_at_once():
        global meeting
        meeting = Meeting(8)
        return await asyncio.gather(*(ask(f"/put-together/m{number}", key) for number in range(8)))

    assert [status for status, _, _ in async_to_sync(all_at_once)()] == [200] * 8
    assert dict(store(key).items()) == {"cart": 1, **{f"m{number}": 1 for number in range(8)}}


def test_async_and_sync_views_at_once_lose_nothing(store, ask):
    """A sync view runs in a thread, and its session with it."""
    key = new_session(store, cart=1).session_key

    async def all_at_once():
        global meeting
        meeting = Meeting(3)
        urls = [*(f"/put-together/a{number}" for number in range(3)), *(f"/put/s{number}" for number in range(3))]
        return await asyncio.gather(*(ask(url, key) for url in urls))

    assert [status for status, _, _ in async_to_sync(all_at_once)()] == [200] * 6
    assert set(store(key).keys()) == {"cart", "a0", "a1", "a2", "s0", "s1", "s2"}


def test_the_owner_is_known_and_the_client_noted(store, ask, user, settings):
    settings.SESSION_ACTIVITY_INTERVAL = 0
    key = signed_in(store, user, cart=1).session_key
    status, headers, body = async_to_sync(ask)("/read", key)
    assert status == 200 and f'"user": "{user.get_username()}"' in body
    assert b"Set-Cookie" not in headers
    row = Session.objects.get()
    assert (row.user, row.ip, row.user_agent) == (user, "203.0.113.9", FIREFOX)


def test_a_session_that_was_ended_meanwhile_is_a_400_and_stays_ended(store, ask):
    key = new_session(store, cart=1).session_key
    status, _, _ = async_to_sync(ask)("/end-meanwhile", key)
    assert status == 400
    assert not Session.objects.exists()
