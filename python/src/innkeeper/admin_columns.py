"""The columns of the admin's lists that are the same but for a name or a key: each prepared once for a whole list."""

from __future__ import annotations

from html import escape
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import display_for_value, quote
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from .admin_rows import Writer
from .engines import site_engine
from .models import aware

_USER = "00000000-innkeeper-0000"  # in the place of a user's key, where the link is made once for all
_CHOOSE = "Select this object for an action - {}"  # Django's words, in Django's translations


def owner_writer(model_admin: Any) -> Writer:
    meta = model_admin.model._meta.get_field("user").related_model._meta
    try:
        url = reverse(f"{model_admin.admin_site.name}:{meta.app_label}_{meta.model_name}_change", args=[_USER])
    except NoReverseMatch:  # the user model is not in this admin
        return lambda row: "–" if row.user_id is None else escape(str(row.user or row.user_id))
    before, _, after = escape(url).partition(_USER)

    def write(row: Any) -> str:
        if row.user_id is None:
            return "–"
        key = escape(str(quote(str(row.user_id))))
        return f'<a href="{before}{key}{after}">{escape(str(row.user or row.user_id))}</a>'

    return write


def address_writer(model_admin: Any) -> Writer:
    # In a text from right to left the parts of an IPv6 address would change places.
    return lambda row: f'<bdi dir="ltr">{escape(row.ip)}</bdi>' if row.ip else "–"


def checkbox_writer(model_admin: Any) -> Writer:
    label = gettext(_CHOOSE)

    def write(row: Any) -> str:
        return (
            f'<input type="checkbox" name="{ACTION_CHECKBOX_NAME}" value="{escape(str(row.pk))}" '
            f'class="action-select" aria-label="{escape(label.format(row))}">'
        )

    return write


def validity_writer(model_admin: Any) -> Writer:
    bounds = site_engine().active_bounds()
    yes, no = (display_for_value(valid, "", boolean=True) for valid in (True, False))
    return lambda row: yes if all(aware(getattr(row, column)) > moment for column, moment in bounds) else no
