"""What only a database with several writers, or one beyond a network, can do to sessions."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from innkeeper import engines
from innkeeper.backends.db import SessionStore
from innkeeper.models import EndedSession, Session

from .conftest import new_session, on_a_server, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), on_a_server]

WAITING = {
    "postgresql": "SELECT count(*) FROM pg_locks WHERE NOT granted",
    "mysql": "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
}


def sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


class Meanwhile:
    """Another request, on a connection of its own; `started` when it waits for a row that this one has locked."""

    def __init__(self, work):
        self._work, self._result, self._error = work, None, None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        try:
            self._result = self._work()
        except Exception as error:
            self._error = error
        finally:
            connection.close()

    def wait_until_it_waits(self):
        deadline = time.monotonic() + 30
        while sql(WAITING[connection.vendor]) == [(0,)]:
            assert self._thread.is_alive() and time.monotonic() < deadline, "it never came to wait"

    def result(self):
        self._thread.join(30)
        if self._error:
            raise self._error
        return self._result


def lose_connection():
    if connection.vendor == "postgresql":
        sql("SELECT pg_terminate_backend(pg_backend_pid())")
    else:
        sql(f"KILL {connection.connection.thread_id()}")


def test_a_lost_connection_is_djangos_operational_error():
    session = new_session(SessionStore, cart=1)
    session["cart"] = 2
    with pytest.raises(OperationalError):
        lose_connection()
    with pytest.raises(OperationalError):
        session.save()
    connection.close()
    session.save()
    assert SessionStore(session.session_key)["cart"] == 2


def test_a_row_that_is_not_given_free_is_djangos_operational_error():
    session = new_session(SessionStore, cart=1)

    def save():
        limit = "lock_timeout = '100ms'" if connection.vendor == "postgresql" else "innodb_lock_wait_timeout = 1"
        sql(f"SET {limit}")
        late = SessionStore(session.session_key)
        late["cart"] = 2
        late.save()

    with transaction.atomic():
        Session.objects.select_for_update().get()
        with pytest.raises(OperationalError):
            Meanwhile(save).result()


def test_a_session_that_is_prolonged_while_it_is_purged_lives():
    session = new_session(SessionStore, cart=1)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    EndedSession._base_manager.all().delete()
    with transaction.atomic():
        Session.objects.update(expire_date=timezone.now() + timedelta(days=1))
        purge = Meanwhile(SessionStore.clear_expired)
        purge.wait_until_it_waits()
    purge.result()
    assert SessionStore(session.session_key)["cart"] == 1
    assert not EndedSession.objects.exists()


def test_a_key_that_is_changed_meanwhile_escapes_no_end(user):
    session = signed_in(SessionStore, user)
    with transaction.atomic():
        session.cycle_key()
        ending = Meanwhile(lambda: engines.site_engine().revoke_all(str(user.pk), []))
        ending.wait_until_it_waits()
    assert ending.result() == 1
    assert SessionStore(session.session_key).load() == {}


def test_two_saves_at_once_lose_nothing_where_the_first_is_not_committed_yet():
    key = new_session(SessionStore, cart=1).session_key
    first, second = SessionStore(key), SessionStore(key)
    first["colour"], second["size"] = "blue", 3
    with transaction.atomic():
        first.save()
        saving = Meanwhile(second.save)
        saving.wait_until_it_waits()
    saving.result()
    assert dict(SessionStore(key).items()) == {"cart": 1, "colour": "blue", "size": 3}


def test_a_truncate_is_in_the_feed():
    if connection.vendor != "postgresql":
        pytest.skip("MariaDB tells nobody of a TRUNCATE")
    new_session(SessionStore, cart=1)
    sql("TRUNCATE innkeeper_session")
    assert EndedSession.objects.get().reason == "removed"


def test_any_character_of_a_user_agent_is_kept():
    session = SessionStore(user_agent="Mozilla/5.0 \U0001f9ed ß 漢\x00\x07")
    session["name"] = "a\x00b \U0001f9ed"
    session.save()
    assert Session.objects.get().user_agent.startswith("Mozilla/5.0 \U0001f9ed ß 漢")
    assert SessionStore(session.session_key)["name"] == "a\x00b \U0001f9ed"


def test_a_users_key_is_of_the_type_of_its_table(user):
    signed_in(SessionStore, user)
    table, key = user._meta.db_table, user._meta.pk.column
    types = sql(
        "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = %s AND "
        "((table_name = %s AND column_name = %s) OR (table_name LIKE 'innkeeper%%' AND column_name = 'user_id'))",
        "public" if connection.vendor == "postgresql" else connection.settings_dict["NAME"],
        table,
        key,
    )
    assert len(types) == 1, types
