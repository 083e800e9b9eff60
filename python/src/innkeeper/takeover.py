"""Sessions of other packages, taken over: keys become digests, payloads stay signed, clients go into columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from . import _engine, conf
from .models import EndedSession, Session

TABLES = {
    "django.contrib.sessions": "django_session",
    "qsessions": "qsessions_session",
    "django_user_sessions_ng": "django_user_sessions_ng_user_sessions",
    "user_sessions": "user_sessions_session",
}
# What others put into the payload is in columns here.
_IP = ("_qsessions_ip", "_django_user_sessions_ng_session_ip")
_USER_AGENT = ("_qsessions_user_agent", "_django_user_sessions_ng_session_device")
_SALTS = (conf.SALT, "django_user_sessions_ng.SessionStore")
_NEEDED = ("session_key", "session_data", "expire_date")
_COLUMNS = (
    *_NEEDED,
    "user_id",
    "ip",
    "user_agent",
    "created_at",
    "updated_at",
    "last_activity",
)


@dataclass
class Report:
    taken: int = 0
    present: int = 0
    ended: int = 0  # here, since an earlier run took them over
    expired: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # public id, reason


class _RefusedError(Exception):
    """A session that can't be taken over."""


class NoSessionsError(Exception):
    """A table that holds none."""


class Migrator:
    def __init__(self, connection: Any, table: str, *, dry_run: bool) -> None:
        self._connection = connection
        self._dry_run = dry_run
        self._serializer = conf.serializer()
        with connection.cursor() as cursor:
            there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
        if lacking := [name for name in _NEEDED if name not in there]:
            raise NoSessionsError(f"The table {table} has no column {', '.join(lacking)}: it keeps no sessions.")
        self._columns = [name for name in _COLUMNS if name in there]
        quote = connection.ops.quote_name
        names = ", ".join(map(quote, self._columns))
        key = quote("session_key")
        self._table = quote(table)
        self._sql = f"SELECT {names} FROM {quote(table)} WHERE {key} > %s ORDER BY {key} LIMIT %s"

    def count(self) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {self._table}")
            return int(cursor.fetchone()[0])

    def run(self, batch_size: int, report: Report) -> Iterator[int]:
        """Goes through the table in the order of its keys; after each batch, how many rows it has seen."""
        last, done = "", 0
        while rows := self._read(last, batch_size):
            self._take(rows, report)
            last, done = rows[-1]["session_key"], done + len(rows)
            yield done

    def _read(self, after: str, count: int) -> list[dict[str, Any]]:
        with self._connection.cursor() as cursor:
            cursor.execute(self._sql, [after, count])
            return [dict(zip(self._columns, row)) for row in cursor.fetchall()]

    def _take(self, rows: list[dict[str, Any]], report: Report) -> None:
        sessions = []
        for row in rows:
            try:
                session = self._session(row)
            except _RefusedError as refused:
                # What has no form of a key is a key all the same where it comes from: only its beginning is shown.
                identifier = _engine.public_id(row["session_key"])
                report.refused.append((identifier if len(identifier) == 40 else identifier[:4] + "…", str(refused)))
                continue
            if session.expire_date <= timezone.now():
                report.expired += 1
            else:
                sessions.append(session)
        self._store(sessions, report)

    def _store(self, sessions: list[Session], report: Report) -> None:
        alias = self._connection.alias
        with transaction.atomic(using=alias):
            present, ended = self._known([session.pk for session in sessions])
            owners = {session.user_id for session in sessions if session.user_id is not None}
            users = set(get_user_model()._base_manager.using(alias).filter(pk__in=owners).values_list("pk", flat=True))
            fresh = []
            for session in sessions:
                if session.pk in present:
                    report.present += 1
                elif session.pk in ended:
                    report.ended += 1
                elif session.user_id is not None and session.user_id not in users:
                    report.refused.append((session.pk, "its user is gone"))
                else:
                    fresh.append(session)
            report.taken += len(fresh)
            if not self._dry_run:
                Session.objects.using(alias).bulk_create(fresh)

    def _known(self, ids: list[str]) -> tuple[set[str], set[str]]:
        """Which of them are here, and which were, and ended or got another key: those must not come back.

        In this order: what ends between the two questions is found by the first.
        """
        alias = self._connection.alias
        here = Session._base_manager.using(alias).filter(session_key__in=ids)
        present = set(here.values_list("session_key", flat=True))
        gone = EndedSession._base_manager.using(alias).filter(session_key__in=ids)  # a changed key's old one included
        return present, set(gone.values_list("session_key", flat=True))

    def _session(self, row: dict[str, Any]) -> Session:
        key = row["session_key"]
        if not _engine.is_key(key):
            raise _RefusedError("its key has not the form of a key")
        signed = row["session_data"]
        data, salt = self._decoded(signed)
        members = len(data)
        ip = _taken_out(data, _IP) or row.get("ip")
        user_agent = _taken_out(data, _USER_AGENT) or row.get("user_agent")
        if salt != conf.salt() or len(data) != members:
            signed = signing.dumps(data, salt=conf.salt(), serializer=self._serializer, compress=True)
        started = self._time(row.get("created_at") or row.get("last_activity"))
        return Session(
            session_key=_engine.public_id(key),
            session_data=signed,
            expire_date=self._time(row["expire_date"]),
            user_id=self._owner(data, row),
            ip=_engine.address(str(ip)) if ip else None,
            user_agent=str(user_agent or "")[:512],
            created_at=started,
            updated_at=self._time(row.get("updated_at") or row.get("created_at") or row.get("last_activity")),
            last_activity=self._time(row.get("last_activity") or row.get("updated_at")),
        )

    def _decoded(self, signed: str) -> tuple[dict[str, Any], str]:
        for salt in dict.fromkeys((conf.salt(), *_SALTS)):
            try:
                data = signing.loads(signed, salt=salt, serializer=self._serializer)
            except signing.BadSignature:
                continue
            except Exception as error:
                raise _RefusedError(f"its payload is signed, but can't be read ({type(error).__name__})") from None
            if isinstance(data, dict):
                return data, salt
            raise _RefusedError("its payload is no dict")
        raise _RefusedError("no key of SECRET_KEY and SECRET_KEY_FALLBACKS verifies its payload")

    def _owner(self, data: dict[str, Any], row: dict[str, Any]) -> Any:
        """The user whom the payload is signed in as, as Django's sign-in reads it; else the column's."""
        key: models.Field[Any, Any] = get_user_model()._meta.pk
        value = data.get("_auth_user_id", row.get("user_id"))
        if value is None:
            return None
        try:
            return key.to_python(value)
        except ValidationError:
            raise _RefusedError("its owner is no key of the user model") from None

    def _time(self, value: datetime | None) -> datetime:
        """As the database gave it: naive times are in the connection's zone with USE_TZ, and local without."""
        if value is None:
            return timezone.now()
        if settings.USE_TZ and timezone.is_naive(value):
            return timezone.make_aware(value, self._connection.timezone)
        return value


def _taken_out(data: dict[str, Any], names: tuple[str, ...]) -> Any:
    found = None
    for name in names:
        found = data.pop(name, None) or found
    return found
