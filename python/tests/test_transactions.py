"""The engine's statements run on Django's connection, inside whatever transaction is open there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone

from innkeeper.backends.cached_db import SessionStore as CachedStore
from innkeeper.backends.db import SessionStore
from innkeeper.models import Session

from .conftest import new_session


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


@pytest.mark.django_db(transaction=True)
def test_the_use_of_a_session_tells_no_cache_of_a_save_that_was_rolled_back(store):
    key = new_session(store, credit=0).session_key
    Session.objects.update(last_activity=timezone.now() - timedelta(hours=1))
    session = store(key, ip="203.0.113.7")
    with pytest.raises(RuntimeError), transaction.atomic():
        session["credit"] = 100
        session.save()
        raise RuntimeError
    assert not store.cached or not session.touch()
    assert store(key)["credit"] == 0
    with transaction.atomic():
        session["other"] = 1
        session.save()
        assert not store.cached or not session.touch()
    assert session.touch() or not store.cached


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
        # The announcement; and the store, which tells of no use before.
        assert len(connection.run_on_commit) == (2 if store.cached else 0)
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
