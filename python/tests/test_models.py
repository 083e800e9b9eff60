"""Rows as people use them."""

from __future__ import annotations

import pickle
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from innkeeper import _engine, conf
from innkeeper.backends.db import SessionStore
from innkeeper.device import OS, DeviceInfo, device_reader, read_device
from innkeeper.host import Database
from innkeeper.models import EndedSession, Session

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


def test_a_device_is_a_tuple_like_any_other():
    """The extension fills it without the class's constructor."""
    info = read_device(CHROME)
    assert type(info) is DeviceInfo
    assert pickle.loads(pickle.dumps(info)) == info == DeviceInfo(*info)
    assert info._replace(kind="bot").kind == "bot"
    assert hash(info.os) == hash(OS("Android", "10", None, None, None))


@pytest.mark.parametrize("types", [(), (DeviceInfo,), (DeviceInfo, OS, OS, str), (DeviceInfo, OS, OS, 1)])
def test_the_reader_fills_tuples_only(types):
    with pytest.raises(TypeError, match="tuples"):
        device_reader().read(CHROME, "", types)


def test_the_place_is_told_as_the_seeds_tell_it(settings):
    from .test_store import DATA

    files = sorted((DATA / "location").glob("city.mmdb"))
    settings.GEOIP_PATH = files[0]
    assert Session(ip="127.0.0.1").location == ""
    assert Session(ip="127.0.0.1").location_info is None
    found = Session(ip="89.160.20.112")
    assert found.location == "Linköping, Sweden"
    assert found.location_data is found.location_info
    assert (found.location_info["city"], found.location_info["country_name"]) == ("Linköping", "Sweden")


def test_a_place_has_the_names_of_djangos_dict_and_none_for_what_is_unknown(settings):
    from .test_store import DATA

    settings.GEOIP_PATH = DATA / "location" / "city.mmdb"
    full = Session(ip="89.160.20.112").location_info
    assert (full["region"], full["region_code"], full["dma_code"], full["metro_code"]) == ("E", "E", 807, 807)
    country = Session(ip="198.51.100.200").location_info
    known = {"continent_code", "continent_name", "country_code", "country_name", "is_in_european_union"}
    assert {name for name, value in country.items() if value is not None} == known
    unknown = {"accuracy_radius", "city", "dma_code", "latitude", "longitude", "metro_code", "postal_code"}
    assert set(country) == known | unknown | {"region", "region_code", "region_name", "time_zone"}


def test_managers_have_what_people_write_by_hand(user):
    alive = signed_in(SessionStore, user)
    over = SessionStore()
    over.set_expiry(-1)
    over.save()
    assert [row.pk for row in Session.objects.active()] == [alive.public_id]
    assert [row.pk for row in Session.objects.expired()] == [over.public_id]
    assert [row.pk for row in Session.objects.for_user(user)] == [alive.public_id]
    assert [row.pk for row in user.session_set.filter(expire_date__gt=timezone.now())] == [alive.public_id]


def test_the_managers_save_changes_payload_and_date_alone(user, make_user):
    """Django's `Session.objects.save(key, dict, date)`."""
    session = signed_in(SessionStore, user, cart=1)
    before = Session.objects.get()
    date = timezone.now() + timedelta(days=3)
    saved = Session.objects.save(session.session_key, {**dict(session.items()), "cart": 2}, date)
    after = Session.objects.get()
    assert after == saved and SessionStore(session.session_key)["cart"] == 2
    assert (after.expire_date, after.version) == (date, before.version + 1)
    for column in ("user", "ip", "user_agent", "created_at"):
        assert getattr(after, column) == getattr(before, column) is not None
    assert Session.objects.save(after.pk, {"cart": 3}, date).user == user, "by its public id too"
    another = make_user()
    owner = {"_auth_user_id": str(another.pk)}
    assert Session.objects.save(after.pk, owner, date).user == another, "whom the payload names can end it"


