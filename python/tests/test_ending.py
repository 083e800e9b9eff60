"""Ended is ended, whoever ended it: at once where Django's models did, within a second otherwise."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from innkeeper import engines, models
from innkeeper.backends import cached_db
from innkeeper.models import EndedSession, Session

from .conftest import FIREFOX, new_session, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock(store):
    """Time passes when it is told to, for the engine with the cache."""
    from innkeeper import _engine

    clock = _engine.ManualClock()
    engines._engines[True] = engines.make_engine(cached=True, clock=clock)
    return clock


def warm(store, **data):
    """A session that was read, and so stands in the cache."""
    key = new_session(store, **data).session_key
    cached_db.SessionStore.engine().follow_feed()
    store(key).load()
    return key


def test_a_cache_that_cannot_be_used_is_gone_on_without(settings, tmp_path, caplog):
    """As in the C++ program: the database has every session, and the log says what there is to do."""
    (tmp_path / "cache").write_text("no folder")
    settings.INNKEEPER_CACHE = tmp_path / "cache"
    engines.forget_engines()
    key = new_session(cached_db.SessionStore, cart=1).session_key
    assert cached_db.SessionStore(key)["cart"] == 1
    cached_db.SessionStore(key).delete()
    assert cached_db.SessionStore(key).load() == {}
    (said,) = [record.getMessage() for record in caplog.records if record.name == "innkeeper"]
    assert said.startswith("no cache, every request asks the database: lmdb cache: cannot open")
    engines.forget_engines()


def test_deleting_a_row_ends_the_session_at_once(store):
    key = warm(store, cart=1)
    Session.objects.get().delete()
    assert store(key).load() == {}
    assert EndedSession.objects.get().reason == "revoked"


def test_a_queryset_ends_what_it_deletes_and_nothing_else(store, make_user):
    ada, bob = make_user(), make_user()
    first, second = signed_in(store, ada).session_key, signed_in(store, bob).session_key
    assert store(first).load() and store(second).load()
    count, by_model = ada.session_set.all().delete()
    assert (count, by_model) == (1, {"innkeeper.Session": 1})
    assert store(first).load() == {}
    assert store(second).load()


def test_an_update_of_the_expiry_ends_at_once(store):
    key = warm(store, cart=1)
    assert Session.objects.update(expire_date=timezone.now()) == 1
    assert store(key).load() == {}
    assert EndedSession.objects.get().reason == "shortened"


@pytest.mark.parametrize(
    "moved", [{"expire_date": timedelta(0)}, {"last_activity": timedelta(hours=2)}, {"created_at": timedelta(days=31)}]
)
def test_a_sites_test_moves_the_session_and_not_the_clock(store, settings, user, moved):
    settings.SESSION_IDLE_TIMEOUT, settings.SESSION_ABSOLUTE_TIMEOUT = 3600, 30 * 86400
    browser = Client()
    browser.force_login(user)
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=365)):
        assert browser.get("/who").content.decode() == user.get_username(), "the engine asks the system's clock"
    Session.objects.update(**{column: timezone.now() - age for column, age in moved.items()})
    assert browser.get("/who").content.decode() == ""


def test_an_update_of_anything_is_seen_at_once(store):
    key = warm(store, cart=1)
    Session.objects.update(session_data=store().encode({"cart": 2}))
    assert store(key)["cart"] == 2


def test_an_update_of_many_holds_the_ids_of_few(store, monkeypatch):
    """Also where it changes what it was filtered by."""
    keys = [warm(store, cart=1) for _ in range(5)]
    monkeypatch.setattr(models, "_BATCH", 2)
    with CaptureQueriesContext(connection) as queries:
        assert Session.objects.filter(user_agent=FIREFOX).update(user_agent="changed", expire_date=timezone.now()) == 5
    changes = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert len(changes) == 3
    assert not any(store(key).load() for key in keys)


def test_an_update_of_the_payload_is_merged_with_a_late_save(store):
    key = warm(store, cart=1)
    late = store(key)
    late["size"] = 3
    Session.objects.update(session_data=store().encode({"cart": 2}))
    late.save()
    assert dict(store(key).items()) == {"cart": 2, "size": 3}


@pytest.fixture(params=["bulk_create", "abulk_create"])
def upsert(request):
    """Makes or changes rows by Django's update_conflicts."""

    def do(*rows, **options):
        if connection.vendor != "mysql":  # which takes any key that is unique
            options["unique_fields"] = ["session_key"]
        method = getattr(Session.objects.all(), request.param)
        method = async_to_sync(method) if request.param.startswith("a") else method
        return method(rows, update_conflicts=True, **options)

    return do


def test_an_upsert_of_the_payload_is_seen_at_once_and_merged_with_a_late_save(store, upsert):
    key = warm(store, cart=1)
    late = store(key)
    late["size"] = 3
    row, new = Session.objects.get(), Session(session_key="e" * 40, expire_date=timezone.now())
    row.session_data = new.session_data = store().encode({"cart": 2})
    assert upsert(row, new, update_fields=["session_data"]) == [row, new]
    assert Session.objects.count() == 2
    assert store(key)["cart"] == 2
    late.save()
    assert dict(store(key).items()) == {"cart": 2, "size": 3}


def test_an_upsert_of_anything_else_is_seen_at_once(store, upsert):
    key = warm(store, cart=1)
    row = Session.objects.get()
    row.expire_date = timezone.now()
    upsert(row, update_fields=["expire_date"])
    assert store(key).load() == {}
    assert Session.objects.get().version == row.version, "the payload is the same"


def test_an_upsert_that_is_rolled_back_leaves_all_as_it_was(store, upsert):
    key = warm(store, cart=1)
    row = Session.objects.get()
    row.session_data = store().encode({"cart": 2})
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        upsert(row, update_fields=["session_data"])
        raise ZeroDivisionError
    assert store(key)["cart"] == 1
    assert Session.objects.get().version == row.version


def test_saving_a_model_is_seen_at_once(store):
    key = warm(store, cart=1)
    row = Session.objects.get()
    row.expire_date = timezone.now()
    row.save()
    assert store(key).load() == {}


def test_an_operators_sql_ends_within_a_second(store, clock):
    key = warm(store, cart=1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM innkeeper_session")
    clock.advance(1)
    assert store(key).load() == {}
    assert EndedSession.objects.get().reason == "removed"


def test_end_others_keeps_the_one_at_hand(store, make_user):
    ada, bob = make_user(), make_user()
    mine, other, bobs = (signed_in(store, user) for user in (ada, ada, bob))
    request = RequestFactory().get("/")
    request.user, request.session = ada, mine
    assert Session.objects.end_others(request) == 1
    assert store(mine.session_key).load()
    assert store(bobs.session_key).load()
    assert store(other.session_key).load() == {}
    ended = EndedSession.objects.get()
    assert (ended.reason, ended.actor) == ("revoked", f"user {ada.pk}")
