"""Pages by position: a page costs the same wherever in the table it stands, and nothing counts the table."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone as django_timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_CURSOR = re.compile(r"(after|before)(?:-(-?\d{1,18}))?-([0-9a-z]{1,40})", re.ASCII)


class Order(NamedTuple):
    """Rows in the order of a time, then of their primary key; without a `column`, of that alone."""

    column: str | None
    descending: bool = True

    def fields(self) -> list[str]:
        sign = "-" if self.descending else ""
        return [sign + name for name in (self.column, "pk") if name]

    def cursor_of(self, row: Any, direction: str) -> str:
        parts = [direction] + ([str(_microseconds(getattr(row, self.column)))] if self.column else [])
        return "-".join([*parts, str(row.pk)])


class Page(NamedTuple):
    rows: list[Any]
    next: str  # cursors; empty where there is nothing
    previous: str


def page_of(rows: QuerySet[Any], order: Order, size: int, cursor: str = "") -> Page:
    """At most `size` rows at a cursor that an earlier page gave. A cursor that is none means the first page."""
    place, everything = _place(order, cursor), rows
    backwards = place is not None and place[0] == "before"
    walk = order._replace(descending=order.descending != backwards)
    if place is not None:
        rows = rows.filter(_beyond(walk, place[1], place[2]))
    found = list(rows.order_by(*walk.fields())[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    # Behind a cursor stands at least the row that it names. Where all of that is gone, the first page is shown.
    has_next, has_previous = (True, more) if backwards else (more, place is not None)
    if not found:
        return page_of(everything, order, size) if place else Page([], "", "")
    return Page(
        found,
        order.cursor_of(found[-1], "after") if has_next else "",
        order.cursor_of(found[0], "before") if has_previous else "",
    )


def cursor_in(order: Order, text: str) -> str:
    """The text, if it is a cursor of this order; else nothing, which is the first page's."""
    return text if _place(order, text) else ""


def _place(order: Order, cursor: str) -> tuple[str, Any, str] | None:
    match = _CURSOR.fullmatch(cursor)
    if not match or bool(match[2]) != bool(order.column):
        return None
    if not order.column:
        return (match[1], None, match[3]) if match[3].isdigit() and len(match[3]) < 19 else None
    try:
        return match[1], _EPOCH + timedelta(microseconds=int(match[2])), match[3]
    except OverflowError:
        return None


def _beyond(walk: Order, moment: Any, key: str) -> Q:
    """The first condition is the index's, the second tells rows of one moment apart."""
    beyond, from_ = ("lt", "lte") if walk.descending else ("gt", "gte")
    other_key = Q(**{f"pk__{beyond}": key})
    if walk.column is None:
        return other_key
    return Q(**{f"{walk.column}__{from_}": moment}) & (Q(**{f"{walk.column}__{beyond}": moment}) | other_key)


def _microseconds(moment: datetime) -> int:
    aware = django_timezone.make_aware(moment) if django_timezone.is_naive(moment) else moment
    return (aware - _EPOCH) // timedelta(microseconds=1)
