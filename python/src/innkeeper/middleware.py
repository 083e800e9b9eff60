"""Django's session middleware, with the client's address, User-Agent and client hints."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse

from . import _engine, conf
from .backends.base import SessionStore
from .host import database_alias

_log = logging.getLogger("innkeeper")


def _header(request: HttpRequest, name: str) -> str:
    """A header as the browser sent it: WSGI and ASGI hand on its bytes as latin-1."""
    value: str = request.META.get(name, "")
    return value if value.isascii() else value.encode("latin-1", "replace").decode("utf-8", "replace")


class SessionMiddleware(DjangoSessionMiddleware):
    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        header = conf.forwarded_header()
        self._proxies = _engine.TrustedProxies(conf.trusted_proxies(), header)
        self._forwarded = f"HTTP_{header.upper().replace('-', '_')}"
        self._wants_hints = bool(getattr(settings, "SESSION_CLIENT_HINTS", False))

    def client_address(self, request: HttpRequest) -> str | None:
        meta = request.META
        return self._proxies.client(meta.get("REMOTE_ADDR") or "", meta.get(self._forwarded, ""))

    def client_hints(self, request: HttpRequest) -> str | None:
        if not self._wants_hints:
            return None
        return _engine.pack_client_hints(lambda name: request.headers.get(name))

    def process_request(self, request: HttpRequest) -> None:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if not issubclass(self.SessionStore, SessionStore):
            request.session = self.SessionStore(key)
            return
        request.session = self.SessionStore(
            key,
            user_agent=_header(request, "HTTP_USER_AGENT"),
            ip=self.client_address(request),
            client_hints=self.client_hints(request),
        )
        self._open_ahead(request.session)

    def _open_ahead(self, session: SessionStore) -> None:
        """Where views run in a transaction: there the cache can neither be followed nor filled (rule 1)."""
        if not session.cached or not connections.settings[database_alias()]["ATOMIC_REQUESTS"]:
            return
        try:
            session.open_ahead()
        except Error:
            pass  # a view that wants the session meets the error itself

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = getattr(request, "session", None)
        if settings.SESSION_SAVE_EVERY_REQUEST and response.status_code < 500 and isinstance(session, SessionStore):
            session.find_out()  # a cookie that opens nothing is dropped; saved, it would be refused
        answer = super().process_response(request, response)
        self._keep_rotated(request, answer)
        if self._wants_hints:
            answer.headers.setdefault("Accept-CH", _engine.accept_ch())
        if answer.status_code < 500:
            self._note_use(session)
        return answer

    def _keep_rotated(self, request: HttpRequest, answer: HttpResponse) -> None:
        """Of requests that come at once one gives the session a fresh key, as Django's get_user() does where a
        fallback key verified the sign-in: no answer to another drops the cookie, which may be the new one by now."""
        name = settings.SESSION_COOKIE_NAME
        session, cookie = getattr(request, "session", None), answer.cookies.get(name)
        if cookie is None or cookie.value or not isinstance(session, SessionStore):
            return
        try:
            if session.engine().was_rotated(request.COOKIES.get(name, "")):
                del answer.cookies[name]
        except Error:
            _log.warning("a cookie that opens nothing was dropped, whatever became of its session", exc_info=True)

    def _note_use(self, session: Any) -> None:
        """Last activity and client, apart from the payload; an answer is not withheld for want of them."""
        if not isinstance(session, SessionStore):
            return
        try:
            session.touch()
        except Error:  # DatabaseError, and InterfaceError, which is none
            _log.warning("the use of session %s could not be noted", session.public_id, exc_info=True)
