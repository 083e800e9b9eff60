"""The admin's lists are walks of an index, from wherever they begin."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection

from innkeeper import paging
from innkeeper.admin_list import KeysetChangeList
from innkeeper.models import EndedSession, Session

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="others plan by what they counted in the tables"),
]

SESSIONS = "after-1763000000000000-" + "a" * 40


@pytest.mark.parametrize(
    ("model", "query", "cursor", "walk"),
    [
        (Session, "", "", "SCAN innkeeper_session USING INDEX innkeeper_session_activity"),
        (Session, "", SESSIONS, "SEARCH innkeeper_session USING INDEX innkeeper_session_activity (last_activity<?)"),
        (Session, "validity=active", SESSIONS, "innkeeper_session_activity (last_activity<?)"),
        (Session, "validity=expired", SESSIONS, "innkeeper_session_expire (expire_date<?)"),
        (Session, "owner=users", SESSIONS, "innkeeper_session_activity (last_activity<?)"),
        (Session, "owner=visitors", SESSIONS, "innkeeper_session_activity (last_activity<?)"),
        (Session, "o=8", SESSIONS, "innkeeper_session_expire (expire_date>?)"),
        (EndedSession, "", "after-77", "SEARCH innkeeper_ended USING INTEGER PRIMARY KEY (rowid<?)"),
        (EndedSession, "reason=revoked", "after-77", "SEARCH innkeeper_ended USING INTEGER PRIMARY KEY (rowid<?)"),
    ],
)
def test_a_page_is_a_walk_of_an_index_and_sorts_nothing(rf, make_user, model, query, cursor, walk, monkeypatch):
    plans = []

    def explained(rows, order, size, given=""):
        _, moment, key = paging._place(order, cursor) if cursor else (None, None, None)
        if cursor:
            rows = rows.filter(paging._beyond(order, moment, key))
        plans.append(rows.order_by(*order.fields())[: size + 1].explain())
        return paging.Page([], "", "")

    monkeypatch.setattr("innkeeper.admin_list.page_of", explained)
    request = rf.get(f"/?{query}")
    request.user = make_user()
    request.user.is_superuser = True
    changelist = admin.site._registry[model].get_changelist_instance(request)
    assert isinstance(changelist, KeysetChangeList)
    (plan,) = plans
    assert walk in plan
    assert "TEMP B-TREE" not in plan
