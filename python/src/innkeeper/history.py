"""What the history may be asked, and that nobody writes it: the database's triggers do, and every cache follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.db import NotSupportedError, models

if TYPE_CHECKING:
    from .models import EndedSession


def refuse_to_write() -> NoReturn:
    raise NotSupportedError(
        "EndedSession is read-only: the database's triggers write it, and every cache follows it. End sessions by "
        "Session.objects; clearsessions removes what is older than SESSION_HISTORY_AGE."
    )


class EndedSessionQuerySet(models.QuerySet["EndedSession"]):
    """Reads. The async methods and `get_or_create` go through these."""

    def create(self, **kwargs: Any) -> NoReturn:
        refuse_to_write()

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_to_write()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_to_write()

    def update(self, **kwargs: Any) -> NoReturn:
        refuse_to_write()

    def delete(self) -> NoReturn:
        refuse_to_write()

    # As in Django's own: no template may call it.
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class EndedSessionManager(models.Manager["EndedSession"]):
    _queryset_class = EndedSessionQuerySet

    def get_queryset(self) -> models.QuerySet[EndedSession]:
        return super().get_queryset().exclude(reason="changed")  # for the caches alone: nobody was signed out
