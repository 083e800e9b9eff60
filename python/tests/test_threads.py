"""Several threads of one process on one session."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection
from django.test import Client

from innkeeper.models import Session

from .conftest import new_session, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("for_threads")]

COUNT = 6


def in_threads(work, count=COUNT):
    """What `work(0)`, `work(1)`, … gave, each in a thread of its own whose connection is closed at its end."""

    def run(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_saves_at_once_lose_nothing(store):
    key = new_session(store, cart=1).session_key
    all_have_read = threading.Barrier(COUNT, timeout=30)

    def work(number):
        session = store(key)
        session[f"m{number}"] = number
        all_have_read.wait()
        session.save()

    in_threads(work)
    assert dict(store(key).items()) == {"cart": 1, **{f"m{number}": number for number in range(COUNT)}}


def test_saves_that_are_under_way_at_an_end_bring_nothing_back(store):
    key = new_session(store, cart=1).session_key
    all_have_read = threading.Barrier(COUNT, timeout=30)

    def work(number):
        session = store(key)
        session[f"m{number}"] = number
        all_have_read.wait()
        if number == 0:
            return store(key).delete()
        try:
            session.save()
        except UpdateError:
            return "ended"
        return "saved before the end"

    assert set(in_threads(work)) <= {None, "ended", "saved before the end"}
    assert store(key).load() == {}
    assert not Session.objects.exists()


def test_one_request_after_another_in_many_threads(store):
    key = new_session(store, cart=1).session_key

    def work(number):
        browser = Client()
        browser.cookies["sessionid"] = key
        return [browser.get(f"/write?m{number}x{turn}=1").status_code for turn in range(3)]

    assert in_threads(work) == [[200] * 3] * COUNT
    assert len(store(key).keys()) == 1 + 3 * COUNT


def test_a_key_that_all_cycle_at_once_opens_nothing_more(store):
    """Of a visitor's tabs each goes on with what the visitor had, under a key of its own."""
    key = new_session(store, cart=1).session_key
    all_have_read = threading.Barrier(COUNT, timeout=30)

    def work(number):
        session = store(key)
        assert session["cart"] == 1
        all_have_read.wait()
        session.cycle_key()
        return session.session_key

    keys = in_threads(work)
    assert len({key, *keys}) == COUNT + 1
    assert [store(new)["cart"] for new in keys] == [1] * COUNT
    assert store(key).load() == {}
    assert Session.objects.count() == COUNT


def test_a_sign_in_that_was_clicked_twice_signs_in_twice(store, user, monkeypatch):
    key = new_session(store, cart=1).session_key
    all_have_read = threading.Barrier(2, timeout=30)
    cycle_key = store.cycle_key

    def cycle_together(self):
        all_have_read.wait()
        cycle_key(self)

    monkeypatch.setattr(store, "cycle_key", cycle_together)

    def work(_):
        browser = Client()
        browser.cookies["sessionid"] = key
        status = browser.post(f"/in?name={user.get_username()}").status_code
        return status, browser.get("/who").content.decode(), browser.get("/read").json()["cart"]

    assert in_threads(work, 2) == [(200, user.get_username(), 1)] * 2
    assert store(key).load() == {}


def test_who_was_signed_in_is_so_no_more_where_the_session_was_ended_before_its_key_changed(store, user):
    key = signed_in(store, user).session_key
    session = store(key)
    session["cart"] = 1
    store(key).delete()
    with pytest.raises(SessionInterrupted):
        session.cycle_key()
    with pytest.raises(SessionInterrupted):
        session.cycle_key()
    assert not Session.objects.exists()
