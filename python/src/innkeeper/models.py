"""The rows of the engine as Django's models; docs/formats.md has the columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import DatabaseError, connections, models, router, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from . import _engine
from .changes import KnowsChanges
from .clients import OfAClient
from .engines import site_engine
from .fields import MomentField, PastUserField, SessionKeyField
from .history import EndedSessionManager, refuse_to_write
from .signals import is_heard, session_ended

if TYPE_CHECKING:
    from django.http import HttpRequest

_BATCH = 500  # rows whose ids are held at a time


class SessionQuerySet(models.QuerySet["Session"]):
    def active(self) -> SessionQuerySet:
        return self.filter(**{f"{column}__gt": moment for column, moment in site_engine().active_bounds()})

    def expired(self) -> SessionQuerySet:
        over = models.Q()
        for column, moment in site_engine().active_bounds():
            over |= models.Q(**{f"{column}__lte": moment})
        return self.filter(over)

    def for_user(self, user: Any) -> SessionQuerySet:
        return self.filter(user=user)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Ends the sessions: their rows go (with Django's signals), history and caches learn of it at once."""
        return self.end()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def end(self, actor: str = "", reason: str = "revoked") -> tuple[int, dict[str, int]]:
        """delete(), with who did it ("user 42") and why for the history."""
        refused = self.query.is_sliced or self.query.distinct_fields or self.query.combinator
        if refused or self._fields is not None:  # type: ignore[attr-defined]
            return super().delete()  # says why it can't be
        self._for_write = True
        by_model: Counter[str] = Counter()
        last: str | None = ""
        while last is not None:
            with transaction.atomic(using=self.db):
                batch = list(self._keys_after(last, "user_id"))
                by_model += self._end_batch(batch, actor, reason)
            last = batch[-1][0] if len(batch) == _BATCH else None
        self._result_cache = None
        return by_model.total(), dict(by_model)

    def _end_batch(self, batch: list[Any], actor: str, reason: str) -> Counter[str]:
        """How many rows of which model went with these (session_key, user_id)."""
        rows = self.model._base_manager.using(self.db).filter(session_key__in=[key for key, _ in batch])
        if connections[self.db].features.has_select_for_update and is_heard(session_ended):
            # Of two that end the same sessions at once, one tells of each.
            batch = list(rows.select_for_update().order_by("session_key").values_list("session_key", "user_id"))
        removed, counts = models.QuerySet.delete(rows)
        gone = [(key, _user_text(user)) for key, user in batch] if removed else []
        site_engine().rows_removed(gone, reason, actor)
        return Counter(counts)

    end.alters_data = True  # type: ignore[attr-defined]
    end.queryset_only = True  # type: ignore[attr-defined]

    def update(self, **kwargs: Any) -> int:
        """Django's, and caches learn of it at once, whatever was changed.

        More rows than a batch are changed batch by batch, each in a transaction of its own unless one is open: so
        memory stays bounded, however many they are.
        """
        if "session_data" in kwargs:
            kwargs.setdefault("version", F("version") + 1)  # whoever holds the old payload merges
        elif any(kwargs.get(name, "") is None for name in ("user", "user_id")):
            raise ValueError("A session keeps the owner that its data names: end it with delete() instead.")
        self._for_write = True
        if self.query.is_sliced or self.query.distinct or self.query.combinator or "session_key" in kwargs:
            return self._update_at_once(kwargs)
        total, last = 0, ""
        while True:
            with transaction.atomic(using=self.db):
                batch = list(self._keys_after(last))
                rows = self.filter(session_key__in=batch).order_by()
                total += super(SessionQuerySet, rows).update(**kwargs)
                site_engine().rows_changed(batch)
            if len(batch) < _BATCH:
                return total
            last = batch[-1]

    def bulk_create(
        self,
        objs: Iterable[Session],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Session]:
        """Django's, and of rows that were there and are changed caches learn at once."""
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            known = (objs, batch_size, ignore_conflicts, update_conflicts, update_fields, unique_fields)
            rows = super().bulk_create(*known)
            if update_conflicts:
                self._announce_upserts([row.public_id for row in rows], update_fields or ())
        return rows

    bulk_create.alters_data = True  # type: ignore[attr-defined]

    def _announce_upserts(self, ids: list[str], fields: Collection[str]) -> None:
        """Which of them were there is not known, and does not matter."""
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            if "session_data" in fields and "version" not in fields:
                rows = self.model._base_manager.using(self.db).filter(session_key__in=batch)
                rows.update(version=F("version") + 1)  # whoever holds the old payload merges
            site_engine().rows_changed(batch)

    def _keys_after(self, last: str, *more: str) -> Any:
        """The next batch in the order of its keys; each a key, or, with `more` columns, a tuple that it begins."""
        rows = self.order_by("session_key")
        rows = rows.filter(session_key__gt=last) if last else rows
        return rows.values_list("session_key", *more, flat=not more)[:_BATCH]

    def _update_at_once(self, kwargs: dict[str, Any]) -> int:
        with transaction.atomic(using=self.db):
            changed = list(self.order_by().values_list("session_key", flat=True))
            count = super().update(**kwargs)
            site_engine().rows_changed(changed)
        return count

    update.alters_data = True  # type: ignore[attr-defined]


