"""A site's own code as a type checker reads it: `mypy --strict`, with django-stubs and without their plugin.

tools/test_python checks it; nothing runs it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from typing_extensions import assert_type

from innkeeper.backends.cached_db import SessionStore
from innkeeper.device import DeviceInfo
from innkeeper.models import EndedSession, Session, SessionManager, SessionQuerySet
from innkeeper.signals import Client


def sessions(user: User, request: HttpRequest) -> None:
    assert_type(Session.objects, SessionManager)
    for queryset in (
        Session.objects.all(),
        Session.objects.active(),
        Session.objects.expired(),
        Session.objects.for_user(user),
        Session.objects.filter(user=user).active(),
        Session.objects.exclude(user=user),
        Session.objects.using("default"),
    ):
        assert_type(queryset, SessionQuerySet)
    assert_type(Session.objects.active().end(actor="user 1"), tuple[int, dict[str, int]])
    assert_type(Session.objects.active().delete(), tuple[int, dict[str, int]])
    assert_type(Session.objects.end_others(request), int)
    assert_type(Session.objects.get(pk="a" * 40), Session)
    for session in Session.objects.for_user(user):
        one(session)


def one(session: Session) -> None:
    assert_type(session.device_info, DeviceInfo | None)
    assert_type(session.device, str | None)
    assert_type(session.location, str)
    assert_type(session.location_info, dict[str, Any] | None)
    assert_type(session.public_id, str)
    assert_type(session.ends_at, datetime)
    assert_type(session.is_active(), bool)
    assert_type(session.delete(), tuple[int, dict[str, int]])


def ended(session: EndedSession, client: Client) -> None:
    assert_type(session.device_info, DeviceInfo | None)
    assert_type(session.location, str)
    assert_type(client.device, str)


def store() -> None:
    held = SessionStore("a" * 32)
    assert_type(held.session_key, str | None)
    assert_type(held.public_id, str | None)
    assert_type(held.exists("a" * 32), bool)
