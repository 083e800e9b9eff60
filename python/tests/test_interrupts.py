"""Ctrl-C, and a worker that is told to go, end the request: they are no failure of what was under way."""

from __future__ import annotations

import contextlib
import logging

import pytest
from django.core.cache import caches

from innkeeper import host
from innkeeper.backends import cached_db, db
from innkeeper.models import Session
from innkeeper.signals import session_started

from .conftest import new_session

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit]),
]


def stopped(stop):
    def stopped(*_, **__):
        raise stop

    return stopped


@pytest.mark.parametrize("store", ["cached_db on locmem"], indirect=True)
@pytest.mark.parametrize("method", ["get", "add"])
def test_in_the_cache(store, stop, method, monkeypatch):
    key = new_session(store, cart=1).session_key
    monkeypatch.setattr(type(caches["default"]), method, stopped(stop))
    with pytest.raises(stop):
        store(key).load()


def test_in_the_database(stop, monkeypatch):
    key = new_session(db.SessionStore, cart=1).session_key
    monkeypatch.setattr(host.Connection, "query", stopped(stop))
    with pytest.raises(stop):
        db.SessionStore(key).load()


@pytest.mark.parametrize("store", ["cached_db on lmdb"], indirect=True)
def test_in_the_database_on_behalf_of_the_cache(store, stop, monkeypatch):
    """The feed's failures are nobody's business but the next reader's; this is none."""
    engine = store.engine()
    monkeypatch.setattr(host.Connection, "query", stopped(stop))
    with pytest.raises(stop):
        engine.follow_feed()


def come_to():
    """What could not be thrown where it happened is raised at the thread's next step in Python."""
    for _ in range(1000):
        str(_)


def test_in_a_receiver(stop):
    receiver = stopped(stop)
    session_started.connect(receiver, sender=Session)
    try:
        with pytest.raises(stop):
            new_session(db.SessionStore, cart=1)
            come_to()
    finally:
        session_started.disconnect(receiver, sender=Session)
    assert Session.objects.count() == 1, "what was done is done"


def test_in_a_logger(stop):
    key = new_session(db.SessionStore, cart=1).session_key
    Session.objects.update(session_data="forged")
    logger, noticed = logging.getLogger("innkeeper.security"), stopped(stop)
    logger.addFilter(noticed)
    try:
        with pytest.raises(stop):
            db.SessionStore(key).load()
            come_to()
    finally:
        logger.removeFilter(noticed)


def test_in_a_rollback(stop, monkeypatch):
    key = new_session(cached_db.SessionStore, cart=1).session_key
    session = db.SessionStore(key)
    session.load()
    execute = host.Connection.execute

    def fail(self, sql, parameters):
        if sql.startswith("INSERT"):
            raise RuntimeError("no room")
        return execute(self, sql, parameters)

    rollback = host.Connection.rollback

    def rolled_back(self):
        rollback(self)
        raise stop

    monkeypatch.setattr(host.Connection, "execute", fail)
    monkeypatch.setattr(host.Connection, "rollback", rolled_back)
    with pytest.raises(stop):
        with contextlib.suppress(RuntimeError):
            session.cycle_key()
        come_to()
