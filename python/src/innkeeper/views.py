"""The pages for a site's users: where one is signed in, ending one session, ending all others."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from . import _engine
from .forms import EndOthersForm
from .models import Session, SessionQuerySet, actor_of
from .paging import Order, cursor_in, page_of
from .people import session_line

PER_PAGE = 50
_LISTED = 20  # sessions that the question before the end lists
_COUNTED = 1000  # how far they are counted; beyond, "1000+"

_by_activity = Order("last_activity")


_guards = (sensitive_post_parameters("password"), xframe_options_deny, never_cache, csrf_protect, login_required)


@method_decorator(_guards, name="dispatch")
class OwnSessionsView(View):
    """What is common to the pages: they know the sessions of the user who is signed in, and no others."""

    http_method_names = ("get", "head", "post", "options")

    def own_id(self) -> str:
        key = self.request.session.session_key
        return _engine.public_id(key) if key else ""

    def sessions(self) -> SessionQuerySet:
        """The user's live sessions, without their payloads."""
        found: SessionQuerySet = Session.objects.for_user(self.request.user).active().defer("session_data")
        return found

    def others(self) -> SessionQuerySet:
        return self.sessions().exclude(pk=self.own_id())

    def page(self) -> str:
        """The cursor of the list's page that one is on, or comes from and goes back to; empty for the first."""
        return cursor_in(_by_activity, self.request.GET.get("page", ""))

    def to_list(self, ended: int) -> HttpResponse:
        known = {name: value for name, value in (("page", self.page()), ("ended", ended)) if value}
        url = resolve_url("innkeeper:session_list")
        return redirect(f"{url}?{urlencode(known)}" if known else url)


def _bounded_count(rows: SessionQuerySet) -> tuple[int, str]:
    """How many, as a number and for people."""
    count = rows.order_by().values("pk")[: _COUNTED + 1].count()
    return (count, str(count)) if count <= _COUNTED else (_COUNTED, f"{_COUNTED}+")


class SessionListView(OwnSessionsView):
    template_name = "innkeeper/session_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        own_id = self.own_id()
        page = page_of(self.others(), _by_activity, PER_PAGE, self.page())
        mine = [] if page.previous else list(self.sessions().filter(pk=own_id))
        alone = not (page.next or page.previous)
        count, others = (len(page.rows), str(len(page.rows))) if alone else _bounded_count(self.others())
        context = {
            "sessions": [session_line(row, own_id) for row in (*mine, *page.rows)],
            "others": others,
            "has_others": count > 0,
            "page": self.page(),
            "next": page.next,
            "previous": page.previous,
            "ended": _number(request.GET.get("ended", "")),
        }
        return render(request, self.template_name, context)


def _number(text: str) -> int:
    """How many were just ended, as the redirect after it says; only ever shown as a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


class EndSessionView(OwnSessionsView):
    template_name = "innkeeper/session_end.html"

    def named(self, session_id: str) -> Session:
        session: Session | None = self.sessions().filter(pk=session_id).first()
        if session is None:
            raise Http404("It is not one of your sessions, or it has ended.")
        return session

    def get(self, request: HttpRequest, session_id: str) -> HttpResponse:
        line = session_line(self.named(session_id), self.own_id())
        return render(request, self.template_name, {"session": line, "sessions": [line], "page": self.page()})

    def post(self, request: HttpRequest, session_id: str) -> HttpResponse:
        session = self.named(session_id)
        if session.public_id == self.own_id():
            logout(request)
            return redirect(settings.LOGOUT_REDIRECT_URL or settings.LOGIN_URL)
        session.end(actor_of(request.user))
        return self.to_list(1)


class EndOthersView(OwnSessionsView):
    template_name = "innkeeper/session_end_others.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.ask(EndOthersForm(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EndOthersForm(request, request.POST)
        return self.to_list(Session.objects.end_others(request)) if form.is_valid() else self.ask(form)

    def ask(self, form: Any) -> HttpResponse:
        count, others = _bounded_count(self.others())
        if not count:
            return self.to_list(0)
        listed = self.others().order_by(*_by_activity.fields())[:_LISTED]
        context = {
            "form": form,
            "count": count,
            "others": others,
            "sessions": [session_line(row) for row in listed],
            "beyond": max(count - _LISTED, 0),
        }
        return render(self.request, self.template_name, context)
