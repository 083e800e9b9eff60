"""Sessions of other packages, taken over: keys become digests, payloads stay signed, clients go into columns.

The other package may serve on after a run. So a copy has the version 0, and 1 after its first save here, as a session
that began here: what still has 0 is the other package's to change, and to end, until the last run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
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
_LARGEST_BITS = 63  # of an integer in a column
_COPY = 0  # the version of what has not been saved here
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
    renewed: int = 0  # of the present: what the other package saved since an earlier run
    gone: int = 0  # which the other package ended since an earlier run
    ended: int = 0  # here, since an earlier run took them over
    expired: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # public id, reason


class _RefusedError(Exception):
    """A session that can't be taken over."""


class NoSessionsError(Exception):
    """A table that holds none."""


class _SignerOf(signing.TimestampSigner):
    """Signs anew with the time that a signed text has: what nobody saved since becomes the same text again."""

    def __init__(self, signed: str) -> None:
        super().__init__(salt=conf.salt())
        self._timestamp = signed.rsplit(self.sep, 2)[1]

    def timestamp(self) -> str:
        return self._timestamp


class Migrator:
    def __init__(self, connection: Any, table: str, *, dry_run: bool) -> None:
        self._connection = connection
        self._dry_run = dry_run
        self._serializer = conf.serializer()
        there = self._columns_of(table)
        if lacking := [name for name in _NEEDED if name not in there]:
            raise NoSessionsError(f"The table {table} has no column {', '.join(lacking)}: it keeps no sessions.")
        self._columns = [name for name in _COLUMNS if name in there]
        quote = connection.ops.quote_name
        names = ", ".join(map(quote, self._columns))
        key = quote("session_key")
        self._name, self._table = table, quote(table)
        self._sql = f"SELECT {names} FROM {quote(table)} WHERE {key} > %s ORDER BY {key} LIMIT %s"
        self._missing: set[bytes] = set()  # copies that have not been met in the table

    def count(self) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {self._table}")
            return int(cursor.fetchone()[0])

    def run(self, batch_size: int, report: Report) -> Iterator[int]:
        """Goes through the table in the order of its keys; after each batch, how many rows it has seen."""
        self._missing = self._copies()  # before it looks: what another run takes over meanwhile is not among them
        last, done = "", 0
        while rows := self._read(last, batch_size):
            self._take(rows, report)
            last, done = rows[-1]["session_key"], done + len(rows)
            yield done
        self._end_missing(batch_size, report)

    def _columns_of(self, table: str) -> set[str]:
        with self._connection.cursor() as cursor:
            description = self._connection.introspection.get_table_description(cursor, table)
        return {column.name for column in description}

    def _copies(self) -> set[bytes]:
        copies = Session.objects.using(self._connection.alias).active().filter(version=_COPY)
        return {bytes.fromhex(id) for id in copies.values_list("session_key", flat=True).iterator()}

    def _end_missing(self, batch_size: int, report: Report) -> None:
        """Ends the copies of what the other package has no longer: signed out there is signed out."""
        if self._missing:
            self._spare_other_sources()
        ids = sorted(id.hex() for id in self._missing)
        copies = Session.objects.using(self._connection.alias).active().filter(version=_COPY)
        for start in range(0, len(ids), batch_size):
            gone = copies.filter(session_key__in=ids[start : start + batch_size])
            report.gone += gone.count() if self._dry_run else gone.end(reason="removed")[1].get(Session._meta.label, 0)

    def _spare_other_sources(self) -> None:
        """A copy doesn't say which table it came from: what is in another one that keeps sessions stays."""
        for table in self._connection.introspection.table_names():
            if table in (self._name, Session._meta.db_table):
                continue
            try:
                with transaction.atomic(using=self._connection.alias):
                    keeps_sessions = self._columns_of(table).issuperset(_NEEDED)
            except DatabaseError:
                continue  # not ours to read, so nothing came from there
            if keeps_sessions:
                self._spare(table)

    def _spare(self, table: str) -> None:
        quote = self._connection.ops.quote_name
        with self._connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {quote('session_key')} FROM {quote(table)}")
            while rows := cursor.fetchmany(1000):
                self._missing.difference_update(_id(key) for (key,) in rows)

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
                self._missing.discard(_id(row["session_key"]))
                report.refused.append((identifier if len(identifier) == 40 else identifier[:4] + "…", str(refused)))
                continue
            if session.expire_date <= timezone.now():
                report.expired += 1
            else:
                self._missing.discard(bytes.fromhex(session.pk))
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
                    owned = session.user_id is None or session.user_id in users
                    report.renewed += owned and self._renew(session, present[session.pk])
                elif session.pk in ended:
                    report.ended += 1
                elif session.user_id is not None and session.user_id not in users:
                    report.refused.append((session.pk, "its user is gone"))
                else:
                    fresh.append(session)
            report.taken += len(fresh)
            if not self._dry_run:
                Session.objects.using(alias).bulk_create(fresh)

    def _renew(self, session: Session, payload: str | None) -> bool:
        """Takes what the other package saved since it was copied, if the copy has not been saved here."""
        if payload in (None, session.session_data):
            return False
        copy = Session.objects.using(self._connection.alias).active().filter(pk=session.pk, version=_COPY)
        if self._dry_run:
            return copy.exists()
        last_activity = copy.values_list("last_activity", flat=True).first()
        if last_activity is None:
            return False
        return bool(
            copy.update(
                session_data=session.session_data,
                expire_date=session.expire_date,
                user_id=session.user_id,
                updated_at=session.updated_at,
                last_activity=max(last_activity, session.last_activity),
                version=_COPY,
            )
        )

    def _known(self, ids: list[str]) -> tuple[dict[str, str | None], set[str]]:
        """Which of them are here, and which were, and ended or got another key: those must not come back.

        Of those here that are copies still, the payload as well.
        In this order: what ends between the two questions is found by the first.
        """
        alias = self._connection.alias
        here = Session._base_manager.using(alias).filter(session_key__in=ids)
        present: dict[str, str | None] = dict.fromkeys(here.values_list("session_key", flat=True))
        present.update(here.filter(version=_COPY).values_list("session_key", "session_data"))
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
            signed = _SignerOf(signed).sign_object(data, serializer=self._serializer, compress=True)
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
            version=_COPY,
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
        key = conf.user_key()
        value = data.get("_auth_user_id", row.get("user_id"))
        if value is None:
            return None
        try:
            owner = key.to_python(value)
            key.run_validators(owner)
        except (ValidationError, OverflowError):
            raise _RefusedError("its owner is no key of the user model") from None
        if isinstance(owner, int) and owner.bit_length() > _LARGEST_BITS:  # Django asks SQLite's range from 5.0 on
            raise _RefusedError("its owner is no key of the user model")
        return owner

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


def _id(key: str) -> bytes:
    return bytes.fromhex(_engine.public_id(key)) if _engine.is_key(key) else b""
