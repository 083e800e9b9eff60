"""Django's session settings mean what they mean in Django: each is tried on both, and both must answer alike."""

from __future__ import annotations

import pickle
from datetime import datetime

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from innkeeper import engines
from innkeeper.models import Session

from . import urls

pytestmark = pytest.mark.django_db(transaction=True)

OURS = "innkeeper.middleware.SessionMiddleware"
DJANGOS = "django.contrib.sessions.middleware.SessionMiddleware"


def expire(request, seconds):
    request.session["cart"] = 1
    request.session.set_expiry(seconds if seconds != 1 else None)
    return HttpResponse()


def clear(request):
    request.session.flush()
    return HttpResponse()


def save(request):
    """What views do that want a key for a visitor."""
    if not request.session.session_key:
        request.session.save()
    return HttpResponse()


urlpatterns = [
    *urls.urlpatterns,
    path("expire/<int:seconds>", expire),
    path("clear", clear),
    path("save", save),
]

VISIT = (
    "nothing",
    "write?cart=1",
    "read",
    "nothing",
    "broken",
    "expire/0",
    "read",
    "expire/90",
    "expire/1",
    "clear",
    "read",
    "save",
    "save",
)

TABLE = [
    {},
    {"SESSION_COOKIE_NAME": "guest"},
    {"SESSION_COOKIE_AGE": 90},
    {"SESSION_COOKIE_DOMAIN": ".example.org"},
    {"SESSION_COOKIE_PATH": "/shop/"},
    {"SESSION_COOKIE_SECURE": True},
    {"SESSION_COOKIE_HTTPONLY": False},
    {"SESSION_COOKIE_SAMESITE": "Strict"},
    {"SESSION_COOKIE_SAMESITE": "None", "SESSION_COOKIE_SECURE": True},
    {"SESSION_COOKIE_SAMESITE": False},
    {"SESSION_SAVE_EVERY_REQUEST": True},
    {"SESSION_EXPIRE_AT_BROWSER_CLOSE": True},
    {"SESSION_EXPIRE_AT_BROWSER_CLOSE": True, "SESSION_SAVE_EVERY_REQUEST": True},
    {"SESSION_SERIALIZER": f"{__name__}.PickleSerializer"},
]


class PickleSerializer:
    """As Django had it: the engine can't read what it makes."""

    def dumps(self, data):
        return pickle.dumps(data)

    def loads(self, data):
        return pickle.loads(data)


def told(answer):
    """What a browser is told of the session: the cookie without its secret, and what the answer depends on."""
    cookies = {
        name: {key: value for key, value in cookie.items() if value and key != "expires"}
        for name, cookie in answer.cookies.items()
    }
    return answer.status_code, cookies, [bool(c["expires"]) for c in answer.cookies.values()], answer.get("Vary")


def visit(settings, middleware, engine):
    settings.MIDDLEWARE = [middleware, *settings.MIDDLEWARE[1:]]
    settings.SESSION_ENGINE = engine
    engines.forget_engines()
    browser = Client()
    return [told(browser.get(f"/{url}")) for url in VISIT]


@pytest.mark.parametrize("values", TABLE, ids=lambda values: " ".join(f"{n}={v}" for n, v in values.items()) or "none")
def test_both_tell_the_browser_the_same(settings, values):
    settings.ROOT_URLCONF = __name__
    for name, value in values.items():
        setattr(settings, name, value)
    djangos = visit(settings, DJANGOS, "django.contrib.sessions.backends.cache")
    for backend in ("db", "cached_db"):
        ours = visit(settings, OURS, f"innkeeper.backends.{backend}")
        for url, one, other in zip(VISIT, ours, djangos):
            assert one == other, (backend, url)


def test_a_serializer_of_ones_own_keeps_what_json_cannot(settings, store):
    settings.SESSION_SERIALIZER = f"{__name__}.PickleSerializer"
    session = store()
    session["since"] = datetime(2026, 1, 2, 3, 4, 5)
    session.save()
    assert store(session.session_key)["since"] == datetime(2026, 1, 2, 3, 4, 5)
    assert Session.objects.get().get_decoded() == {"since": datetime(2026, 1, 2, 3, 4, 5)}


def test_the_cache_is_the_one_that_is_named(settings):
    locmem = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {name: {"BACKEND": locmem, "LOCATION": name} for name in ("default", "sessions")}
    settings.SESSION_CACHE_ALIAS = "sessions"
    settings.SESSION_ENGINE = "innkeeper.backends.cached_db"
    engines.forget_engines()
    browser = Client()
    browser.get("/write?cart=1")
    browser.get("/read")
    assert caches["sessions"]._cache and not caches["default"]._cache
    engines.forget_engines()
