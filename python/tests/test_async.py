"""The async methods keep every promise of the sync ones. Django's SessionBase has them since 5.1."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.backends.base import SessionBase, UpdateError

from innkeeper.models import Session

from .conftest import new_session, with_async_sessions

pytestmark = [
    pytest.mark.django_db(transaction=True),
    with_async_sessions,
]

# A call of each that needs no database of its own; what the store's own do is told in the tests below.
CALLS = (
    ("aset", "size", 3),
    ("aget", "size"),
    ("aget", "none", "default"),
    ("asetdefault", "colour", "blue"),
    ("aupdate", {"more": 1}),
    ("ahas_key", "more"),
    ("apop", "more"),
    ("aset_test_cookie",),
    ("atest_cookie_worked",),
    ("adelete_test_cookie",),
    ("aset_expiry", 3600),
    ("aget_expiry_age",),
    ("aget_expire_at_browser_close",),
    ("akeys",),
    ("avalues",),
    ("aitems",),
)
TOLD_BELOW = {"aload", "asave", "acreate", "adelete", "aexists", "aflush", "acycle_key", "aclear_expired"}
# The dates move on between two calls.
MOVING = {"aget_expiry_date"}


def test_every_async_method_of_this_django_is_called_here():
    names = {name for name in dir(SessionBase) if inspect.iscoroutinefunction(getattr(SessionBase, name))}
    names = {name for name in names if not name.startswith("_")}
    assert names <= {name for name, *_ in CALLS} | TOLD_BELOW | MOVING


def test_every_async_method_answers_as_the_sync_one(store):
    key = new_session(store, cart=1).session_key
    waiting, plain = store(key), store(key)

    async def call():
        return [await getattr(waiting, name)(*arguments) for name, *arguments in CALLS]

    def sync(name):
        return {"aset": "__setitem__"}.get(name, name[1:])

    answers = [getattr(plain, sync(name))(*arguments) for name, *arguments in CALLS]
    assert list(map(str, async_to_sync(call)())) == list(map(str, answers))
    assert dict(waiting.items()) == dict(plain.items())
    assert abs(async_to_sync(waiting.aget_expiry_date)() - plain.get_expiry_date()) < timedelta(seconds=5)


def test_acreate_aload_and_adelete_are_create_load_and_delete(store):
    async def live():
        session = store()
        await session.acreate()
        await session.aset("cart", 1)
        await session.asave()
        assert await store(session.session_key).aload() == {"cart": 1}
        await session.adelete()
        assert await store(session.session_key).aload() == {}

    async_to_sync(live)()


def test_async_methods_create_merge_cycle_and_end(store):
    async def live():
        first = store()
        await first.aupdate({"cart": 1})
        await first.asave()
        second = store(first.session_key)
        await second.aset("size", 3)
        await first.aset("colour", "blue")
        await first.asave()
        await second.asave()
        assert dict(await second.aitems()) == {"cart": 1, "size": 3, "colour": "blue"}
        old = second.session_key
        await second.acycle_key()
        assert not await second.aexists(old)
        assert await second.aexists(second.session_key)
        late = store(second.session_key)
        await late.aitems()
        await second.aflush()
        await late.aset("cart", 2)
        with pytest.raises(UpdateError):
            await late.asave()
        await store.aclear_expired()

    async_to_sync(live)()
    assert not Session.objects.exists()