def _user_text(key: Any) -> str | None:
    """A user's key in the engine's words: "42", a UUID with hyphens."""
    return None if key is None else str(key)


def actor_of(user: Any) -> str:
    """Who did it, for the history."""
    return f"user {user.pk}"


def aware(value: datetime) -> datetime:
    return timezone.make_aware(value) if timezone.is_naive(value) else value


class SessionManager(BaseSessionManager["Session"]):
    """Written out, so that a type checker knows it without a plugin."""

    _queryset_class = SessionQuerySet

    def get_queryset(self) -> SessionQuerySet:
        queryset: SessionQuerySet = super().get_queryset()  # type: ignore[assignment]
        return queryset

    def all(self) -> SessionQuerySet:
        return self.get_queryset()

    def using(self, alias: str | None) -> SessionQuerySet:
        return self.get_queryset().using(alias)

    def filter(self, *args: Any, **kwargs: Any) -> SessionQuerySet:
        return self.get_queryset().filter(*args, **kwargs)

    def exclude(self, *args: Any, **kwargs: Any) -> SessionQuerySet:
        return self.get_queryset().exclude(*args, **kwargs)

    def active(self) -> SessionQuerySet:
        return self.get_queryset().active()

    def expired(self) -> SessionQuerySet:
        return self.get_queryset().expired()

    def for_user(self, user: Any) -> SessionQuerySet:
        return self.get_queryset().for_user(user)

    def end_others(self, request: HttpRequest) -> int:
        """Ends every session of the request's user but the request's own; how many.

        `bob.session_set.end_others(request)` ends Bob's, whoever asks.
        """
        by = request.user
        user = getattr(self, "instance", by)
        if user.pk is None:
            return 0
        key = request.session.session_key
        keep = [_engine.public_id(key)] if key else []
        return site_engine().revoke_all(str(user.pk), keep, "revoked", actor_of(by) if by.is_authenticated else "")

    end_others.alters_data = True  # type: ignore[attr-defined]

    def save(self, session_key: str, session_dict: dict[str, Any], expire_date: datetime) -> Session:
        """Django's, of a session that is there: its payload, its date and whose it is by the payload.

        Without data it ends. Where there is none of that key UpdateError is raised: only a SessionStore makes one,
        under a key that the engine issues.
        """
        rows = self.using(self._db or router.db_for_write(self.model)).filter(session_key=session_key)
        session = rows.first()
        if session is None:
            raise UpdateError
        if not session_dict:
            session.delete()
            return session
        values: dict[str, Any] = {"session_data": self.encode(session_dict), "expire_date": expire_date}
        if "_auth_user_id" in session_dict:
            values["user_id"] = get_user_model()._meta.pk.to_python(session_dict["_auth_user_id"])
        if not rows.update(**values):
            raise UpdateError
        return rows.get()

    save.alters_data = True  # type: ignore[attr-defined]


