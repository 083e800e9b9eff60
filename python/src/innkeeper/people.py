"""Sessions and moments as people read them, in the active language: for the pages and the admin."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from django.utils import timezone as django_timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .conf import seconds

_DAY = timedelta(days=1)


class SessionLine(NamedTuple):
    """A session as a template shows it."""

    id: str  # the public id, fit for URLs
    device: str  # "Firefox 128 on Linux"
    kind: str  # desktop, phone, tablet, bot, other
    place: str  # "Lyon, France", or empty
    address: str  # or empty
    started: str  # a <time>
    last_active: str  # a <time>
    active_now: bool
    this_session: bool


def session_line(row: Any, own_id: str = "") -> SessionLine:
    info = row.device_info
    this_session = row.public_id == own_id
    return SessionLine(
        id=row.public_id,
        device=info.sentence if info else _("Unknown device"),
        kind=info.kind if info else "other",
        place=row.location,
        address=row.ip or "",
        started=time_element(row.created_at),
        last_active=time_element(row.last_activity),
        active_now=this_session or _age(row.last_activity) < _still_there(),
        this_session=this_session,
    )


def _still_there() -> timedelta:
    """Activity is written at most once an interval, so a session in use may look this old."""
    return timedelta(seconds=2 * (seconds("SESSION_ACTIVITY_INTERVAL", 60) or 60))


def _aware(moment: datetime) -> datetime:
    return django_timezone.make_aware(moment) if django_timezone.is_naive(moment) else moment


def _local(moment: datetime) -> datetime:
    return moment if django_timezone.is_naive(moment) else django_timezone.localtime(moment)


def _age(moment: datetime) -> timedelta:
    return datetime.now(timezone.utc) - _aware(moment)


def time_element(moment: datetime) -> str:
    """A moment as `<time>`: how long ago for people, the date in the title, UTC for machines."""
    aware = _aware(moment)
    local = _local(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        aware.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        date_format(local, "DATETIME_FORMAT"),
        time_ago(moment),
    )


def time_ago(moment: datetime) -> str:
    """ "2 hours ago", "yesterday"; from sixty days on "on March 5, 2026". Stands after a verb."""
    age = _age(moment)
    if age < timedelta(minutes=1):
        return _("just now")
    if age < timedelta(hours=1):
        minutes = age // timedelta(minutes=1)
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    if age < _DAY:
        hours = age // timedelta(hours=1)
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    if age < 2 * _DAY:
        return _("yesterday")
    if age < 60 * _DAY:
        return ngettext("%(count)d day ago", "%(count)d days ago", age.days) % {"count": age.days}
    return _("on %(date)s") % {"date": date_format(_local(moment), "DATE_FORMAT")}
