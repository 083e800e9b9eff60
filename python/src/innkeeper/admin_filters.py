"""The filters of the admin's lists."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Func, TextField
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ValidityFilter(admin.SimpleListFilter):
    title = _("validity")
    parameter_name = "validity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("active", _("Active")), ("expired", _("Expired"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value()
        return getattr(queryset, wanted)() if wanted in ("active", "expired") else queryset


class OwnerFilter(admin.SimpleListFilter):
    title = _("owner")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("self", _("Myself")), ("users", _("Signed in")), ("visitors", _("Visitors"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "self":
            return queryset.filter(user=request.user.pk)
        if self.value() in ("users", "visitors"):
            return queryset.alias(owner_id=Unindexed("user_id")).filter(owner_id__isnull=self.value() == "visitors")
        return queryset


class Unindexed(Func):
    """A column whose index SQLite shall leave alone: a list is walked in its order, not sorted.

    The others know by their statistics that half of all rows are no narrow choice.
    """

    template = "%(expressions)s"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


# Why a session ended: the words of the column, and those for people.
REASONS = {
    "signed out": _("signed out"),
    "revoked": _("revoked"),
    "expired": _("expired"),
    "shortened": _("shortened"),
    "removed": _("removed"),
}


class ReasonFilter(admin.SimpleListFilter):
    """Django's own would ask the whole table which reasons there are."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(REASONS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(reason=self.value()) if self.value() in REASONS else queryset


class UserFilter(admin.SimpleListFilter):
    """One user's: chosen with the admin's autocomplete where the user model's admin has search_fields, else by name."""

    title = _("user")
    parameter_name = "user"
    template = "admin/innkeeper/user_filter.html"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.field = model._meta.get_field("user")
        self.site = model_admin.admin_site
        self.user: Any = _find_user(self.value())
        self.completes = can_complete(request, self.site)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return []

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        return queryset.filter(user=self.user.pk) if self.user else queryset.none()

    def choices(self, changelist: Any) -> Any:
        """For the template: the form, what else the address holds, and the way back."""
        others = [
            (name, value) for name, value in changelist.params.items() if name not in (self.parameter_name, PAGE_VAR)
        ]
        yield {
            "others": others,
            "chosen": self.value() and (self.user or self.value()),
            "key": str(self.user.pk) if self.user else "",
            "name": self.user.get_username() if self.user else self.value() or "",
            "select": self._select() if self.completes else "",
            "all_url": changelist.get_query_string(remove=[self.parameter_name]),
        }

    def _select(self) -> str:
        """The attributes of the `<select>` that the admin's autocomplete takes over.

        Without a placeholder a screen reader has no name for what select2 shows.
        """
        widget = AutocompleteSelect(self.field, self.site)
        return flatatt({**widget.build_attrs({}), "data-placeholder": str(_("User name"))})


def can_complete(request: HttpRequest, site: Any) -> bool:
    """Whether the admin's autocomplete view would answer this person about users."""
    user_admin = site._registry.get(get_user_model())
    return bool(user_admin and user_admin.get_search_fields(request) and user_admin.has_view_permission(request))


def _find_user(text: str | None) -> Any:
    """By primary key, or by name."""
    if not text or "\0" in text:  # PostgreSQL refuses such a text
        return None
    model: Any = get_user_model()
    try:
        found = model._default_manager.filter(pk=model._meta.pk.clean(text, None)).first()
    except (ValidationError, OverflowError):  # no key, or none that the column could hold
        found = None
    if found is None:
        found = model._default_manager.filter(**{model.USERNAME_FIELD: text}).first()
    return found
