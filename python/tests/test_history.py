"""The history of a site whose users come and go."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.db import NotSupportedError
from django.utils import timezone

from innkeeper.backends.db import SessionStore
from innkeeper.models import EndedSession

from .conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def key_of_the_gone(user):
    """Of a user who was deleted while signed in."""
    signed_in(SessionStore, user)
    key = user.pk
    user.delete()
    return key


@pytest.mark.parametrize("rows", ["all", "select_related", "prefetch_related"])
def test_a_user_who_is_gone_is_nobody_and_known_by_key(key_of_the_gone, rows):
    (ended,) = getattr(EndedSession.objects, rows)(*(["user"] if rows != "all" else []))
    assert ended.user is None
    assert (ended.user_id, ended.reason) == (key_of_the_gone, "removed")
    assert EndedSession.objects.get(user=key_of_the_gone) == ended


@pytest.mark.parametrize("rows", ["all", "select_related", "prefetch_related"])
def test_a_user_who_is_there_is_told(user, rows):
    signed_in(SessionStore, user).flush()
    (ended,) = getattr(EndedSession.objects, rows)(*(["user"] if rows != "all" else []))
    assert ended.user == user


def test_a_site_is_dumped_by_its_users_names_whoever_is_gone(key_of_the_gone, make_user):
    there = make_user()
    signed_in(SessionStore, there).flush()
    out = StringIO()
    call_command("dumpdata", "innkeeper", natural_foreign=True, stdout=out)
    gone, known = (row["fields"] for row in json.loads(out.getvalue()))
    assert gone["reason"] == "removed" and gone["user"] in (None, key_of_the_gone), "as Django's release has it"
    assert known["user"] == list(there.natural_key())


def test_a_purge_leaves_the_newest_row_to_the_feed_and_nothing_in_it_of_anybody(make_user):
    for _ in range(3):
        signed_in(SessionStore, make_user()).flush()
    newest = max(EndedSession.objects.values_list("pk", flat=True))
    EndedSession._base_manager.update(ended_at=timezone.now() - timedelta(days=31))
    out = StringIO()
    call_command("clearsessions", stdout=out)
    assert "3 " in out.getvalue()
    assert not EndedSession.objects.exists()
    (left,) = EndedSession._base_manager.values_list("pk", "user_id", "ip", "user_agent", "created_at", "actor")
    assert left == (newest, None, None, "", None, "")
    call_command("clearsessions", stdout=out)
    assert EndedSession._base_manager.count() == 1


@pytest.mark.parametrize(
    "write",
    [
        lambda rows, row: rows.create(session_key="0" * 40, ended_at=row.ended_at, reason="revoked"),
        lambda rows, row: rows.get_or_create(session_key="0" * 40, defaults={"ended_at": row.ended_at}),
        lambda rows, row: rows.bulk_create([row]),
        lambda rows, row: rows.bulk_update([row], ["reason"]),
        lambda rows, row: rows.filter(pk=row.pk).update(reason="expired"),
        lambda rows, row: rows.all().delete(),
        lambda rows, row: async_to_sync(rows.all().acreate)(
            session_key="0" * 40, ended_at=row.ended_at, reason="revoked"
        ),
        lambda rows, row: row.save(),
        lambda rows, row: row.delete(),
    ],
)
def test_the_history_is_read_only_since_every_cache_follows_it(write, make_user):
    signed_in(SessionStore, make_user()).flush()
    (row,) = EndedSession.objects.all()
    with pytest.raises(NotSupportedError, match="read-only"):
        write(EndedSession.objects, row)
    assert list(EndedSession._base_manager.values_list("pk", "reason")) == [(row.pk, row.reason)]
