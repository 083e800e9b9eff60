"""A site that reads from one connection and writes to another, as its router says."""

from __future__ import annotations

import pytest
from django.db import connection, connections
from django.db.models.signals import pre_delete

from innkeeper.backends.db import SessionStore
from innkeeper.models import EndedSession, Session

from .conftest import new_session, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("for_threads")]

READ_ONLY = {
    "sqlite": "PRAGMA query_only = ON",
    "postgresql": "SET default_transaction_read_only = on",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
}
SNAPSHOT = {
    "sqlite": ["BEGIN"],
    "postgresql": ["BEGIN ISOLATION LEVEL REPEATABLE READ"],
    "mysql": ["SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION"],
}


class ReadsFromTheReplica:
    def db_for_read(self, model, **hints):
        return "replica"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, first, second, **hints):
        return True


@pytest.fixture
def replica(settings):
    """A second connection to the test's database, on which nothing can be written."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")  # a reader's snapshot holds up no writer
    connections.settings["replica"] = connection.settings_dict
    connections["replica"] = connection.copy()
    with connections["replica"].cursor() as cursor:
        cursor.execute(READ_ONLY[connection.vendor])
    settings.DATABASE_ROUTERS = [ReadsFromTheReplica()]
    yield connections["replica"]
    settings.DATABASE_ROUTERS = []
    del connections.settings["replica"]
    connections["replica"].close()
    del connections["replica"]


def alive():
    return Session.objects.using("default").count()


def test_the_sessions_that_the_replica_shows_end_at_the_writer(replica, user):
    for number in range(3):
        signed_in(SessionStore, user, number=number)
    new_session(SessionStore, cart=1)
    assert user.session_set.all().delete()[0] == 3
    assert Session.objects.all().end(actor="user 7") == (1, {"innkeeper.Session": 1})
    assert alive() == 0
    history = EndedSession.objects.using("default")
    assert sorted(history.values_list("reason", "actor")) == [("revoked", "")] * 3 + [("revoked", "user 7")]


def test_one_row_of_the_replicas_ends_at_the_writer(replica):
    new_session(SessionStore, cart=1)
    row = Session.objects.get()
    assert row._state.db == "replica"
    together = []

    def note(**_):
        together.append(connections["default"].in_atomic_block)

    pre_delete.connect(note, sender=Session)
    try:
        row.end("user 7")
    finally:
        pre_delete.disconnect(note, sender=Session)
    assert together == [True], "the end and what the history says of it are one transaction"
    assert alive() == 0
    assert EndedSession.objects.using("default").get().actor == "user 7"


def test_a_change_goes_to_the_writer(replica):
    new_session(SessionStore, cart=1)
    assert Session.objects.update(user_agent="another") == 1
    assert Session.objects.using("default").get().user_agent == "another"


def test_many_end_though_the_replica_lags(replica, monkeypatch):
    """It shows what it showed when its transaction began, as one does that is behind."""
    monkeypatch.setattr("innkeeper.models._BATCH", 2)
    for number in range(5):
        new_session(SessionStore, number=number)
    with replica.cursor() as cursor:
        for statement in SNAPSHOT[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM innkeeper_session")
        assert cursor.fetchone() == (5,)
        assert Session.objects.all().delete() == (5, {"innkeeper.Session": 5})
        assert Session.objects.count() == 5 and alive() == 0
        cursor.execute("ROLLBACK")
