"""The other package serves on after a first run: what a later one takes, ends and leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from innkeeper import conf
from innkeeper.backends.db import SessionStore
from innkeeper.models import EndedSession, Session

from .conftest import signed_in
from .old_tables import KEY, NG_SALT, migrate, of, put, who

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_ended_meanwhile_stays_ended(user, make_user, make_table):
    """The other package's table still has them, and their cookies are still in browsers."""
    make_table("django_session")
    revoked, signed_out, cycled, kept = (letter * 32 for letter in "abcd")
    for key in (revoked, signed_out, cycled, kept):
        put("django_session", key, data=of(user))
    migrate("django_session")
    Session.objects.get(pk=revoked).delete()
    SessionStore(signed_out).flush()
    SessionStore(cycled).cycle_key()
    said = migrate("django_session")
    assert "Taken over: 0 sessions; 1 were there already" in said
    assert "3 were taken over before and have ended meanwhile" in said
    assert Session.objects.count() == 2
    for key in (revoked, signed_out, cycled):
        assert who(key) == ""
    assert who(kept) == user.get_username()


def save_again(table, key=KEY, *, data, salt=conf.SALT, lifetime=timedelta(days=1)):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE session_key = %s", [key])
    put(table, key, data=data, salt=salt, lifetime=lifetime)


def sign_out(table, key=KEY):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE session_key = %s", [key])


@pytest.mark.parametrize("salt", [conf.SALT, NG_SALT])
def test_what_the_old_site_saves_between_the_runs_is_taken(make_table, salt):
    make_table("django_session")
    put("django_session", data={"cart": 7}, salt=salt, lifetime=timedelta(hours=1))
    put("django_session", "b" * 32, data={"cart": 1}, salt=salt)
    migrate("django_session")
    for cart in (8, 9):
        save_again("django_session", data={"cart": cart}, salt=salt, lifetime=timedelta(days=2))
        assert "1 of these were saved" in migrate("django_session", dry_run=True)
        said = migrate("django_session")
        assert "0 sessions; 2 were there already" in said and "1 of these were saved" in said
        assert SessionStore(KEY)["cart"] == cart
        assert Session.objects.get(pk=KEY).expire_date - timezone.now() > timedelta(days=1)
    said = migrate("django_session")
    assert "saved" not in said and "no longer" not in said


def test_a_browser_that_only_looked_at_the_new_site_gets_what_is_newer(make_table):
    make_table("django_session")
    put("django_session", data={"cart": 7})
    migrate("django_session")
    who()
    seen = Session.objects.get().last_activity
    save_again("django_session", data={"cart": 8})
    assert "1 of these were saved" in migrate("django_session")
    assert SessionStore(KEY)["cart"] == 8
    assert Session.objects.get().last_activity >= seen


def test_caches_learn_of_what_is_newer(store, make_table):
    make_table("django_session")
    put("django_session", data={"cart": 7})
    migrate("django_session")
    assert [store(KEY)["cart"], store(KEY)["cart"]] == [7, 7]
    save_again("django_session", data={"cart": 8})
    migrate("django_session")
    assert [store(KEY)["cart"], store(KEY)["cart"]] == [8, 8]
    for cart in (9, 10):
        session = store(KEY)
        session["cart"] = cart
        session.save()
        assert [store(KEY)["cart"], store(KEY)["cart"]] == [cart, cart]
    assert Session.objects.get().version == 2
    put("django_session", "a" * 32, data={"cart": 1})
    migrate("django_session")
    assert store("a" * 32)["cart"] == 1
    sign_out("django_session", "a" * 32)
    migrate("django_session")
    assert "cart" not in store("a" * 32)


def test_what_the_new_site_saved_is_not_overwritten(make_table):
    make_table("django_session")
    put("django_session", data={"cart": 7})
    migrate("django_session")
    session = SessionStore(KEY)
    session["cart"] = 70
    session.save()
    save_again("django_session", data={"cart": 8})
    assert "saved" not in migrate("django_session")
    assert SessionStore(KEY)["cart"] == 70


def test_what_the_new_site_shortened_stays_so(make_table):
    make_table("django_session")
    for key in ("a" * 32, "b" * 32):
        put("django_session", key, data={"cart": 7})
    migrate("django_session")
    Session.objects.filter(pk="a" * 32).update(expire_date=timezone.now() - timedelta(seconds=1))
    Session.objects.filter(pk="b" * 32).update(expire_date=timezone.now() + timedelta(minutes=5))
    save_again("django_session", "a" * 32, data={"cart": 8})
    migrate("django_session")
    assert not Session.objects.get(pk="a" * 32).is_active()
    assert Session.objects.get(pk="b" * 32).expire_date < timezone.now() + timedelta(minutes=6)


def test_what_the_old_site_ended_between_the_runs_ends(user, make_table):
    make_table("django_session")
    out, looked, saved, stays = (letter * 32 for letter in "abcd")
    for key in (out, looked, saved, stays):
        put("django_session", key, data=of(user))
    migrate("django_session")
    here = signed_in(SessionStore, user)
    assert who(looked) == user.get_username(), "the cookie of a session that the old site ended, or a stranger's copy"
    session = SessionStore(saved)
    session["cart"] = 1
    session.save()
    for key in (out, looked, saved):
        sign_out("django_session", key)
    assert "2 taken over before are no longer where they came from, and would end" in migrate(
        "django_session", dry_run=True
    )
    assert who(out) == user.get_username()
    assert "2 taken over before are no longer where they came from" in migrate("django_session", batch_size=1)
    assert (who(out), who(looked)) == ("", "")
    assert {row.reason for row in EndedSession.objects.all()} == {"removed"}
    for key in (saved, stays, here.session_key):
        assert who(key) == user.get_username()
    assert "no longer" not in migrate("django_session")


def test_what_came_from_another_table_does_not_end(user, make_table):
    make_table("django_session")
    make_table("old_sessions")
    put("old_sessions", data=of(user))
    put("django_session", "a" * 32, data=of(user))
    migrate("old_sessions")
    assert "no longer" not in migrate("django_session")
    assert who() == user.get_username()


def test_what_cannot_be_read_any_more_does_not_end(make_table):
    make_table("django_session")
    put("django_session", data={"cart": 7})
    migrate("django_session")
    save_again("django_session", data={"cart": 8}, salt="another salt")
    said = migrate("django_session")
    assert "1 could not be read" in said and "no longer" not in said
    assert SessionStore(KEY)["cart"] == 7
