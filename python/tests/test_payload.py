"""Payloads of the plain kind become a dict in C++: the dict that json.loads makes, or none at all."""

from __future__ import annotations

import json

import pytest
from django.contrib.sessions.backends.base import SessionBase

from innkeeper import engines
from innkeeper.backends.db import SessionStore

from .conftest import new_session

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = [
    {},
    {"a": [], "b": {}, "c": [[1], {"d": None}]},
    {"numbers": [0, -1, 10, 999999999999999999, -999999999999999999, 0.5, -1.25, 1e16, 1e-7, 1.7976931348623157e308]},
    {"truth": [True, False, None], "": "empty name"},
    {"text": 'quote " backslash \\ slash / lines \b\f\n\r\t', "latin": "äöü ÿ", "Perſon": "نام", "€": "\u200b"},
    {"x" * 100: "a long name", "_auth_user_name": "7"},
]
OTHER = [
    {"big": 10**18, "huge": 10**400},
    {"not numbers": [float("inf"), -float("inf")]},
    {"emoji": "🛎", "half": "\ud83d", "del": "\x7f"},
    {"deep": json.loads("[" * 100 + "]" * 100)},
]


def loaded(key):
    return engines.get_engine(cached=False).load(key, True)[1]


@pytest.mark.parametrize("data", PLAIN, ids=lambda data: next(iter(data), "nothing")[:10])
def test_a_plain_payload_needs_no_json_module(data):
    found = loaded(new_session(SessionStore, **{name: data[name] for name in data}).session_key)
    assert found == data
    assert repr(found) == repr(json.loads(json.dumps(data)))
    assert list(found) == list(data)


@pytest.mark.parametrize("data", OTHER, ids=lambda data: next(iter(data)))
def test_any_other_is_read_by_the_json_module(data):
    key = new_session(SessionStore, **data).session_key
    assert isinstance(loaded(key), bytes)
    assert dict(SessionStore(key).items()) == data


def test_members_of_two_sessions_are_not_mixed_up():
    first = new_session(SessionStore, cart={"cart": 1})
    second = new_session(SessionStore, cart={"cart": 2})
    assert loaded(first.session_key) == {"cart": {"cart": 1}}
    assert loaded(second.session_key) == {"cart": {"cart": 2}}


def test_a_store_has_all_that_djangos_has():
    """The constructor does what SessionBase's does without calling it."""
    theirs, ours = SessionBase("k" * 32), SessionStore("k" * 32)
    names = [name.replace("_SessionBase__", "") for name in vars(theirs)]
    assert all(getattr(ours, name) == getattr(theirs, name.replace("session_key", "_session_key")) for name in names)
