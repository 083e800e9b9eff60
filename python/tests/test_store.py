"""What Django's SessionBase promises, on each way of keeping sessions."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.backends.base import UpdateError
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from innkeeper import _engine, conf
from innkeeper.backends import db
from innkeeper.models import EndedSession, Session

from .conftest import CHROME, new_session, signed_in

DATA = Path(__file__).resolve().parents[2] / "tests" / "data"

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_saved_session_is_found_by_its_key(store):
    key = new_session(store, cart=[1, 2]).session_key
    assert store(key)["cart"] == [1, 2]
    assert store().exists(key)
    assert not store().exists("k" * 32)


def test_only_the_browser_holds_the_key(store):
    key = new_session(store, cart=1).session_key
    row = Session.objects.get()
    assert row.session_key == _engine.public_id(key) != key
    assert Session.objects.get(pk=key) == row
    assert store(row.session_key).load() == {}, "an id presented as a cookie opens nothing"


def test_a_key_that_was_not_issued_never_becomes_a_sessions_key(store):
    session = store("a" * 32)
    session["cart"] = 1
    session.save()
    assert session.session_key != "a" * 32


@pytest.mark.parametrize("junk", ["", "short", "x" * 33, "UPPER" * 7, "a" * 31 + "é", "../../etc/passwd"])
def test_junk_opens_nothing(store, junk):
    session = store(junk)
    assert session.load() == {}
    assert session.session_key is None


def test_two_requests_at_once_lose_nothing(store):
    key = new_session(store, cart=1).session_key
    first, second = store(key), store(key)
    first["colour"], second["size"] = "blue", 3
    first.save()
    second.save()
    assert dict(second.items()) == {"cart": 1, "colour": "blue", "size": 3}
    assert dict(store(key).items()) == {"cart": 1, "colour": "blue", "size": 3}


def test_a_late_save_never_brings_back_an_ended_session(store):
    key = new_session(store, cart=1).session_key
    late = store(key)
    late["cart"] = 2
    store(key).delete()
    for _ in range(2):
        with pytest.raises(UpdateError):
            late.save()
    assert not Session.objects.exists()


def test_a_cycled_key_keeps_the_data_and_closes_the_old_one(store):
    session = new_session(store, cart=1)
    old = session.session_key
    session.cycle_key()
    assert session.session_key != old
    assert store(old).load() == {}
    assert store(session.session_key)["cart"] == 1
    assert Session.objects.count() == 1


def test_a_public_id_as_a_cookie_ends_nothing(store, user):
    session = signed_in(store, user)
    for end in (store.flush, store.delete):
        stranger = store(session.public_id)
        assert stranger.session_key is None
        end(stranger)
        assert Session.objects.filter(pk=session.public_id).exists()
    stranger = store()
    stranger._session_key = session.public_id
    async_to_sync(stranger.aflush)()
    assert Session.objects.filter(pk=session.public_id).exists()
    store().delete(session.public_id)  # a row's, in a site's own words
    assert not Session.objects.filter(pk=session.public_id).exists()


def test_a_loaded_store_is_copied_and_pickled(store, user):
    session = signed_in(store, user)
    session["cart"] = [1]
    session.save()
    for copied in (copy.copy(session), copy.deepcopy(session), pickle.loads(pickle.dumps(session))):
        copied["copied"] = True
        copied.save()
        assert store(session.session_key)["cart"] == [1]
        assert store(session.session_key)["copied"] is True
    session["cart"] = [2]
    session.save()
    assert store(session.session_key)["cart"] == [2]


def test_flushing_ends_and_empties(store, user):
    session = signed_in(store, user)
    key = session.session_key
    session.flush()
    assert session.is_empty() and session.session_key is None
    assert store(key).load() == {}
    ended = EndedSession.objects.get()
    assert (ended.reason, ended.actor, ended.user) == ("signed out", f"user {user.pk}", user)
    session["cart"] = 1
    session.save()
    assert session.session_key != key


def test_clearing_keeps_the_row(store):
    session = new_session(store, cart=1)
    session.clear()
    session.save()
    assert store(session.session_key).load() == {}
    assert Session.objects.count() == 1


@pytest.mark.parametrize("value", [60, timedelta(seconds=60), "date"])
def test_an_expiry_of_ones_own_is_the_rows(store, value):
    now = timezone.now()
    session = store()
    session.set_expiry(now + timedelta(seconds=60) if value == "date" else value)
    session.save()
    assert abs(Session.objects.get().expire_date - now - timedelta(seconds=60)) < timedelta(seconds=5)


def test_a_class_may_have_an_age_of_its_own(store):
    class Short(store):
        def get_session_cookie_age(self):
            return 60

    new_session(Short, cart=1)
    assert Session.objects.get().expire_date - timezone.now() < timedelta(seconds=61)


def test_an_expired_session_opens_nothing(store):
    session = store()
    session["cart"] = 1
    session.set_expiry(-1)
    session.save()
    assert store(session.session_key).load() == {}


def test_clear_expired_removes_the_expired_alone(store):
    new_session(store, cart=1)
    session = store()
    session.set_expiry(-1)
    session.save()
    store.clear_expired()
    assert Session.objects.count() == 1


def test_a_payload_that_was_tampered_with_is_an_empty_session(store):
    session = new_session(store, cart=1)
    row = Session.objects.get()
    Session.objects.update(session_data=row.session_data[:-2] + "xx")
    assert store(session.session_key).load() == {}


def test_the_rows_payload_is_djangos(store):
    new_session(store, name="Zoë", cart=list(range(300)))
    row = Session.objects.get()
    salt = "django.contrib.sessions.SessionStore"
    data = {"name": "Zoë", "cart": list(range(300))}
    assert signing.loads(row.session_data, salt=salt) == data
    assert row.get_decoded() == data


def test_a_payload_that_django_signed_is_read(store, settings):
    golden = json.loads((DATA / "django-5.2-payloads.json").read_text())
    settings.SECRET_KEY = golden["secret_key"]
    settings.SECRET_KEY_FALLBACKS = golden["fallbacks"]
    session = new_session(store, cart=1)
    cases = [case for case in golden["payloads"] if case["salt"] == conf.SALT]
    for case in cases:
        Session.objects.update(session_data=case["signed"])
        assert store(session.session_key).load() == case["obj"], case["case"]
    assert len(cases) > 10


def test_a_fallback_key_is_still_read(store, settings):
    session = new_session(store, cart=1)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a newer key, which is long enough as well"
    assert store(session.session_key)["cart"] == 1


class Pickled:
    """A serializer that the engine can't read."""

    def dumps(self, data):
        return b"\x80" + json.dumps(data, default=str).encode()[::-1]

    def loads(self, data):
        return json.loads(data[1:][::-1])


