"""What the package has for a site's own tests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from innkeeper.models import Session
from innkeeper.testing import moved_time

from .conftest import new_session, signed_in

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_a_session_that_nobody_uses_ends_by_itself(store, settings, user, client):
    settings.SESSION_IDLE_TIMEOUT = 3600
    key = signed_in(store, user).session_key
    with moved_time(HOUR / 2) as move:
        assert store(key).get("_auth_user_id") == str(user.pk)
        move(HOUR)
        assert store(key).load() == {}
        assert not Session.objects.active().exists()
        store.clear_expired()
        assert not Session.objects.exists()


def test_afterwards_time_is_what_it_was(store):
    key = new_session(store, cart=1).session_key
    with moved_time(timedelta(days=15)):
        assert store(key).load() == {}
        fresh = new_session(store, cart=2).session_key
        assert store(fresh)["cart"] == 2
    assert store(key)["cart"] == 1
    assert store(fresh)["cart"] == 2


def test_what_is_ended_meanwhile_stays_ended(store):
    key = new_session(store, cart=1).session_key
    assert store(key)["cart"] == 1
    with moved_time(HOUR):
        assert store(key)["cart"] == 1
        store(key).delete()
    assert store(key).load() == {}


def test_settings_that_change_meanwhile_leave_time_moved(store, settings):
    key = new_session(store, cart=1).session_key
    with moved_time(HOUR):
        settings.SESSION_IDLE_TIMEOUT = 1800
        assert store(key).load() == {}


def test_it_may_stand_inside_another_and_counts_from_now(store, settings):
    settings.SESSION_IDLE_TIMEOUT = 3 * 3600
    key = new_session(store, cart=1).session_key
    with moved_time(2 * HOUR):
        with moved_time(4 * HOUR):
            assert store(key).load() == {}
        assert store(key)["cart"] == 1


def test_time_does_not_go_back(store):
    with pytest.raises(ValueError, match="forward"), moved_time(-HOUR):
        pass
