"""Several threads of one process on one session."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client

from innkeeper.models import Session

from .conftest import new_session

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("for_threads")]

COUNT = 6


def in_threads(work):
    """What `work(0)`, `work(1)`, … gave, each in a thread of its own whose connection is closed at its end."""

    def run(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(COUNT) as pool:
        return list(pool.map(run, range(COUNT)))


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


def test_one_key_is_cycled_once(store):
    """Two tabs that sign in at once: one wins, the other is told; there is one session in the end."""
    key = new_session(store, cart=1).session_key
    all_have_read = threading.Barrier(COUNT, timeout=30)

    def work(number):
        session = store(key)
        assert session["cart"] == 1
        all_have_read.wait()
        try:
            session.cycle_key()
        except UpdateError:
            return None
        return session.session_key

    won = [key for key in in_threads(work) if key]
    assert len(won) == 1 and store(won[0])["cart"] == 1
    assert Session.objects.count() == 1
