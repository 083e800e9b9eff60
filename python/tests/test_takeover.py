"""A site that comes from another package: nobody is signed out."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import SESSION_KEY
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from innkeeper import _engine, takeover
from innkeeper.models import Session

from .conftest import CHROME, FIREFOX
from .old_tables import KEY, NG_SALT, migrate, of, put, who

pytestmark = pytest.mark.django_db(transaction=True)


def test_contrib_sessions_stay_signed_in(user, make_table):
    make_table("django_session")
    put("django_session", data=of(user, cart=1))
    assert migrate("django.contrib.sessions").startswith("Taken over: 1 sessions")
    assert who() == user.get_username()
    row = Session.objects.get()
    assert (row.user, row.pk) == (user, _engine.public_id(KEY))


def test_qsessions_keep_address_and_browser_from_the_payload(user, make_table):
    make_table("qsessions_session", "user_id text", "ip inet", "user_agent varchar(300)", "created_at datetime")
    started = timezone.now() - timedelta(days=3)
    put(
        "qsessions_session",
        data=of(user, _qsessions_ip="198.51.100.1", _qsessions_user_agent=CHROME),
        ip="198.51.100.1",
        user_agent=CHROME,
        created_at=connection.ops.adapt_datetimefield_value(started),
    )
    migrate("qsessions")
    row = Session.objects.get()
    assert (row.ip, row.user_agent, row.user, row.created_at) == ("198.51.100.1", CHROME, user, started)
    assert not any(name.startswith("_qsessions") for name in row.get_decoded())
    assert who() == user.get_username()


def test_a_payload_with_an_owner_that_no_user_can_be_is_listed_and_the_rest_taken(user, make_table):
    make_table("django_session")
    put("django_session", data=of(user))
    put("django_session", "z" * 32, data={SESSION_KEY: str(10**30)})
    assert "1 could not be read" in migrate("django.contrib.sessions")
    assert who() == user.get_username()


def test_the_packages_own_table_is_nobodys_to_take_over():
    with pytest.raises(CommandError, match="own"):
        migrate("innkeeper_session")


def test_ngs_payloads_are_signed_anew(user, make_table):
    table = "django_user_sessions_ng_user_sessions"
    make_table(table, "user_id text")
    put(table, data=of(user, _django_user_sessions_ng_session_ip="198.51.100.2"), salt=NG_SALT)
    migrate("django_user_sessions_ng")
    assert Session.objects.get().ip == "198.51.100.2"
    assert who() == user.get_username()


def test_jazzbands_last_activity_stays(make_table):
    make_table("user_sessions_session", "user_agent varchar(200)", "ip text", "last_activity datetime")
    used = timezone.now() - timedelta(hours=5)
    adapted = connection.ops.adapt_datetimefield_value(used)
    put("user_sessions_session", data={"cart": 1}, user_agent=FIREFOX, ip="1.2.3.4:5678", last_activity=adapted)
    migrate("user_sessions")
    row = Session.objects.get()
    assert (row.last_activity, row.user_agent, row.ip, row.user) == (used, FIREFOX, None, None)


@pytest.fixture
def times_of(monkeypatch):
    """Makes a zone the one of the times that Django keeps in the database."""

    def make(zone):
        if not django_settings.USE_TZ or connection.features.supports_timezones:
            pytest.skip("its times have zones, or are those of TIME_ZONE")
        monkeypatch.setitem(connection.settings_dict, "TIME_ZONE", zone)
        forget()

    def forget():
        for name in ("timezone", "timezone_name"):
            vars(connections["default"]).pop(name, None)

    yield make
    monkeypatch.undo()
    forget()


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tehran"])
def test_times_are_those_of_the_databases_zone(user, make_table, times_of, zone):
    times_of(zone)
    make_table("django_user_sessions_ng_user_sessions", "created_at datetime", "updated_at datetime")
    started = timezone.now() - timedelta(hours=1)
    at = connection.ops.adapt_datetimefield_value(started)
    table = "django_user_sessions_ng_user_sessions"
    put(table, data=of(user), lifetime=timedelta(hours=2), created_at=at, updated_at=at)
    put(table, "e" * 32, data=of(user), lifetime=timedelta(hours=-2), created_at=at, updated_at=at)
    assert migrate("django_user_sessions_ng").startswith("Taken over: 1 sessions; 0 were there already, 1 have expired")
    row = Session.objects.get()
    assert (row.created_at, row.updated_at) == (started, started)
    assert timedelta(hours=1) < row.expire_date - timezone.now() <= timedelta(hours=2)
    assert (who(), who("e" * 32)) == (user.get_username(), "")


@pytest.mark.skipif(django_settings.USE_TZ, reason="is about local times")
def test_times_without_zones_are_local(user, make_table):
    make_table("django_session")
    put("django_session", data=of(user), lifetime=timedelta(hours=2))
    put("django_session", "e" * 32, data=of(user), lifetime=timedelta(hours=-2))
    assert "Taken over: 1 sessions; 0 were there already, 1 have expired" in migrate("django_session")
    assert timedelta(hours=1) < Session.objects.get().expire_date - timezone.now() <= timedelta(hours=2)
    assert (who(), who("e" * 32)) == (user.get_username(), "")


def test_what_cannot_be_read_is_counted_and_listed_without_its_key(user, make_table):
    make_table("django_session")
    put("django_session", data={"fine": 1})
    put("django_session", "a" * 32, data={"foreign": 1}, salt="another salt")
    put("django_session", "not-the-form-of-a-key", data={"odd": 1})
    put("django_session", "b" * 32, data={SESSION_KEY: "12345678-1234-5678-1234-567812345678"})
    put("django_session", "c" * 32, data={"old": 1}, lifetime=timedelta(days=-1))
    said = migrate("django_session")
    assert "1 sessions; 0 were there already, 1 have expired" in said
    assert "3 could not be read" in said
    assert "a" * 32 not in said and _engine.public_id("a" * 32) in said
    assert "not-the-form" not in said


def test_all_that_cannot_be_read_is_listed_where_asked_for(make_table):
    make_table("django_session")
    keys = [f"{number:032}" for number in range(25)]
    for key in keys:
        put("django_session", key, data={}, salt="another salt")
    assert "… and 5 more" in migrate("django_session")
    said = migrate("django_session", verbosity=2)
    assert "more" not in said and all(_engine.public_id(key) in said for key in keys)


def test_it_may_be_run_again_and_tried_first(make_table):
    make_table("django_session")
    for number in range(7):
        put("django_session", f"{number}" * 32, data={"number": number})
    assert "To be taken over: 7" in migrate("django_session", dry_run=True, batch_size=3)
    assert not Session.objects.exists()
    assert "Taken over: 7" in migrate("django_session", batch_size=3)
    assert "Taken over: 0 sessions; 7 were there already" in migrate("django_session", batch_size=3)


def test_one_that_was_stopped_goes_on_where_it_was(make_table, monkeypatch):
    make_table("django_session")
    for number in range(6):
        put("django_session", f"{number}" * 32, data={"number": number})
    store = takeover.Migrator._store

    def stopped(self, sessions, report):
        if report.taken >= 4:
            raise KeyboardInterrupt
        store(self, sessions, report)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(takeover.Migrator, "_store", stopped)
        migrate("django_session", batch_size=2)
    assert Session.objects.count() == 4, "what was done is done"
    assert "Taken over: 2 sessions; 4 were there already" in migrate("django_session", batch_size=2)


def test_how_far_it_is_shows_on_a_terminal_alone(make_table):
    make_table("django_session")
    for number in range(4):
        put("django_session", f"{number}" * 32, data={"number": number})
    assert "rows" not in migrate("django_session", dry_run=True)

    class Terminal(StringIO):
        def isatty(self):
            return True

    out = Terminal()
    call_command("migratesessions", "--from", "django_session", stdout=out, batch_size=2)
    assert out.getvalue().startswith(f"\r[{'#' * 15}{'.' * 15}]  50% 2 of 4 rows\r[{'#' * 30}] 100% 4 of 4 rows\nTaken")


def test_a_wrong_name_is_named():
    with pytest.raises(CommandError, match="no table qsessions_session"):
        migrate("qsessions")


def test_a_table_without_sessions_is_told_by_what_it_lacks(make_table):
    with pytest.raises(CommandError, match="auth_group has no column session_key, session_data, expire_date: it keeps"):
        migrate("auth_group")
    make_table("carts")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE carts DROP COLUMN expire_date")
    with pytest.raises(CommandError, match=r"carts has no column expire_date: .* Is --from carts right\?"):
        migrate("carts")
