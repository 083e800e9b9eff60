"""Sessions and their history for staff: read-only, without a key, a payload in a list, or a count of the table."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth import get_permission_codename
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.forms import Media
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import _engine
from .admin_columns import address_writer, checkbox_writer, owner_writer, validity_writer
from .admin_filters import REASONS, OwnerFilter, ReasonFilter, UserFilter, ValidityFilter
from .admin_list import KeysetChangeList
from .admin_rows import prepared, reads
from .models import EndedSession, Session, actor_of
from .paging import Order

MOST_NAMED = 100  # users that a search by name looks at
# Members of the data with which their reader could act for the user, as whoever has a token may give a new password.
# The program's page of a session hides the same (src/web/admin/session_detail.cc).
HIDDEN = ("_auth_user_hash", "_csrftoken", "_password_reset_token")


def _name_fields(user: Any) -> list[str]:
    """What the user model has of a name and an e-mail address."""
    names = []
    for name in (user.USERNAME_FIELD, user.get_email_field_name()):
        try:
            user._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        names.append(name)
    return list(dict.fromkeys(names))


def _may_see(request: HttpRequest, model: Any) -> bool:
    meta = model._meta
    names = (get_permission_codename(action, meta) for action in ("view", "change"))
    return any(request.user.has_perm(f"{meta.app_label}.{name}") for name in names)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    show_full_result_count = False
    if hasattr(admin, "ShowFacets"):  # from Django 5.0 on: each would count the table
        show_facets = admin.ShowFacets.NEVER
    list_per_page = 100
    sortable_by: ClassVar[tuple[str, ...]] = ()  # what an index has; see KeysetChangeList
    search_help_text = _("An address, or the beginning of a user's name or e-mail address")
    search_fields = ("ip",)  # shows the box; get_search_results does the searching

    @property
    def media(self) -> Media:
        return super().media + AutocompleteSelect(self.model._meta.get_field("user"), self.admin_site).media

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return KeysetChangeList

    def keyset_order(self, params: dict[str, str]) -> Order:
        return Order(None)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if address := _engine.address(term):
            return queryset.filter(ip=address), False
        return queryset.filter(user__in=self._named(request, term, queryset.db)), False

    def _named(self, request: HttpRequest, beginning: str, using: str) -> list[Any]:
        """The keys of the users whose name or e-mail address begins so. They are looked for in their own table: beside
        a condition on the user, a list by time would be walked from end to end."""
        user = self.model._meta.get_field("user").related_model
        wanted = Q(pk__in=())
        # The list shows names to everybody; an e-mail address, which it does not show, could be found letter by letter.
        for name in _name_fields(user) if _may_see(request, user) else [user.USERNAME_FIELD]:
            wanted |= Q(**{f"{name}__istartswith": beginning})
        found = list(user._base_manager.using(using).filter(wanted).values_list("pk", flat=True)[: MOST_NAMED + 1])
        if len(found) > MOST_NAMED:
            told = _("Only the sessions of %(count)d of the users who are named so are shown: type more of the name.")
            self.message_user(request, told % {"count": MOST_NAMED}, messages.WARNING)
        return found[:MOST_NAMED]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @reads("user")
    @prepared(owner_writer)
    @admin.display(description=_("user"))
    def owner(self, row: Any) -> str:
        return mark_safe(owner_writer(self)(row))

    @reads("user_agent", "client_hints")
    @admin.display(description=_("device"))
    def device_text(self, row: Any) -> str:
        return row.device_info.sentence if row.device_info else gettext("Unknown device")

    @reads("ip")
    @admin.display(description=_("place"))
    def place(self, row: Any) -> str:
        return row.location or "–"

    @reads("ip")
    @prepared(address_writer)
    @admin.display(description=_("IP address"))
    def address(self, row: Any) -> str:
        return mark_safe(address_writer(self)(row))


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = (
        "owner",
        "device_text",
        "place",
        "address",
        "is_valid",
        "created_at",
        "last_activity",
        "expire_date",
    )
    list_display_links = ("device_text",)
    list_filter = (ValidityFilter, OwnerFilter, UserFilter)
    actions = ("delete_selected",)
    sortable_by = ("last_activity", "expire_date")
    ordering = ("-last_activity", "-session_key")
    fields = (
        "session_key",
        "owner",
        "device_text",
        "user_agent",
        "client_hints",
        "place",
        "address",
        "is_valid",
        "created_at",
        "updated_at",
        "last_activity",
        "expire_date",
    )
    readonly_fields = ("owner", "device_text", "place", "address", "is_valid", "data")

    def keyset_order(self, params: dict[str, str]) -> Order:
        # Few expired ones among many that are not are found by the index of expire_date alone.
        return Order("expire_date" if params.get(ValidityFilter.parameter_name) == "expired" else "last_activity")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("session_data")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        may_see = request.user.has_perm("innkeeper.view_session_data")
        return (*self.fields, "data") if may_see else self.fields

    @reads("expire_date", "last_activity", "created_at")
    @prepared(validity_writer)
    @admin.display(description=_("valid"), boolean=True)
    def is_valid(self, row: Session) -> bool:
        return row.is_active()

    def lookup_allowed(self, lookup: str, value: Any, *request: HttpRequest) -> bool:
        """Django's, but for the data: by filters in the address whoever may see a list would read it letter by letter,
        without the permission for it, the hidden members too."""
        return lookup.split(LOOKUP_SEP)[0] != "session_data" and super().lookup_allowed(lookup, value, *request)

    @admin.display(description=_("data"))
    def data(self, row: Session) -> str:
        shown = {name: "(hidden)" if name in HIDDEN else value for name, value in row.get_decoded().items()}
        text = json.dumps(shown, indent=2, ensure_ascii=False, default=str)
        # A lone surrogate, which JSON has and a page cannot, as its escape.
        return format_html("<pre>{}</pre>", text.encode("utf-8", "backslashreplace").decode())

    @admin.action(permissions=["delete"], description=_("End the selected sessions"))
    def delete_selected(self, request: HttpRequest, queryset: Any) -> Any:
        """Django's, in the words of sessions."""
        return delete_selected(self, request, queryset)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What will end, in words; Django's own way would look for what hangs on each, and nothing does."""
        if self.model._meta.related_objects:
            return super().get_deleted_objects(objs, request)
        told = [self.describe(row) for row in objs]
        lacking = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return told, {self.opts.verbose_name_plural: len(told)}, lacking, []

    def describe(self, row: Session) -> str:
        parts = (row.user or gettext("visitor"), self.device_text(row), row.location, row.ip)
        return " · ".join(str(part) for part in parts if part)

    @reads("session_key")
    @prepared(checkbox_writer)
    def action_checkbox(self, obj: Session) -> str:
        """Django's, which makes a form's widget for every row."""
        return mark_safe(checkbox_writer(self)(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Django's; and who may delete a user may end the sessions that go with them."""
        return super().has_delete_permission(request, obj) or (obj is not None and self._goes_with_user(request))

    def _goes_with_user(self, request: HttpRequest) -> bool:
        meta: Any = self.model._meta.get_field("user").related_model._meta
        pages = {f"{meta.app_label}_{meta.model_name}_{page}" for page in ("delete", "changelist")}
        permission = f"{meta.app_label}.{get_permission_codename('delete', meta)}"
        match = request.resolver_match
        return bool(match and match.url_name in pages and request.user.has_perm(permission))

    def delete_model(self, request: HttpRequest, obj: Session) -> None:
        obj.end(actor_of(request.user))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        queryset.end(actor_of(request.user))


@admin.register(EndedSession)
class EndedSessionAdmin(ReadOnlyAdmin):
    list_display = ("owner", "device_text", "place", "address", "created_at", "ended_at", "reason_text", "actor")
    list_display_links = ("device_text",)
    list_filter = (ReasonFilter, OwnerFilter, UserFilter)
    ordering = ("-id",)
    fields = ("session_key", "owner", "device_text", "user_agent", "place", "address")
    readonly_fields = ("owner", "device_text", "place", "address", "reason_text")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, "created_at", "ended_at", "reason_text", "actor")

    @admin.display(description=_("reason"))
    def reason_text(self, row: EndedSession) -> str:
        return str(REASONS.get(row.reason, row.reason))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