def test_the_managers_save_makes_no_session_and_ends_one_without_data():
    date = timezone.now() + timedelta(days=3)
    with pytest.raises(UpdateError):
        Session.objects.save("d" * 32, {"cart": 1}, date)
    assert not Session.objects.exists()
    session = new_session(SessionStore, cart=1)
    Session.objects.save(session.session_key, {}, date)
    with pytest.raises(UpdateError):
        Session.objects.save(session.session_key, {"cart": 1}, date)
    assert EndedSession.objects.get().reason == "revoked"


def test_end_others_of_a_user_ends_that_users(user, make_user, rf):
    """As in the admin, or where a password is set anew by mail: the request is somebody else's, or nobody's."""
    bob = make_user()
    own, *_ = [signed_in(SessionStore, user) for _ in range(2)]
    for _ in range(2):
        signed_in(SessionStore, bob)
    request = rf.get("/")
    request.user, request.session = user, SessionStore(own.session_key)
    assert bob.session_set.end_others(request) == 2
    assert bob.session_set.count() == 0 and user.session_set.count() == 2
    assert {ended.actor for ended in EndedSession.objects.all()} == {f"user {user.pk}"}
    signed_in(SessionStore, bob)
    request.user = AnonymousUser()
    assert Session.objects.end_others(request) == 0
    assert bob.sessions.end_others(request) == 1
    request.user = user
    assert user.session_set.end_others(request) == 1
    assert user.session_set.get().pk == own.public_id


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


def test_a_row_that_was_ended_meanwhile_does_not_come_back():
    key = new_session(SessionStore, cart=1).session_key
    row = Session.objects.get()
    Session.objects.all().delete()
    row.expire_date += timedelta(days=7)
    for fields in (None, ["expire_date"], []):
        with pytest.raises(UpdateError, match="ended"):
            row.save(update_fields=fields)
    assert SessionStore(key).load() == {}
    assert EndedSession.objects.count() == 1, "and the transaction goes on"


def test_a_row_is_saved_with_what_was_changed_of_it_alone():
    key = new_session(SessionStore, cart=1).session_key
    row = Session.objects.get()
    browser = SessionStore(key)
    browser["cart"] = 2
    browser.save()
    Session.objects.update(ip="203.0.113.9")
    date = row.expire_date = row.expire_date + timedelta(days=7)
    row.save()
    assert SessionStore(key)["cart"] == 2, "what the browser saved meanwhile stays"
    saved = Session.objects.get()
    assert (saved.expire_date, saved.ip, saved.version) == (date, "203.0.113.9", 2)
    row.save()
    assert Session.objects.get().version == 2, "nothing was changed"
    row.ip, row.expire_date = "203.0.113.10", date + timedelta(days=1)
    row.save(update_fields=["ip"])
    row.save()
    saved = Session.objects.get()
    assert (saved.expire_date, saved.ip) == (date + timedelta(days=1), "203.0.113.10"), (
        "what one save left, the next wrote"
    )


def test_a_column_that_is_read_late_is_no_change():
    key = new_session(SessionStore, cart=1).session_key
    row = Session.objects.defer("session_data").get()
    row.expire_date += timedelta(days=7)
    assert row.get_decoded() == {"cart": 1}
    browser = SessionStore(key)
    browser["cart"] = 2
    browser.save()
    row.save()
    assert SessionStore(key)["cart"] == 2
    assert Session.objects.get().expire_date == row.expire_date


def test_a_payload_that_is_saved_by_its_row_is_merged_with_by_a_browser():
    key = new_session(SessionStore, cart=1).session_key
    browser = SessionStore(key)
    browser["seen"] = True
    row = Session.objects.get()
    row.session_data = Session.objects.encode({"cart": 5})
    row.save()
    assert row.version == 2
    browser.save()
    assert SessionStore(key).load() == {"cart": 5, "seen": True}


def test_a_session_keeps_the_owner_that_its_data_names(user):
    signed_in(SessionStore, user)
    for take_away in (user.session_set.clear, lambda: user.session_set.remove(Session.objects.get())):
        with pytest.raises(ValueError, match="delete"):
            take_away()
    assert user.session_set.count() == 1


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
