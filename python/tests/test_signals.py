"""Signals: each thing once, after the commit, and no statement more where nobody listens."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from innkeeper import signals
from innkeeper.backends.db import SessionStore
from innkeeper.models import Session

from .conftest import CHROME, FIREFOX, new_session, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def listening(*names):
    """What the signals of these names say meanwhile, in order, as (name, arguments)."""
    heard = []
    connected = []
    for name in names:

        def receiver(*, name=name, sender, signal, **about):
            assert sender is Session
            heard.append((name, about))

        signal = getattr(signals, name)
        signal.connect(receiver)
        connected.append((signal, receiver))
    try:
        yield heard
    finally:
        for signal, receiver in connected:
            signal.disconnect(receiver)


def sign_in(user, user_agent=FIREFOX):
    browser = Client(headers={"user-agent": user_agent}, REMOTE_ADDR="203.0.113.7")
    assert browser.get(f"/in?name={user.get_username()}").status_code == 200
    return browser


def test_a_sign_in_starts_a_session_once_with_its_user_and_client(store, user):
    with listening("session_started") as heard:
        browser = sign_in(user)
        browser.get("/write?cart=1")
    ((_, about),) = heard
    assert about["session_id"] == browser.session.public_id
    assert about["user_id"] == user.pk
    assert about["client"].ip == "203.0.113.7"
    assert about["client"].device == "Firefox 128 on Linux"


def test_a_visitors_session_starts_with_its_first_save(store):
    browser = Client()
    with listening("session_started") as heard:
        browser.get("/read")
        browser.get("/write?cart=1")
        browser.get("/write?cart=2")
    assert [(name, about["user_id"]) for name, about in heard] == [("session_started", None)]


def test_a_change_of_address_is_told_with_both(store, settings, user):
    settings.SESSION_ACTIVITY_INTERVAL = 1
    browser = sign_in(user)
    Session.objects.update(last_activity=timezone.now() - timedelta(minutes=5))
    with listening("client_changed") as heard:
        browser.get("/who", REMOTE_ADDR="198.51.100.9")
        browser.get("/who", REMOTE_ADDR="198.51.100.9")
    ((_, about),) = heard
    assert (about["before"].ip, about["now"].ip) == ("203.0.113.7", "198.51.100.9")
    assert about["user_id"] == user.pk


def test_a_device_is_new_once_and_its_next_version_is_not(user):
    with listening("new_device") as heard:
        sign_in(user)
        sign_in(user, FIREFOX.replace("128", "131"))
        sign_in(user, CHROME)
        sign_in(user, CHROME)
    assert [(about["first"], about["client"].user_agent) for _, about in heard] == [(True, FIREFOX), (False, CHROME)]


def test_signing_out_ends_a_session_once(store, user):
    browser = sign_in(user)
    identifier = browser.session.public_id
    with listening("session_ended") as heard:
        browser.get("/out")
        browser.get("/out")
    ((_, about),) = heard
    assert about == {
        "session_id": identifier,
        "user_id": user.pk,
        "reason": "signed out",
        "actor": f"user {user.pk}",
    }


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda: Session.objects.get().delete(), "revoked"),
        (lambda: Session.objects.all().delete(), "revoked"),
        (lambda: Session.objects.all().end("user 9"), "revoked"),
        (lambda: call_command("clearsessions", stdout=StringIO()), "expired"),
        (lambda: get_user_model().objects.get().delete(), "removed"),
        (lambda: get_user_model().objects.all().delete(), "removed"),
    ],
)
def test_whatever_ends_a_session_in_this_process_is_told_once(store, user, end, reason):
    session = signed_in(store, user)
    if reason == "expired":
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    key = user.pk
    with listening("session_ended") as heard:
        end()
    assert [(about["session_id"], about["user_id"], about["reason"]) for _, about in heard] == [
        (session.public_id, key, reason)
    ]


def test_what_another_had_removed_meanwhile_is_not_told(store, user):
    signed_in(store, user)
    row = Session.objects.get()
    with listening("session_ended") as heard:
        Session.objects.all().delete()
        row.delete()
    assert len(heard) == 1


def test_ending_the_others_tells_of_each(user):
    browser = sign_in(user)
    others = {signed_in(SessionStore, user).public_id for _ in range(3)}
    with listening("session_ended") as heard:
        browser.post("/account/sessions/end-others/")
    assert {about["session_id"] for _, about in heard} == others
    assert len(heard) == 3


def test_signals_wait_for_the_commit_and_a_rollback_is_silent(store, user):
    signed_in(store, user)
    with listening("session_ended", "session_started") as heard:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Session.objects.all().delete()
            new_session(store, cart=1)
            raise ZeroDivisionError
        assert heard == []
        with transaction.atomic():
            Session.objects.all().delete()
            assert heard == []
    assert [name for name, _ in heard] == ["session_ended"]


def test_a_receiver_that_raises_breaks_nothing_and_is_logged(user, caplog):
    def broken(**_):
        raise RuntimeError("the mail server is away")

    signals.session_started.connect(broken)
    try:
        with caplog.at_level(logging.ERROR), listening("session_started") as heard:
            browser = sign_in(user)
    finally:
        signals.session_started.disconnect(broken)
    assert browser.get("/who").content.decode() == user.get_username()
    assert len(heard) == 1
    assert "the mail server is away" in caplog.text
    assert browser.session.session_key not in caplog.text


def test_listening_costs_no_statement_but_for_new_devices(user):
    def everything():
        with CaptureQueriesContext(connection) as context:
            browser = sign_in(user)
            signed_in(SessionStore, user)
            browser.post("/account/sessions/end-others/")
            browser.get("/out")
            call_command("clearsessions", stdout=StringIO())
        return len(context)

    everything()
    alone = everything()
    with listening("session_started", "client_changed", "session_ended"):
        assert everything() == alone
    with listening("new_device"):
        assert everything() == alone + 4, "two sign-ins, each two statements"


def test_no_key_is_among_the_arguments(user):
    with listening("session_started", "new_device", "session_ended") as heard:
        browser = sign_in(user)
        key = browser.session.session_key
        browser.get("/out")
    assert {name for name, _ in heard} == {"session_started", "new_device", "session_ended"}
    assert key not in repr(heard)
