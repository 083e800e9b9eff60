"""The rows of the admin's lists: what Django shows, made in a fraction of its time."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import ResultList, result_headers, result_list

from ..admin_rows import row_writer

register = template.Library()


@register.inclusion_tag("admin/change_list_results.html")
def session_rows(cl: Any) -> dict[str, Any]:
    write = row_writer(cl)
    if write is None:
        context: dict[str, Any] = result_list(cl)
        return context
    headers = list(result_headers(cl))
    return {
        "cl": cl,
        "result_hidden_fields": [],
        "result_headers": headers,
        "num_sorted_fields": sum(bool(header["sortable"] and header["sorted"]) for header in headers),
        # One result of many rows for the template, which goes through its loop once.
        "results": [ResultList(None, [write(cl.result_list)])] if cl.result_list else [],
    }