def test_another_serializers_bytes_are_signed_and_their_owner_known(store, settings, user):
    settings.SESSION_SERIALIZER = f"{__name__}.Pickled"
    session = signed_in(store, user, cart=1)
    row = Session.objects.get()
    assert row.user == user
    assert store(session.session_key)["cart"] == 1
    other = store(session.session_key)
    other["cart"] = 2
    other.save()
    session["cart"] = 3
    session.save()
    assert store(session.session_key)["cart"] == 3
    assert Session.objects.get().user == user


class Utf8(signing.JSONSerializer):
    """One that writes what Django's never does."""

    def dumps(self, data):
        return json.dumps(data, ensure_ascii=False).encode()

    def loads(self, data):
        return json.loads(data)


class Dated(signing.JSONSerializer):
    """One that writes more kinds of values, as Django's writes them."""

    def dumps(self, data):
        return json.dumps(data, default=str).encode("latin-1")


@pytest.mark.parametrize(("serializer", "is_json"), [(Utf8, False), (Dated, True)])
def test_an_heir_of_djangos_serializer_writes_as_it_likes(store, settings, user, serializer, is_json):
    settings.SESSION_SERIALIZER = f"{__name__}.{serializer.__name__}"
    assert conf.serializes_json() is is_json
    key = signed_in(store, user, name="Zoë 🜁").session_key
    for count in range(3):
        session = store(key)
        session["count"] = count
        session.save()
    assert store(key)["name"] == "Zoë 🜁"
    assert Session.objects.get().user == user


def test_who_saves_a_new_session_has_the_middleware_tell_the_browser(store):
    session = store()
    session.save()
    assert session.modified, "as Django's, which creates it"
    session = store(session.session_key)
    session.save()
    assert not session.modified
    session = store()
    async_to_sync(session.asave)()
    assert session.modified


def test_the_owner_follows_the_payload(store, user):
    session = signed_in(store, user)
    assert list(user.session_set.all()) == list(user.sessions.all()) == [Session.objects.get()]
    session.clear()
    session.save()
    assert not user.session_set.exists()


def test_a_user_who_is_none_costs_the_owner_and_not_the_session(store):
    session = new_session(store, cart=1)
    for alien in ("nobody", "999999", "99999999999", "b7e23ec2-9af2-4d3c-8f60-1d1d6d1d2e3f"):
        session["_auth_user_id"] = alien
        session.save()
        assert Session.objects.get().user is None
        assert store(session.session_key)["cart"] == 1


def test_a_touch_notes_a_new_client_apart_from_the_payload(store, settings):
    settings.SESSION_ACTIVITY_INTERVAL = 0
    key = new_session(store, cart=1).session_key
    before = Session.objects.get()
    session = store(key, user_agent=CHROME, ip="198.51.100.1")
    session.load()
    assert session.touch()
    after = Session.objects.get()
    assert (after.ip, after.user_agent) == ("198.51.100.1", CHROME)
    assert after.last_activity > before.last_activity
    assert (after.session_data, after.version, after.updated_at) == (
        before.session_data,
        before.version,
        before.updated_at,
    )


def test_no_call_takes_more_statements_than_djangos_own_db(user):
    """With BEGIN and COMMIT: Django takes 4 to create, 1 to load, 3 to save, 6 for a new key, 2 to end."""
    if connection.vendor != "sqlite":
        pytest.skip("BEGIN is counted on SQLite alone")

    def taken(act):
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    session = signed_in(db.SessionStore, user)
    loaded = db.SessionStore(session.session_key)
    assert taken(lambda: new_session(db.SessionStore, cart=1)) == 1
    assert taken(loaded.load) == 1
    loaded["cart"] = 2
    assert taken(loaded.save) == 1
    assert taken(loaded.cycle_key) == 6
    assert taken(loaded.flush) == 2
