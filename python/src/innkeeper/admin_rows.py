"""A row of an admin's list as Django writes it, with what is the same in every row worked out once.

Django asks for each cell anew which field, method or attribute its column is, which formats the language has, and
where the links go; that is most of the time that a list of a hundred rows takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import lru_cache
from html import escape
from typing import Any, TypeAlias

from django.conf import settings
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import display_for_field, display_for_value, quote
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import NoReverseMatch
from django.utils import dateformat, formats, timezone, translation
from django.utils.safestring import SafeString, mark_safe

Writer: TypeAlias = Callable[[Any], str]

_KEY = "00000000-innkeeper-0000"  # in the place of a row's key, where a link is made once for all rows


def prepared(prepare: Callable[[Any], Writer]) -> Callable[[Any], Any]:
    """For a method of a ModelAdmin that is a column: `prepare` makes, for one list, what writes it for all rows.

    A subclass that overrides the method has its own asked.
    """

    def decorate(method: Any) -> Any:
        method.prepare = prepare
        return method

    return decorate


def reads(*columns: str) -> Callable[[Any], Any]:
    """For a method of a ModelAdmin that is a column: the model's fields that it looks at, and no others."""

    def decorate(method: Any) -> Any:
        method.reads = columns
        return method

    return decorate


def fields_read(cl: Any) -> list[str] | None:
    """The fields that the ChangeList's columns look at; None where one of them doesn't say."""
    names: list[str] = []
    for name in cl.list_display:
        if _field(cl, name) is not None:
            names.append(name)
            continue
        read = getattr(getattr(cl.model_admin, str(name), None), "reads", None)
        if read is None:
            return None
        names += read
    return names


def row_writer(cl: Any) -> Callable[[Any], SafeString] | None:
    """What writes the rows of the ChangeList, from the first's cells to the last's, with `</tr><tr>` between them.

    None where the list has what only Django itself can write.
    """
    if cl.formset or cl.is_popup or cl.to_field:
        return None
    cells: list[Writer] = []
    linked = False
    for name in cl.list_display:
        value = _value_writer(cl, name)
        if value is None:
            return None
        if _is_linked(cl, name, first=not linked):
            cells.append(_linked(cl, _class_of(cl, name), value, "td" if linked else "th"))
            linked = True
        else:
            cells.append(_plain(_class_of(cl, name), value))
    return lambda rows: mark_safe("</tr>\n<tr>".join(["".join([cell(row) for cell in cells]) for row in rows]))


def safe(text: str) -> str:
    """Django's conditional_escape for what is a str: without a look whether it is a promise of one."""
    return text.__html__() if hasattr(text, "__html__") else escape(text)


def _is_linked(cl: Any, name: str, first: bool) -> bool:
    links = cl.list_display_links
    return links is not None and (name in links or (first and not links))


def _class_of(cl: Any, name: str) -> str:
    if name == "action_checkbox":
        return ' class="action-checkbox"'
    return f' class="field-{name}{" nowrap" if isinstance(_field(cl, name), models.DateField) else ""}"'


def _plain(css: str, value: Writer) -> Writer:
    return lambda row: f"<td{css}>{value(row)}</td>"


def _linked(cl: Any, css: str, value: Writer, tag: str) -> Writer:
    name = cl.pk_attname
    try:
        url = add_preserved_filters(
            {"preserved_filters": cl.preserved_filters, "opts": cl.opts},
            cl.url_for_result(cl.model(**{name: _KEY})),
        )
    except NoReverseMatch:
        return lambda row: f"<{tag}{css}>{value(row)}</{tag}>"
    before, after = escape(url).split(quote(_KEY), 1)

    def write(row: Any) -> str:
        key = escape(str(quote(getattr(row, name))))
        return f'<{tag}{css}><a href="{before}{key}{after}">{value(row)}</a></{tag}>'

    return write


def _field(cl: Any, name: Any) -> models.Field[Any, Any] | None:
    try:
        found = cl.lookup_opts.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


_TEXTS = (models.CharField, models.GenericIPAddressField)


def _value_writer(cl: Any, name: Any) -> Writer | None:
    empty: str = cl.model_admin.get_empty_value_display()
    field = _field(cl, name)
    if isinstance(field, models.DateTimeField):
        return _moments(name, empty)
    if isinstance(field, _TEXTS) and not field.choices:
        return _texts(name, field, empty)
    method = getattr(cl.model_admin, name, None) if field is None and isinstance(name, str) else None
    if not callable(method):
        return None
    prepare = getattr(method, "prepare", None)
    return prepare(cl.model_admin) if prepare else _answers(method, empty)


def _texts(name: str, field: models.Field[Any, Any], empty: str) -> Writer:
    # An empty text is shown as one by older Djangos, as no value by later ones.
    nothing = {value: escape(display_for_field(value, field, empty)) for value in (None, "")}

    def write(row: Any) -> str:
        value = getattr(row, name)
        return escape(str(value)) if value not in nothing else nothing[value]

    return write


def _answers(method: Any, empty: str) -> Writer:
    """What a method of the ModelAdmin says of a row."""
    empty = getattr(method, "empty_value_display", empty)
    if getattr(method, "boolean", False):
        icons = {value: display_for_value(value, empty, boolean=True) for value in (True, False, None)}
        return lambda row: icons[method(row)]

    def write(row: Any) -> str:
        value = method(row)
        if isinstance(value, str) and value and not value.isspace():
            return safe(value)
        return safe(str(display_for_value(value, empty)))

    return write


# Times

_UNKNOWN = re.compile(r"(?<!\\)[^\W\d_aAbdDEfFgGhHijlLmMnNoPsStwWyYz]")
_PARTS = re.compile(r"[aAfgGhHiPs](?:[aAfgGhHiPs]|[^\w\\])*|(?:\\.|[^\\aAfgGhHiPs])+", re.DOTALL)
_TIME = frozenset("aAfgGhHiPs")


def _moments(name: str, empty: str) -> Writer:
    """A field's times as Django's admin shows them, in the language and time zone of now."""
    text = formats.get_format("DATETIME_FORMAT")
    language = translation.get_language() or ""
    zone = timezone.get_current_timezone() if settings.USE_TZ else None
    parts = None if _UNKNOWN.search(text) else _PARTS.findall(text)

    def write(row: Any) -> str:
        moment = getattr(row, name)
        if moment is None:
            return empty
        moment = _local(moment, zone)
        if parts is None:
            return escape(dateformat.format(moment, text))
        return "".join([_part(language, part, _only(moment, part[0])) for part in parts])

    return write


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    return moment if zone is None or moment.tzinfo is None else moment.astimezone(zone)


def _only(moment: datetime, token: str) -> tuple[int, ...]:
    if token in _TIME:
        return (1, 1, 1, moment.hour, moment.minute, moment.second)
    return (moment.year, moment.month, moment.day)


@lru_cache(maxsize=8192)
def _part(language: str, part: str, moment: tuple[int, ...]) -> str:
    """A part of a format that a day alone, or a time of day alone, decides."""
    return escape(dateformat.format(datetime(*moment), part))  # type: ignore[arg-type]
