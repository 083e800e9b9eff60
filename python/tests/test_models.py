"""Rows as people use them."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from innkeeper import _engine, conf
from innkeeper.backends.db import SessionStore
from innkeeper.host import Database
from innkeeper.models import Session

from .conftest import CHROME, FIREFOX, in_a_process_of_its_own, new_session, on_sqlite, signed_in

pytestmark = pytest.mark.django_db


def test_the_device_is_told_as_the_seeds_tell_it():
    session = Session(user_agent=CHROME)
    assert session.device == "K / Android 10 / Chrome Mobile 118.0.0.0"
    assert repr(session.device_info.device) == "Device(family='K', brand='Generic_Android', model='K')"
    assert repr(session.device_info.os) == "OS(family='Android', major='10', minor=None, patch=None, patch_minor=None)"
    browser = "UserAgent(family='Chrome Mobile', major='118', minor='0', patch='0', patch_minor='0')"
    assert repr(session.device_info.user_agent) == browser
    assert session.device_info.kind == "phone"
    assert Session().device is None and Session().device_info is None


def test_the_place_is_told_as_the_seeds_tell_it(settings):
    from .test_store import DATA

    files = sorted((DATA / "location").glob("city.mmdb"))
    settings.GEOIP_PATH = files[0]
    assert Session(ip="127.0.0.1").location == ""
    assert Session(ip="127.0.0.1").location_info is None
    found = Session(ip="89.160.20.112")
    if found.location_info:
        assert found.location_data is found.location_info
        assert found.location.endswith(found.location_info["country_name"])


def test_managers_have_what_people_write_by_hand(user):
    alive = signed_in(SessionStore, user)
    over = SessionStore()
    over.set_expiry(-1)
    over.save()
    assert [row.pk for row in Session.objects.active()] == [alive.public_id]
    assert [row.pk for row in Session.objects.expired()] == [over.public_id]
    assert [row.pk for row in Session.objects.for_user(user)] == [alive.public_id]
    assert [row.pk for row in user.session_set.filter(expire_date__gt=timezone.now())] == [alive.public_id]


def test_timeouts_count_as_over(settings):
    new_session(SessionStore, cart=1)
    Session.objects.update(last_activity=timezone.now() - timedelta(hours=2))
    assert Session.objects.active().exists()
    settings.SESSION_IDLE_TIMEOUT = 3600
    assert not Session.objects.active().exists()
    assert Session.objects.expired().exists()


def test_times_are_what_they_are_whatever_the_time_zone():
    session = new_session(SessionStore, cart=1)
    row = Session.objects.get()
    assert abs(row.created_at - timezone.now()) < timedelta(seconds=30)
    assert abs(row.expire_date - timezone.now() - timedelta(days=14)) < timedelta(seconds=30)
    row.expire_date = timezone.now() + timedelta(seconds=90)
    row.save()
    assert SessionStore(session.session_key)["cart"] == 1
    row.expire_date = timezone.now() - timedelta(seconds=1)
    row.save()
    assert SessionStore(session.session_key).load() == {}


def test_no_key_is_ever_shown():
    session = new_session(SessionStore, cart=1)
    row = Session.objects.get()
    assert session.session_key not in (str(row), repr(row), row.pk)


def test_models_and_migration_agree():
    call_command("makemigrations", "innkeeper", check=True, dry_run=True, stdout=StringIO())


def test_the_engine_finds_nothing_missing_after_the_migration():
    assert _engine.migrate(Database("default"), conf.users()) == []


@on_sqlite
def test_a_database_without_users_is_given_none(monkeypatch, tmp_path):
    """Where the router keeps users elsewhere, a table of ours would be a false one."""
    elsewhere = connection.copy()
    elsewhere.settings_dict["NAME"] = str(tmp_path / "sessions.sqlite3")
    monkeypatch.setitem(connections.settings, "elsewhere", elsewhere.settings_dict)
    connections["elsewhere"] = elsewhere
    with pytest.raises(DatabaseError, match="keep both in one database"):
        _engine.migrate(Database("elsewhere"), conf.users())
    assert elsewhere.introspection.table_names() == []
    elsewhere.close()
    del connections["elsewhere"]


@pytest.mark.django_db(transaction=True)
def test_tables_of_the_program_are_accepted():
    """The migration over tables that `innkeeper migrate` made: it is the same call, made twice."""
    from django.db.migrations.executor import MigrationExecutor

    state = MigrationExecutor(connection).loader.project_state()
    from innkeeper.schema import EngineSchema

    with connection.schema_editor(atomic=False) as editor:
        EngineSchema().database_forwards("innkeeper", editor, state, state)


@pytest.mark.django_db(transaction=True)
def test_sqlmigrate_shows_the_triggers():
    out = StringIO()
    call_command("sqlmigrate", "innkeeper", "0001", stdout=out)
    assert "CREATE TRIGGER innkeeper_session_removed" in out.getvalue()


def test_importing_is_cheap():
    """Nothing is opened, compiled or looked up before it is wanted."""
    script = "import time; t = time.perf_counter(); import innkeeper._engine; print(time.perf_counter() - t)"
    assert float(in_a_process_of_its_own(f"import django.db; {script}")) < 0.5


@on_sqlite
def test_a_search_by_network_works_on_djangos_connection():
    new_session(SessionStore, cart=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT innkeeper_ip(ip) FROM innkeeper_session")
        assert cursor.fetchone()[0] == "00000000000000000000ffffcb007107"


def test_history_has_a_device_too():
    from innkeeper.models import EndedSession

    new_session(SessionStore, cart=1).flush()
    ended = EndedSession.objects.get()
    assert ended.user_agent == FIREFOX
    assert ended.device_info.user_agent.family == "Firefox"
