"""Requests through Django's whole handler: a page that reads the session, and the admin's list of sessions."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import steps
from sites import PACKAGES


class Pages:
    def __init__(self, package: str, sessions: steps.Steps) -> None:
        from django.core.handlers.base import BaseHandler
        from django.test import RequestFactory

        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._factory = RequestFactory()
        self._sessions = sessions
        label, model = PACKAGES[package].model.lower().split(".")
        self._list = f"/admin/{label}/{model}/"

    def request(self, count: int) -> steps.Timed:
        """A page for a signed-in user that reads the session and writes nothing."""
        requests = [self._made("/read", *some) for some in self._sessions._some(count)]
        return self._answered(requests)

    def admin(self, count: int) -> steps.Timed:
        """The first page of the list of sessions, for staff."""
        staff = self._sessions.keys[0]
        return self._answered([self._made(self._list, *staff) for _ in range(count)])

    def admin_frame(self, count: int) -> steps.Timed:
        """The same with no row in it: what Django's admin takes for any list."""
        staff = self._sessions.keys[0]
        return self._answered([self._made(self._list, *staff, {"session_key": "none"}) for _ in range(count)])

    def admin_rows(self, _: int) -> int:
        answer = self._handler.get_response(self._made(self._list, *self._sessions.keys[0]))
        text = answer.content.decode()
        return text.count('<th class="field-') if '<th class="field-' in text else text.count("<tr>") - 1

    def _made(self, path: str, key: str, user_agent: str, ip: str, query: dict[str, str] | None = None) -> Any:
        from django.conf import settings

        request = self._factory.get(path, query or {}, REMOTE_ADDR=ip, HTTP_USER_AGENT=user_agent)
        request.COOKIES = {name: morsel.value for name, morsel in SimpleCookie().items()}
        request.COOKIES[settings.SESSION_COOKIE_NAME] = key
        return request

    def _answered(self, requests: list[Any]) -> steps.Timed:
        answers: list[Any] = []
        get = self._handler.get_response

        def run() -> None:
            for request in requests:
                answers.append(get(request))

        timed = steps.clocked(run)
        wrong = {answer.status_code for answer in answers} - {200}
        if wrong:
            raise RuntimeError(f"{requests[0].path} was answered with {wrong}")
        for answer in answers:
            answer.close()
        return timed