class Session(OfAClient, KnowsChanges, AbstractBaseSession):
    """A session. Its primary key is the digest of the key that the browser alone holds."""

    session_key = SessionKeyField(_("session id"), max_length=40, primary_key=True)
    expire_date = MomentField(_("expires"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, db_index=False, verbose_name=_("user")
    )
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    user_agent = models.CharField(_("User-Agent"), max_length=512, blank=True, default="")
    client_hints = models.CharField(_("client hints"), max_length=512, blank=True, default="")
    created_at = MomentField(_("started"), default=timezone.now)
    updated_at = MomentField(_("last saved"), default=timezone.now)
    last_activity = MomentField(_("last active"), default=timezone.now)
    version = models.BigIntegerField(_("version"), default=1)
    session_data = models.TextField(_("session data"))

    objects: ClassVar[SessionManager] = SessionManager()

    class Meta:
        db_table = "innkeeper_session"
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        permissions = (("view_session_data", _("Can view the data of a session")),)
        indexes = (
            models.Index(fields=["user", "expire_date"], name="innkeeper_session_user"),
            models.Index(fields=["expire_date", "session_key"], name="innkeeper_session_expire"),
            models.Index(fields=["last_activity", "session_key"], name="innkeeper_session_activity"),
        )

    def __str__(self) -> str:
        return self.public_id[:8]

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")

    @property
    def public_id(self) -> str:
        return _engine.public_id(self.session_key)

    def save(
        self,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Django's for a new row. Of one that was read, what was changed: what a browser saved meanwhile stays.

        Raises UpdateError where the session was ended meanwhile: it does not come back.
        """
        if self._state.adding or force_insert or using not in (None, self._state.db):
            super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)
            self._note_read()
        else:
            fields = self._changed() if update_fields is None else {*update_fields}
            self._save_fields(using, fields)
            self._note_read(fields)
        site_engine().rows_changed([self.public_id])

    def _save_fields(self, using: str | None, fields: set[str]) -> None:
        using = using or router.db_for_write(type(self), instance=self)
        rows = type(self)._base_manager.using(using).filter(pk=self.pk)
        over = UpdateError(f"Session {self} was ended meanwhile: it is not saved.")
        if "session_key" in fields or not (fields or rows.exists()):
            raise over
        try:
            with transaction.atomic(using=using):
                if "session_data" in fields:
                    rows.update(version=F("version") + 1)  # whoever holds the old payload merges
                super().save(force_update=bool(fields), using=using, update_fields=fields)
        except DatabaseError:  # Django's word for it; every other is itself
            if rows.exists():
                raise
            raise over from None
        if "session_data" in fields:
            self.refresh_from_db(using=using, fields=["version"])

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Ends the session: the row goes, history and caches learn of it at once."""
        return self.end("", using, keep_parents)

    def end(self, actor: str, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """delete(), with who did it ("user 42") for the history."""
        row = self.public_id, _user_text(self.user_id)
        using = using or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=using):
            result = super().delete(using, keep_parents)
            site_engine().rows_removed([row] if result[0] else [], "revoked", actor)
        return result

    @property
    def ends_at(self) -> datetime:
        """When it ends if nobody uses it again: expire_date, or a timeout that comes earlier."""
        moment = site_engine().ends_at(*(aware(at) for at in (self.expire_date, self.last_activity, self.created_at)))
        return moment if settings.USE_TZ else timezone.make_naive(moment)

    def is_active(self) -> bool:
        return all(aware(getattr(self, column)) > moment for column, moment in site_engine().active_bounds())


class EndedSession(OfAClient, models.Model):
    """A session that ended: history for people, and the feed that every cache follows. Written by triggers."""

    id = models.BigAutoField(primary_key=True)
    session_key = SessionKeyField(_("session id"), max_length=40)
    user = PastUserField(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("user"),
    )
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    user_agent = models.CharField(_("User-Agent"), max_length=512, default="")
    created_at = MomentField(_("started"), null=True)
    ended_at = MomentField(_("ended"))
    reason = models.CharField(_("reason"), max_length=16)
    actor = models.CharField(_("by"), max_length=255, default="")

    objects = EndedSessionManager()

    class Meta:
        db_table = "innkeeper_ended"
        verbose_name = _("ended session")
        verbose_name_plural = _("ended sessions")
        indexes = (
            models.Index(fields=["session_key"], name="innkeeper_ended_session"),
            models.Index(fields=["ended_at"], name="innkeeper_ended_at"),
            models.Index(fields=["user", "id"], name="innkeeper_ended_user"),
        )

    def __str__(self) -> str:
        return f"{self.session_key[:8]}: {self.reason}"

    # A fixture's rows (loaddata) come by another way.
    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_to_write()

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_to_write()

    client_hints = ""
