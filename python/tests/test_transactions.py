"""The engine's statements run on Django's connection, inside whatever transaction is open there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone

from innkeeper.backends.cached_db import SessionStore as CachedStore
from innkeeper.backends.db import SessionStore
from innkeeper.models import Session

from .conftest import new_session, on_a_server


class InATestCase(TestCase):
    """Django wraps each test in a transaction that is rolled back."""

    def test_sessions_live_in_the_tests_transaction(self):
        for store in (SessionStore, CachedStore):
            key = new_session(store, cart=1).session_key
            session = store(key)
            session["cart"] = 2
            session.save()
            session.cycle_key()
            self.assertEqual(store(session.session_key)["cart"], 2)
            session.delete()
            with self.assertRaises(UpdateError):
                session.save()

    def test_nothing_of_the_other_test_is_left(self):
        self.assertFalse(Session.objects.exists())

    def test_statements_are_no_more_than_djangos(self):
        session = SessionStore()
        session["cart"] = 1
        with self.assertNumQueries(1):
            session.save()
        again = SessionStore(session.session_key)
        with self.assertNumQueries(1):
            again.load()
        again["cart"] = 2
        with self.assertNumQueries(1):
            again.save()


@contextmanager
def in_vain():
    """A block that is rolled back."""
    with pytest.raises(RuntimeError), transaction.atomic():
        yield
        raise RuntimeError


def change(session, **data):
    session.update(data)
    session.save()


@pytest.mark.django_db(transaction=True)
def test_the_use_of_a_session_tells_no_cache_of_a_save_that_was_rolled_back(store):
    key = new_session(store, credit=0).session_key
    Session.objects.update(last_activity=timezone.now() - timedelta(hours=1))
    session = store(key, ip="203.0.113.7")
    with in_vain():
        change(session, credit=100)
    assert session.touch()
    assert Session.objects.get().ip == "203.0.113.7"
    assert store(key)["credit"] == 0
    Session.objects.update(last_activity=timezone.now() - timedelta(hours=1))
    session = store(key, ip="203.0.113.8")
    with transaction.atomic():
        change(session, credit=1)
        with in_vain():
            change(session, credit=100)
        assert session.touch()
    assert Session.objects.get().ip == "203.0.113.8"
    assert store(key)["credit"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_save_after_a_rollback_loses_neither_its_own_change_nor_anothers(store):
    key = new_session(store, cart=1).session_key
    session = store(key)
    with in_vain():
        change(session, colour="blue")
    change(store(key), size=3)  # under the number of the version that was rolled back
    change(session, more=True)
    assert dict(store(key).items()) == {"cart": 1, "colour": "blue", "size": 3, "more": True}
    assert session["size"] == 3


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_that_is_rolled_back_takes_no_change_along(store):
    key = new_session(store, cart=1).session_key
    session = store(key)
    with transaction.atomic():
        change(session, cart=2)
        with in_vain():
            change(session, colour="blue")
        change(session, cart=1)
    assert dict(store(key).items()) == {"cart": 1, "colour": "blue"}


@pytest.mark.django_db(transaction=True)
def test_what_was_made_in_vain_is_made_anew(store):
    with in_vain():
        session = new_session(store, cart=1)
        lost = session.session_key
    change(session, size=3)
    assert session.session_key != lost
    assert dict(store(session.session_key).items()) == {"cart": 1, "size": 3}
    session.delete()
    with pytest.raises(UpdateError):
        session.save()


@pytest.mark.django_db(transaction=True)
def test_a_key_that_was_changed_in_vain_is_changed_again(store):
    session = new_session(store, cart=1)
    old = session.session_key
    with in_vain():
        session.cycle_key()
    change(session, signed_in=True)
    assert session.session_key != old
    assert store(old).load() == {}
    assert dict(store(session.session_key).items()) == {"cart": 1, "signed_in": True}


@pytest.mark.django_db(transaction=True)
def test_signing_out_ends_the_row_whose_key_was_changed_in_vain(store):
    session = new_session(store, cart=1)
    with in_vain():
        session.cycle_key()
    session.flush()
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_save_never_was(store):
    key = new_session(store, cart=1).session_key
    store(key).load()
    with pytest.raises(RuntimeError), transaction.atomic():
        session = store(key)
        session["cart"] = 2
        session.save()
        raise RuntimeError
    assert store(key)["cart"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_end_never_was(store):
    key = new_session(store, cart=1).session_key
    store(key).load()
    with pytest.raises(RuntimeError), transaction.atomic():
        store(key).delete()
        assert store(key).load() == {}
        raise RuntimeError
    assert store(key)["cart"] == 1


@pytest.mark.django_db(transaction=True)
def test_the_cache_learns_of_a_save_after_the_commit_alone(store):
    key = new_session(store, cart=1).session_key
    with transaction.atomic():
        session = store(key)
        session["cart"] = 2
        session.save()
        assert len(connection.run_on_commit) == 1
    assert store(key)["cart"] == 2


@pytest.mark.django_db(transaction=True)
def test_manual_transactions_are_left_to_their_owner(store):
    key = new_session(store, cart=1).session_key
    transaction.set_autocommit(False)
    try:
        session = store(key)
        session["cart"] = 2
        session.save()
        transaction.rollback()
    finally:
        transaction.set_autocommit(True)
    assert store(key)["cart"] == 1


def elsewhere(work):
    """What another request does meanwhile, on a connection of its own."""

    def run():
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


@pytest.fixture
def snapshot():
    """A block whose reads see the database as it was at its first one, where that can be and is waited with."""
    if connection.vendor == "mysql":
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    yield transaction.atomic
    connection.close()


@on_a_server
@pytest.mark.django_db(transaction=True)
def test_a_save_in_a_transaction_merges_what_another_saved_since_it_began(store, snapshot):
    key = new_session(store, cart=1).session_key
    session = store(key)
    assert session["cart"] == 1
    with snapshot():
        assert Session.objects.get().version == 1
        elsewhere(lambda: change(store(key), size=3))
        change(session, colour="blue")
        assert session["size"] == 3
    assert dict(store(key).items()) == {"cart": 1, "colour": "blue", "size": 3}


@on_a_server
@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_changed_in_a_transaction_takes_along_what_another_saved_since_it_began(store, snapshot):
    key = new_session(store, cart=1).session_key
    session = store(key)
    assert session["cart"] == 1
    with snapshot():
        assert Session.objects.get().version == 1
        elsewhere(lambda: change(store(key), size=3))
        session.cycle_key()
    assert dict(store(session.session_key).items()) == {"cart": 1, "size": 3}


@on_a_server
@pytest.mark.django_db(transaction=True)
def test_a_save_in_a_transaction_brings_back_nothing_that_ended_since_it_began(store, snapshot):
    key = new_session(store, cart=1).session_key
    session = store(key)
    assert session["cart"] == 1
    with snapshot():
        assert Session.objects.get().version == 1
        elsewhere(lambda: store(key).delete())
        with pytest.raises(UpdateError):
            change(session, colour="blue")
    assert not Session.objects.exists()


@on_a_server
@pytest.mark.django_db(transaction=True)
def test_a_use_in_a_transaction_tells_the_cache_of_no_payload_from_before_it(store, snapshot):
    key = new_session(store, cart=1).session_key
    Session.objects.update(last_activity=timezone.now() - timedelta(hours=1))
    with snapshot():
        session = store(key, ip="203.0.113.8")
        assert session["cart"] == 1
        elsewhere(lambda: change(store(key), cart=2))
        assert session.touch()
    assert Session.objects.get().ip == "203.0.113.8"
    assert store(key)["cart"] == 2
