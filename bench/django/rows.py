"""Rows for the tables: what each package keeps of a session, written by SQL alone."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from sites import USER_AGENTS

# With who is signed in, some 300 bytes of JSON, as in the other benchmarks.
CART = [{"article": 4711, "name": "Tea pot, blue", "count": 1}, {"article": 815, "name": "Cup, 250 ml", "count": 6}]


def address(number: int) -> str:
    """One of the addresses whose place the demo's file knows."""
    return f"{('192.0.2', '198.51.100', '203.0.113')[number % 3]}.{number * 7 % 240}"


def make_users(count: int) -> list[Any]:
    from django.contrib.auth.models import User

    User.objects.bulk_create(
        User(username=f"user{n}", email=f"user{n}@example.org", password="!", is_staff=n == 0, is_superuser=n == 0)
        for n in range(count)
    )
    return list(User.objects.order_by("pk"))


def _rows(count: int, users: list[Any], payload: str, expires: datetime) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    now = datetime.now(timezone.utc)
    for number in range(count):
        began = now - timedelta(seconds=chance.randrange(14 * 86400))
        yield {
            "session_key": hashlib.sha256(f"session {number}".encode()).hexdigest()[:40],
            "session_data": payload,
            "expire_date": expires + (began - now),
            "user_id": users[number % len(users)].pk if users else None,
            "ip": address(number),
            "user_agent": chance.choice(USER_AGENTS),
            "client_hints": "",
            "created_at": began,
            "updated_at": began,
            "last_activity": began,
            "last_seen_at": began,
            "version": 1,
            "data": "{}",
        }


_MADE = 10_000  # rows that differ; more are copies of them under keys of their own


def fill(model: Any, count: int, users: list[Any], payload: str, expires: datetime) -> None:
    """`count` rows of the model's table; of each what it has columns for."""
    from django.db import connection, transaction

    rows = list(_rows(min(count, _MADE), users, payload, expires))
    columns = [field.column for field in model._meta.concrete_fields if field.column in rows[0]]
    names, table = ", ".join(columns), model._meta.db_table
    places = ", ".join(["%s"] * len(columns))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({places})",
            [[_text(row[column]) for column in columns] for row in rows],
        )
        copied = names.replace("session_key", "lower(hex(randomblob(20)))")
        for done in range(_MADE, count, _MADE):
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {copied} FROM {table} WHERE rowid <= %s",
                [min(_MADE, count - done)],
            )


def _text(value: Any) -> Any:
    """A time as Django's SQLite keeps it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=value.microsecond or 1).isoformat(" ")
    return value
