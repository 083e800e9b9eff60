"""Django's own connection, in the words of the engine's driver `host` (python/bindings/host_database.h)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timezone
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connections, router, transaction
from django.db.transaction import Atomic


@lru_cache(maxsize=512)
def _django_sql(sql: str) -> str:
    """The engine writes `?` for a parameter and has no other question mark; Django wants `%s`."""
    return sql.replace("%", "%%").replace("?", "%s")


def _keep_time_zones(cursor: Any) -> None:
    """Without USE_TZ Django takes the zone off what PostgreSQL sends, and an hour of every autumn comes twice."""
    try:
        from psycopg.types.datetime import TimestamptzLoader
    except ImportError:  # psycopg 2
        cursor.tzinfo_factory = timezone
    else:
        cursor.adapters.register_loader("timestamptz", TimestamptzLoader)


class Connection:
    """The thread's connection to one database, for as long as the engine needs it."""

    __slots__ = ("_alias", "_atomics", "_connection", "vendor")

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._connection: Any = connections[alias]
        self._atomics: list[tuple[Atomic, bool]] = []
        self.vendor: str = self._connection.vendor

    def query(self, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            if self.vendor == "postgresql" and not settings.USE_TZ:
                _keep_time_zones(cursor.cursor)
            cursor.execute(_django_sql(sql), parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def execute(self, sql: str, parameters: list[Any]) -> int:
        with self._connection.cursor() as cursor:
            # Without parameters a statement is taken as it is: a trigger's may hold a % of its own.
            cursor.execute(_django_sql(sql) if parameters else sql, parameters or None)
            return max(int(cursor.rowcount), 0)

    def begin(self) -> None:
        foreign = self.in_transaction()
        if foreign and not self._connection.in_atomic_block and self.vendor == "sqlite":
            # In manual transactions SQLite would take the savepoint for a transaction, and commit at its end.
            if not self._connection.connection.in_transaction:
                self._connection.cursor().execute("BEGIN")
        atomic = transaction.atomic(using=self._alias)
        atomic.__enter__()
        self._atomics.append((atomic, foreign))

    def commit(self) -> None:
        atomic, _ = self._atomics.pop()
        atomic.__exit__(None, None, None)

    def rollback(self) -> None:
        atomic, _ = self._atomics.pop()
        atomic.__exit__(RuntimeError, RuntimeError("rolled back"), None)

    def in_transaction(self) -> bool:
        if self._atomics:
            return self._atomics[0][1]
        return bool(self._connection.in_atomic_block or not self._connection.get_autocommit())

    def on_commit(self, function: Callable[[], None]) -> None:
        if not self._connection.in_atomic_block and not self._connection.get_autocommit():
            # Nobody tells when such a transaction ends. The feed has every end and the announcement every save, so
            # no cache serves anything old for the lack of this call.
            return
        transaction.on_commit(function, using=self._alias)


class Database:
    """Where the engine takes connections: the router's choice for writing, which never lags behind."""

    def __init__(self, alias: str | None = None) -> None:
        self._alias = alias

    def connect(self) -> Connection:
        return Connection(self._alias or database_alias())


def database_alias() -> str:
    from .models import Session

    return router.db_for_write(Session)
