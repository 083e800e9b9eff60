"""The admin's lists by position instead of by number: every page costs the same, and the table is never counted."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR, ChangeList
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.paginator import Paginator
from django.http import HttpRequest

from .admin_rows import fields_read
from .paging import Order, page_of

# How many rows may be chosen at once: each is a field of the form that follows, and DATA_UPLOAD_MAX_NUMBER_FIELDS
# is 1000 where a site does not say otherwise.
MOST_CHOSEN = 900


def _user_field(model: Any) -> str:
    """What `str(user)` looks at: the name alone, unless the user model has words of its own."""
    named = issubclass(model, AbstractBaseUser) and model.__str__ is AbstractBaseUser.__str__
    return f"user__{model.USERNAME_FIELD}" if named else "user"


class KeysetChangeList(ChangeList):
    """A ChangeList whose `p` is a cursor. The ModelAdmin says by `keyset_order(params)` which order the rows have."""

    next_url = previous_url = first_url = ""

    def keyset_order(self) -> Order:
        model_admin: Any = self.model_admin
        order: Order = self._chosen_order() or model_admin.keyset_order(self.params)
        return order

    def _chosen_order(self) -> Order | None:
        """What `o` asks for, if an index has it."""
        _, minus, number = str(self.params.get(ORDER_VAR, "")).split(".")[0].rpartition("-")
        if not number.isascii() or not number.isdigit() or int(number) >= len(self.list_display):
            return None
        name = str(self.list_display[int(number)])
        return Order(name, descending=bool(minus)) if name in (self.sortable_by or ()) else None

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        return list(self.keyset_order().fields())

    def get_results(self, request: HttpRequest) -> None:
        order = self.keyset_order()
        page = page_of(self._narrowed(order), order, self.list_per_page, request.GET.get(PAGE_VAR, ""))
        self.result_list: Any = page.rows
        self.multi_page = bool(page.next or page.previous)
        self.result_count = self.full_result_count = self._choosable() if self.multi_page else len(page.rows)
        self.show_full_result_count = False
        self.show_admin_actions = bool(page.rows)
        self.can_show_all = False
        self.paginator: Any = Paginator(page.rows, self.list_per_page)
        if page.previous:
            self.first_url = self.get_query_string()
            self.previous_url = self.get_query_string({PAGE_VAR: page.previous})
        if page.next:
            self.next_url = self.get_query_string({PAGE_VAR: page.next})

    def _narrowed(self, order: Order) -> Any:
        """The rows with no more of each than the columns show: reading and converting is half of a row's cost."""
        names = fields_read(self)
        if names is None:
            return self.queryset
        if "user" in names:
            names.remove("user")
            names.append(_user_field(self.model._meta.get_field("user").related_model))
        return self.queryset.only(*names, *(name for name in (order.column,) if name))

    def _choosable(self) -> int:
        """How many there are, if so few that all may be chosen at once; else those of this page."""
        count: int = self.queryset.order_by().values("pk")[: MOST_CHOSEN + 1].count()
        return count if count <= MOST_CHOSEN else len(self.result_list)
