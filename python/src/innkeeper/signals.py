"""What happens to sessions, as signals of Django's.

Each is sent after the commit, by the process and thread that did it, once, with `sender` the class Session. A
receiver that raises is logged (logger `django.dispatch`) and stops nobody. The database is asked nothing more than
without receivers, but for `new_device` (two statements at a sign-in) and, where rows can be locked, `session_ended`
(one for each batch that a QuerySet or, in MariaDB, clearsessions removes). What another process or the C++ program does
is not sent here; it stands in the history (EndedSession).

Arguments that several have: `session_id`, the public id (never a key); `user_id`, the user's primary key, None for a
visitor's session.
"""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

from django.db import transaction
from django.dispatch import Signal

from . import _engine
from .device import DeviceInfo, device_reader, read_device
from .location import find_location

__all__ = ["Client", "client_changed", "new_device", "session_ended", "session_started"]

#: A session started: a visitor's was saved for the first time, or a user signed in, in a new session or in a
#: visitor's. Arguments: session_id, user_id, client (a Client).
session_started = Signal()

#: A session is used from another address or by another browser than before. Noted at most once per
#: SESSION_ACTIVITY_INTERVAL. Arguments: session_id, user_id, before and now (each a Client).
client_changed = Signal()

#: A user signed in from a device that none of their sessions had, those of the history included
#: (SESSION_HISTORY_AGE). A device is known by the names of browser, system and hardware; versions don't count.
#: Arguments: session_id, user_id, client, and first: no session of this user is known at all.
new_device = Signal()

#: A session's row was removed. Arguments: session_id, user_id, reason ("signed out", "revoked", "expired" when
#: clearsessions removes it, "removed" with its user), actor ("user 42"; empty where nobody said).
session_ended = Signal()

_log = logging.getLogger("innkeeper")


class Client(NamedTuple):
    """What is known of a browser and where it is."""

    ip: str | None
    user_agent: str
    client_hints: str

    @property
    def device_info(self) -> DeviceInfo | None:
        return read_device(self.user_agent, self.client_hints) if self.user_agent else None

    @property
    def device(self) -> str:
        """For people, in the active language: "Firefox 128 on Linux"; empty where nothing is known."""
        return self.device_info.sentence if self.device_info else ""

    @property
    def location(self) -> str:
        """ "Lyon, France"; empty where no file at GEOIP_PATH knows the address."""
        place = find_location(self.ip)
        return place[0] if place else ""


class Dispatcher:
    """What the engine tells (src/engine/observer.h), sent on as signals."""

    def wants(self, event: str) -> bool:
        if event == "started":
            return is_heard(session_started) or is_heard(new_device)
        return is_heard(client_changed if event == "client_changed" else session_ended)

    def devices(self) -> _engine.DeviceReader | None:
        return device_reader() if is_heard(new_device) else None

    def started(
        self,
        session_id: str,
        user_id: str | None,
        ip: str | None,
        user_agent: str,
        client_hints: str,
        is_new: bool,
        is_first: bool,
    ) -> None:
        about = {
            "session_id": session_id,
            "user_id": _user_key(user_id),
            "client": Client(ip, user_agent, client_hints),
        }
        _send(session_started, **about)
        if is_new:
            _send(new_device, **about, first=is_first)

    def client_changed(self, session_id: str, user_id: str | None, before: Any, now: Any) -> None:
        _send(
            client_changed,
            session_id=session_id,
            user_id=_user_key(user_id),
            before=Client(*before),
            now=Client(*now),
        )

    def ended(self, sessions: list[tuple[str, str | None, str, str]]) -> None:
        for session_id, user_id, reason, actor in sessions:
            _send(session_ended, session_id=session_id, user_id=_user_key(user_id), reason=reason, actor=actor)


def announce_cascade(*, instance: Any, using: str, **_: Any) -> None:
    """Receiver of a user's pre_delete: the user's sessions go by a cascade."""
    if not is_heard(session_ended):
        return
    keys = _sender().objects.using(using).filter(user=instance).values_list("session_key", flat=True)
    gone: list[tuple[str, str | None, str, str]] = [(key, str(instance.pk), "removed", "") for key in keys]
    transaction.on_commit(lambda: Dispatcher().ended(gone), using=using)


def _sender() -> Any:
    from .models import Session

    return Session


def is_heard(signal: Signal) -> bool:
    """Whether anybody listens to a signal about sessions."""
    return bool(signal.has_listeners(_sender()))


def _send(signal: Signal, **about: Any) -> None:
    try:
        signal.send_robust(sender=_sender(), **about)
    except Exception:  # send_robust lets through what goes wrong around a receiver, such as an event loop's refusal
        _log.exception("a signal could not be sent for session %s", about["session_id"])


def _user_key(text: str | None) -> Any:
    """The engine's text as the user model's key."""
    if text is None:
        return None
    return _sender()._meta.get_field("user").target_field.to_python(text)
