"""Which columns of a model's row were changed since it was read."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

if TYPE_CHECKING:
    from typing_extensions import Self


class KnowsChanges(models.Model):
    """A row that remembers what was read of it."""

    _read: ClassVar[dict[str, Any]] = {}  # each instance's own, from its first read or save on

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        row = super().from_db(db, field_names, values, **more)
        row.__dict__["_read"] = dict(zip(field_names, values))
        return row

    def refresh_from_db(self, using: str | None = None, fields: Any = None, *args: Any, **more: Any) -> None:
        super().refresh_from_db(using, fields, *args, **more)
        wanted = None if fields is None else {*fields}
        self._note_read(wanted)

    def _note_read(self, wanted: set[str] | None = None) -> None:
        """What these columns (None: all) hold now is what the database has."""
        values = {
            field.attname: self.__dict__[field.attname]
            for field in self._meta.concrete_fields
            if field.attname in self.__dict__ and (wanted is None or wanted & {field.name, field.attname})
        }
        self.__dict__["_read"] = {**self._read, **values}

    def _changed(self) -> set[str]:
        """The names of the fields that hold another value than was read. One that was not read holds none."""
        unread = object()
        return {
            field.name
            for field in self._meta.concrete_fields
            if field.attname in self.__dict__ and self._read.get(field.attname, unread) != self.__dict__[field.attname]
        }
