"""The three kinds of columns that Django has no field for."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.utils import timezone as django_timezone

from . import _engine


class SessionKeyField(models.CharField):  # type: ignore[type-arg]
    """The digest of a session's key. What has the form of a key is digested, so looking up by a cookie works."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return _engine.public_id(value) if isinstance(value, str) else value


class MomentField(models.DateTimeField):  # type: ignore[type-arg]
    """A time that stands in the database in UTC, as the engine's do, whatever USE_TZ and DATABASES' TIME_ZONE say."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not prepared:
            value = self.get_prep_value(value)
        if isinstance(value, datetime) and not _has_zones(connection):
            aware = django_timezone.make_aware(value) if django_timezone.is_naive(value) else value
            value = aware.astimezone(timezone.utc).replace(tzinfo=None)
        return super().get_db_prep_value(value, connection, prepared=True)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if not isinstance(value, datetime) or _has_zones(connection):
            return value
        if not settings.USE_TZ:
            return django_timezone.make_naive(value.replace(tzinfo=timezone.utc))
        if connection.timezone is timezone.utc:
            return value
        # Django has taken what stands there for a time in the connection's zone.
        return django_timezone.make_naive(value, connection.timezone).replace(tzinfo=timezone.utc)


class _PerhapsGone(ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    def get_object(self, instance: Any) -> Any:
        try:
            return super().get_object(instance)
        except ObjectDoesNotExist:
            return None


class PastUserField(models.ForeignKey):  # type: ignore[type-arg]
    """A user who may be deleted since: None then, as with select_related(), and the key stays in the column."""

    forward_related_accessor_class = _PerhapsGone

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.ForeignKey", arguments, options  # the column is no other


def _has_zones(connection: Any) -> bool:
    return bool(connection.features.supports_timezones)
