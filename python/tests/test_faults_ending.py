"""Faults 1 and 5 to 9 of the packages that came before: what was ended, and was not; what was shown, and should not be.

They are numbered 1 to 22, here and in test_faults_rows.py and test_faults_upkeep.py; each test fails on the naive way.
"""

from __future__ import annotations

import pickle

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.cache import cache, caches
from django.test import Client
from django.utils import timezone

from innkeeper import _engine, engines
from innkeeper.backends import cached_db
from innkeeper.models import EndedSession, Session

from .conftest import new_session, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cached(settings):
    """A site that reads its sessions from a cache of Django's."""
    settings.SESSION_ENGINE = "innkeeper.backends.cached_db"
    cache.clear()
    engines.forget_engines()
    yield cached_db.SessionStore
    engines.forget_engines()


def warm(store, **data):
    """The key of a session that stands in the cache."""
    key = new_session(store, **data).session_key
    store.engine().follow_feed()
    store(key).load()
    return key


@pytest.mark.parametrize("how", ["the row", "a queryset", "the store"])
def test_fault_01_a_reader_in_between_does_not_bring_an_ended_session_back(store, settings, how):
    """The cache was emptied before the row went: a request in between filled it again, for the session's full age."""
    key = new_session(store, cart=1).session_key
    caches[settings.SESSION_CACHE_ALIAS].clear()
    stops = []

    def stop(place):
        if place == "load: the row is read, the cache not yet filled" and not stops:
            stops.append(place)
            if how == "the row":
                Session.objects.get().delete()
            elif how == "a queryset":
                Session.objects.all().delete()
            else:
                store(key).delete()

    store.engine().set_fault_point(stop)
    assert store(key).load() == {"cart": 1}, "it was alive when this request read it"
    assert store(key).load() == {}


@pytest.mark.parametrize("how", ["the user", "a queryset of users", "an earlier expiry"])
def test_fault_05_a_deleted_user_and_an_earlier_expiry_leave_no_cached_session(store, user, how):
    """Neither asked the session model, so nobody told the cache."""
    clock = _engine.ManualClock()
    engines._engines[True] = engines.make_engine(cached=True, clock=clock)
    key = signed_in(store, user).session_key
    store.engine().follow_feed()
    assert store(key).load()
    if how == "the user":
        user.delete()
    elif how == "a queryset of users":
        get_user_model().objects.filter(pk=user.pk).delete()
    else:
        Session.objects.update(expire_date=timezone.now())
    clock.advance(1)
    assert store(key).load() == {}


def test_fault_06_the_manager_does_not_empty_the_table():
    """`Session.objects.delete()` was there, and meant all of them."""
    assert not hasattr(Session.objects, "delete")
    assert not hasattr(Session.objects, "end")


class Flaky:
    """A cache whose server may be away."""

    def __init__(self):
        self.away = False

    def __getattr__(self, name):
        if self.away:
            raise ConnectionError("away")
        return getattr(caches["default"], name)


@pytest.fixture
def flaky(cached, monkeypatch):
    cache_server = Flaky()
    monkeypatch.setattr(engines, "caches", {"default": cache_server})
    engines.forget_engines()
    return cache_server


def test_fault_07_with_the_cache_down_what_is_ended_is_ended(cached, flaky):
    """Ending raised, and the row stayed."""
    key = warm(cached, cart=1)
    flaky.away = True
    Session.objects.get().delete()
    assert not Session.objects.exists()
    assert cached(key).load() == {}
    assert EndedSession.objects.get().reason == "revoked"


def test_fault_07_a_cache_that_comes_back_serves_nothing_old(cached, flaky):
    """What it held from before was served, however the row had changed meanwhile."""
    changed, ended = warm(cached, cart=1), warm(cached, cart=1)
    flaky.away = True
    session = cached(changed)
    session["cart"] = 2
    session.save()
    cached(ended).delete()
    flaky.away = False
    assert cached(changed)["cart"] == 2
    assert cached(ended).load() == {}


def test_fault_08_what_stands_in_the_cache_is_signed_and_no_pickle(cached):
    """An unsigned pickle: who writes to the cache is whom he likes, and runs what he likes."""
    key = warm(cached, cart="a thing in the cart")
    names = [name.split(":", 2)[2] for name in cache._cache]
    entries = {name: entry for name in names if isinstance(entry := cache.get(name), bytes)}
    assert entries and not any(key in name or key.encode() in entry for name, entry in entries.items())
    for name, entry in entries.items():
        with pytest.raises(Exception):  # noqa: B017  (whatever pickle says to what is none)
            pickle.loads(entry)
        cache.set(name, entry[:-1] + bytes([entry[-1] ^ 1]))
    assert cached(key)["cart"] == "a thing in the cart", "a forged entry is not believed: the row is read"
    for name in entries:
        cache.set(name, {"_auth_user_id": "1"})
    assert cached(key)["cart"] == "a thing in the cart"


def test_fault_09_no_key_in_urls_pages_and_logs(make_user):
    """The admin's addresses, pages and log named the key: who could read them could sign in as anybody."""
    boss = make_user()
    boss.is_staff = boss.is_superuser = True
    boss.save()
    desk = Client()
    desk.force_login(boss)
    guest = signed_in(cached_db.SessionStore, make_user())
    keys = (guest.session_key, desk.cookies["sessionid"].value)
    one = f"/admin/innkeeper/session/{guest.public_id}"
    shown = [desk.get(url) for url in ("/admin/innkeeper/session/", f"{one}/change/", f"{one}/delete/")]
    shown.append(desk.post(f"{one}/delete/", {"post": "yes"}, follow=True))
    shown.append(desk.get("/admin/innkeeper/endedsession/"))
    shown.append(desk.get("/admin/"))
    assert all(answer.status_code == 200 for answer in shown)
    logged = [f"{entry.object_id} {entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert len(logged) == 1
    for text in [*(answer.content.decode() for answer in shown), *logged]:
        assert not any(key in text for key in keys)


class Watched:
    """A cache that remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def __getattr__(self, name):
        found = getattr(caches["default"], name)

        def call(*arguments):
            self.asked.append(arguments[0])
            return found(*arguments)

        return call


@pytest.mark.parametrize("cookie", ["cached_db-other", "x:y:z", "../" * 12, "A" * 32, "a" * 33, "a" * 31 + "\n"])
def test_fault_22_what_is_no_key_reaches_neither_cache_nor_database(
    cached, monkeypatch, django_assert_num_queries, cookie
):
    """The cookie was joined to a prefix as it came: with the right letters it was another entry's name."""
    watched = Watched()
    monkeypatch.setattr(engines, "caches", {"default": watched})
    engines.forget_engines()
    key = warm(cached, cart=1)
    assert any(_engine.public_id(key) in name for name in watched.asked)
    watched.asked.clear()
    with django_assert_num_queries(0):
        assert cached(cookie).load() == {}
    assert not any(cookie in name for name in watched.asked)
