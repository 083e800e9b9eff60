"""What Django promises of every session engine, tried one by one: sync, and the same by the async methods."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.backends.base import UpdateError
from django.utils import timezone

from innkeeper.models import Session

pytestmark = pytest.mark.django_db(transaction=True)


class Async:
    """A session whose methods are the async ones, called as if they were not."""

    def __init__(self, session):
        self._session = session

    def __getattr__(self, name):
        method = getattr(self._session, f"a{name}", None)
        return async_to_sync(method) if method else getattr(self._session, name)


@pytest.fixture(params=["sync", "async"])
def open_(request, store):
    """Opens a session by its key, or a new one."""
    return lambda key=None: store(key) if request.param == "sync" else Async(store(key))


@pytest.fixture
def session(open_):
    return open_()


def test_a_new_one_is_empty_and_untouched(session):
    assert not session.modified and not session.accessed
    assert session.get("cat") is None and session.get("cat", "none") == "none"
    assert session.is_empty()
    assert session.accessed and not session.modified


def test_setting_and_popping_change_it(session):
    session.update({"cat": "Tom"})
    assert session.modified
    assert session.pop("cat") == "Tom"
    assert session.pop("cat", "default") == "default"
    with pytest.raises(KeyError):
        session.pop("cat")


def test_setdefault_keeps_what_is_there(session):
    assert session.setdefault("cat", "Tom") == "Tom"
    assert session.setdefault("cat", "Felix") == "Tom"


def test_it_is_looked_through_like_a_dict(session):
    session.update({"cat": "Tom", "dog": "Rex"})
    assert session.has_key("cat") and not session.has_key("cow")
    assert list(session.keys()) == ["cat", "dog"]
    assert list(session.values()) == ["Tom", "Rex"]
    assert list(session.items()) == [("cat", "Tom"), ("dog", "Rex")]


def test_loading_makes_no_row(open_):
    session = open_("a" * 32)
    session.load()
    assert session.session_key is None
    assert not Session.objects.exists()


def test_creating_makes_a_row_and_says_that_it_must_be_sent(session):
    session.create()
    assert session.modified and session.exists(session.session_key)
    assert Session.objects.count() == 1


def test_saving_keeps_the_data_and_the_key(session, open_):
    session.update({"cat": "Tom"})
    session.save()
    key = session.session_key
    session.save()
    assert session.session_key == key
    assert list(open_(key).items()) == [("cat", "Tom")]


def test_deleting_ends_it(session, open_):
    session.update({"cat": "Tom"})
    session.save()
    key = session.session_key
    session.delete(key)
    assert not session.exists(key)
    assert open_(key).get("cat") is None
    session.delete(key)  # nothing is there to be deleted, which is no error


def test_flushing_ends_and_forgets_it(session):
    session.update({"cat": "Tom"})
    session.save()
    before = session.session_key
    session.flush()
    assert not session.exists(before)
    assert session.session_key is None
    assert session.modified and session.accessed


def test_cycling_keeps_the_data_under_another_key(session):
    session.update({"cat": "Tom"})
    session.save()
    before = session.session_key
    session.cycle_key()
    assert session.session_key != before
    assert session.get("cat") == "Tom"
    assert not session.exists(before)


def test_cycling_without_a_row_makes_one(session):
    session.update({"cat": "Tom"})
    session.cycle_key()
    assert session.exists(session.session_key)


def test_saving_under_a_key_that_opens_nothing_is_refused(store):
    with pytest.raises(UpdateError):
        store("d" * 32).save()
    assert not Session.objects.exists()


def test_the_key_cannot_be_assigned(store):
    with pytest.raises(AttributeError):
        store().session_key = "b" * 32


def test_a_save_does_not_bring_back_what_was_ended_elsewhere(session, open_):
    session.update({"cat": "Tom"})
    session.save()
    other = open_(session.session_key)
    assert other.get("cat") == "Tom"
    session.delete()
    other.update({"cat": "Felix"})
    with pytest.raises(UpdateError):
        other.save()
    assert not Session.objects.exists()


@pytest.mark.parametrize("value", [10, timedelta(seconds=10), "date"])
def test_an_end_of_its_own(session, value):
    moment = timezone.now()
    session.set_expiry(moment + timedelta(seconds=10) if value == "date" else value)
    assert session.get_expiry_age() in (9, 10)
    assert abs(session.get_expiry_date() - moment - timedelta(seconds=10)) < timedelta(seconds=5)
    session.set_expiry(None)
    assert session.get_expiry_age() == 1209600


@pytest.mark.parametrize(
    ("expiry", "setting", "closes"), [(10, True, False), (0, False, True), (None, False, False), (None, True, True)]
)
def test_whether_it_ends_with_the_browser(session, settings, expiry, setting, closes):
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = setting
    session.set_expiry(expiry)
    assert session.get_expire_at_browser_close() is closes


def test_an_end_that_is_over_is_over(session, open_):
    session.update({"cat": "Tom"})
    session.set_expiry(-3600)
    session.save()
    assert open_(session.session_key).get("cat") is None


def test_what_it_encodes_it_decodes(store):
    data = {"a test key": "a test value", "numbers": [1, 2.5, None, True]}
    assert store().decode(store().encode(data)) == data
    assert store().decode("flaskdj:alkdjf:xyz") == {}, "what is not signed counts as empty"


def test_a_cookie_to_try_is_marked_in_the_session(session):
    session.set_test_cookie()
    assert session.test_cookie_worked()
    session.delete_test_cookie()
    assert not session.test_cookie_worked()
