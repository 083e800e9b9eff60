"""The cost does not grow with the table: a server finds by an index what the engine and the lists ask for."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from innkeeper.backends.cached_db import SessionStore
from innkeeper.models import Session

from .conftest import new_session, on_a_server, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), on_a_server]

ROWS = 20_000
NUMBERS = {
    "postgresql": f"FROM generate_series(1, {ROWS}) AS number (seq)",
    "mysql": f"FROM (SELECT CAST(seq AS SIGNED) AS seq FROM seq_1_to_{ROWS}) AS number",
}
LATER = {
    "postgresql": "now() + {} * interval '1 minute'",
    "mysql": "UTC_TIMESTAMP(6) + INTERVAL {} MINUTE",
}


@pytest.fixture
def sql():
    """Runs a statement; gives its rows as text."""

    def run(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return [" ".join(map(str, row)) for row in cursor.fetchall()] if cursor.description else []

    return run


@pytest.fixture
def many(sql, make_user):
    """Sessions of many users, one in a hundred of them expired."""
    users = get_user_model()
    users.objects.bulk_create([users(**{users.USERNAME_FIELD: f"many{number}"}) for number in range(100)])
    first = users.objects.order_by("pk").first().pk
    later = LATER[connection.vendor]
    sql(
        "INSERT INTO innkeeper_session (session_key, session_data, expire_date, user_id, ip, user_agent, client_hints, "
        "created_at, updated_at, last_activity, version) SELECT concat('aaaaaaaaaa', lpad(concat('', seq), 30, '0')), "
        f"'payload', {later.format('(seq - 200)')}, {first} + mod(seq, 100), '192.0.2.1', '', '', {later.format('0')}, "
        f"{later.format('0')}, {later.format('(0 - seq)')}, 1 {NUMBERS[connection.vendor]}"
    )
    sql(
        "INSERT INTO innkeeper_ended (session_key, user_id, user_agent, ended_at, reason, actor) SELECT "
        f"concat('bbbbbbbbbb', lpad(concat('', seq), 30, '0')), NULL, '', {later.format('(0 - seq)')}, 'removed', '' "
        f"{NUMBERS[connection.vendor]}"
    )
    if connection.vendor == "postgresql":
        sql("SET random_page_cost = 1.1")  # as on a solid state disk; else so small a table is read whole for 500 rows
    sql("ANALYZE" if connection.vendor == "postgresql" else "ANALYZE TABLE innkeeper_session, innkeeper_ended")
    return users.objects.order_by("pk").first()


def whole_tables_read(plan):
    if connection.vendor == "postgresql":
        return [line for line in plan if "Seq Scan on innkeeper_" in line]
    # id, kind, table, how it is read (ALL: its rows; index: an index in its order), keys, …, how many rows (9th)
    rows = [line.split() for line in plan]
    rows = [row for row in rows if row[1] != "INSERT" and row[2].startswith("innkeeper_")]
    return [row for row in rows if row[3] in ("ALL", "index") and int(row[8]) > ROWS / 10]


@pytest.mark.skipif(
    get_user_model()._meta.pk.get_internal_type() not in ("AutoField", "BigAutoField"), reason="the users are numbered"
)
def test_no_statement_reads_a_whole_table(sql, many, settings):
    settings.SESSION_ACTIVITY_INTERVAL = 0
    mine = signed_in(SessionStore, many)
    session = new_session(SessionStore, cart=1)
    request = RequestFactory().get("/")
    request.user, request.session = many, mine
    guest = Client()
    guest.force_login(many)
    with CaptureQueriesContext(connection) as captured:
        again = SessionStore(session.session_key)
        again["cart"] = 2
        again.save()
        again.touch()
        SessionStore.engine().follow_feed()
        list(Session.objects.select_related("user").defer("session_data").order_by("-last_activity", "-pk")[:100])
        list(many.session_set.active())
        pages = [guest.get("/account/sessions/")]
        pages.append(guest.get("/account/sessions/", {"page": pages[0].context["next"]}))
        again.cycle_key()
        again.delete()
        Session.objects.end_others(request)
        SessionStore.clear_expired()
    asked = [query["sql"] for query in captured if "innkeeper_" in query["sql"]]
    assert len(asked) > 20 and pages[1].context["next"]
    for statement in asked:
        assert not whole_tables_read(sql(f"EXPLAIN {statement}")), statement
