"""`manage.py check` tells what would go wrong, and nothing of what would not."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, connections
from django.urls import include, path

from innkeeper.backends import cached_db
from innkeeper.checks import check_settings
from innkeeper.middleware import SessionMiddleware

from .conftest import in_a_process_of_its_own
from .test_store import DATA

AUTH = "django.contrib.auth.middleware.AuthenticationMiddleware"
OURS = "innkeeper.middleware.SessionMiddleware"


class SessionStore(cached_db.SessionStore):
    """This module is a site's own SESSION_ENGINE."""


class OwnMiddleware(SessionMiddleware):
    pass


class OwnDjangoMiddleware(DjangoSessionMiddleware):
    pass


class Elsewhere:
    def db_for_write(self, model, **hints):
        return "sessions" if model._meta.app_label == "innkeeper" else None


def ids():
    return {message.id.removeprefix("innkeeper.") for message in check_settings()}


def is_explained(message):
    """In a page that an installed site has."""
    check, page = message.hint.rpartition("See ")[2].split(" in ")
    return f"\n## {check}: " in Path(page).read_text()


def test_a_site_that_is_right_hears_nothing():
    assert ids() == set()


@pytest.mark.parametrize(
    ("told", "values"),
    [
        ("E002", {"MIDDLEWARE": ["django.contrib.sessions.middleware.SessionMiddleware"]}),
        ("E002", {"MIDDLEWARE": [OURS, "qsessions.middleware.SessionMiddleware"]}),
        ("E002", {"MIDDLEWARE": [f"{__name__}.OwnDjangoMiddleware"]}),
        ("E015", {"MIDDLEWARE": ["django.middleware.common.CommonMiddleware", "no.such.Middleware"]}),
        ("E003", {"SESSION_ENGINE": "django.contrib.sessions.backends.db"}),
        ("E003", {"SESSION_ENGINE": "no.such.module"}),
        ("E004", {"SECRET_KEY_FALLBACKS": [""]}),
        ("W017", {"SECRET_KEY": ""}),
        ("W013", {"SECRET_KEY": "thirty-one characters are few.."}),
        ("W013", {"SECRET_KEY_FALLBACKS": ["a" * 32, "short"]}),
        ("E005", {"INNKEEPER_CACHE": "redis://localhost"}),
        ("W006", {"INNKEEPER_CACHE": "/somewhere"}),
        ("E007", {"SESSION_ENGINE": "innkeeper.backends.cached_db", "SESSION_CACHE_ALIAS": "absent"}),
        ("W008", {"SESSION_ENGINE": "innkeeper.backends.cached_db"}),
        ("W008", {"SESSION_ENGINE": __name__}),
        ("W014", {"SESSION_ENGINE": "innkeeper.backends.cached_db", "INNKEEPER_CACHE": __file__}),
        ("W014", {"SESSION_ENGINE": __name__, "INNKEEPER_CACHE": f"{__file__}/cache"}),
        ("E009", {"TRUSTED_PROXIES": ["localhost"]}),
        ("E009", {"TRUSTED_PROXIES": 5}),
        ("E022", {"FORWARDED_HEADER": "HTTP_FORWARDED"}),
        ("E022", {"FORWARDED_HEADER": None}),
        ("W010", {"GEOIP_PATH": "/no/such/file"}),
        ("E031", {"GEOIP_PATH": 5}),
        ("E031", {"DEVICE_RULES": 5}),
        ("E005", {"INNKEEPER_CACHE": 5}),
        ("E011", {"SESSION_IDLE_TIMEOUT": 30}),
        ("E005", {"INNKEEPER_CACHE": "/srv/cache", "INNKEEPER_CACHE_SIZE": -1}),
        ("E005", {"INNKEEPER_CACHE": "/srv/cache", "INNKEEPER_CACHE_SIZE": None}),
        ("E005", {"INNKEEPER_CACHE": "/srv/cache", "INNKEEPER_CACHE_SIZE": 1 << 64}),
        ("E023", {"SESSION_IDLE_TIMEOUT": "30m"}),
        ("E023", {"SESSION_IDLE_TIMEOUT": -1}),
        ("E023", {"SESSION_IDLE_TIMEOUT": float("inf")}),
        ("E023", {"SESSION_ABSOLUTE_TIMEOUT": []}),
        ("E023", {"SESSION_ABSOLUTE_TIMEOUT": 1 << 64}),
        ("E023", {"SESSION_ACTIVITY_INTERVAL": "x"}),
        ("E023", {"SESSION_ACTIVITY_INTERVAL": None}),
        ("E023", {"SESSION_ACTIVITY_INTERVAL": timedelta(minutes=-1)}),
        ("E023", {"SESSION_HISTORY_AGE": 0}),
        ("E023", {"SESSION_CACHE_AGE": 0}),
        ("E023", {"SESSION_CACHE_AGE": -1}),
        ("E023", {"SESSION_CACHE_NAMESPACE": 7}),
        ("E023", {"SESSION_COOKIE_AGE": 0}),
        ("E023", {"SESSION_COOKIE_AGE": "1800"}),
        ("E023", {"SESSION_COOKIE_AGE": timedelta(days=14)}),
        ("E024", {"MIDDLEWARE": [AUTH, OURS]}),
        ("E024", {"MIDDLEWARE": ["django.contrib.messages.middleware.MessageMiddleware", OURS]}),
        ("E024", {"MIDDLEWARE": ["django.middleware.csrf.CsrfViewMiddleware", OURS], "CSRF_USE_SESSIONS": True}),
        ("W025", {"MIDDLEWARE": [OURS, AUTH, OURS]}),
        ("W025", {"MIDDLEWARE": [OURS, f"{__name__}.OwnMiddleware"]}),
        ("W026", {"GEOIP_PATH": __file__}),
        ("W027", {"DEVICE_RULES": "/no/such/file"}),
        ("W027", {"DEVICE_RULES": __file__}),
        ("W028", {"SESSION_ENGINE": "innkeeper.backends.cached_db", "INNKEEPER_CACHE": "sessions.cache"}),
        ("E029", {"SESSION_SERIALIZER": "no.such.Serializer"}),
        ("E029", {"SESSION_SERIALIZER": f"{__name__}.ids"}),
        ("E029", {"SESSION_SERIALIZER": f"{__name__}.Elsewhere"}),
        ("E016", {"DATABASE_ROUTERS": [f"{__name__}.Elsewhere"]}),
    ],
)
def test_what_goes_wrong_is_told(settings, monkeypatch, told, values):
    for name, value in values.items():
        setattr(settings, name, value)
    monkeypatch.setitem(connections.settings, "sessions", connection.settings_dict)
    assert ids() == {told}
    assert all(is_explained(message) for message in check_settings())


@pytest.mark.django_db
def test_what_signs_nothing_needs_no_secret_key(settings):
    """As where an image is built: Django's makemigrations and collectstatic run without one."""
    settings.SECRET_KEY = ""
    out = StringIO()
    call_command("makemigrations", "innkeeper", check=True, dry_run=True, skip_checks=False, stdout=out, stderr=out)
    assert "innkeeper.W017" in out.getvalue() and "No changes detected" in out.getvalue()


@pytest.mark.parametrize("name", ["create_model_instance", "get_model_class"])
def test_a_store_that_adds_columns_as_djangos_do_is_told_that_none_is_saved(settings, monkeypatch, name):
    settings.SESSION_ENGINE = __name__
    monkeypatch.setattr(SessionStore, name, classmethod(lambda cls: None), raising=False)
    (message,) = (message for message in check_settings() if message.id == "innkeeper.W020")
    assert f"{__name__}.SessionStore has a {name}()" in message.msg and is_explained(message)


def test_before_a_site_goes_live_its_cookie_is_checked_as_by_django(settings):
    """Django's own checks look for its session app and its middleware by name."""

    def told(**values):
        for name, value in values.items():
            setattr(settings, name, value)
        messages = run_checks(tags=[Tags.security], include_deployment_checks=True)
        about = [message for message in messages if "SESSION_COOKIE" in message.msg]
        assert all(is_explained(message) for message in about)
        return [message.id for message in about]

    assert told(SESSION_COOKIE_SECURE=False) == ["innkeeper.W018"]
    assert told(SESSION_COOKIE_SECURE=True) == []
    assert told(SESSION_COOKIE_HTTPONLY=False) == ["innkeeper.W019"]


def test_an_app_that_was_left_in_is_told(settings):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.sessions"]
    assert ids() == {"W001"}


def test_what_inherits_from_ours_is_ours(settings, tmp_path):
    settings.MIDDLEWARE = [f"{__name__}.OwnMiddleware"]
    settings.SESSION_ENGINE, settings.INNKEEPER_CACHE = __name__, tmp_path / "not" / "yet" / "made"
    assert ids() == set()
    assert not (tmp_path / "not").exists(), "who checks makes nothing"


def test_a_database_that_keeps_no_sessions_is_told_without_asking_it(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "oracle")
    assert ids() == {"E012"}


def test_a_middleware_of_djangos_that_wants_a_session_is_named(settings):
    settings.MIDDLEWARE = [AUTH, OURS]
    (message,) = check_settings()
    assert message.msg == f"MIDDLEWARE has {OURS} below {AUTH}."


def test_a_cache_for_each_process_says_how_old_what_it_serves_may_be(settings):
    settings.SESSION_ENGINE = "innkeeper.backends.cached_db"
    (message,) = check_settings()
    assert "only after up to SESSION_CACHE_AGE" in message.hint


def test_what_is_right_in_another_way_hears_nothing(settings):
    settings.SESSION_IDLE_TIMEOUT, settings.SESSION_ABSOLUTE_TIMEOUT = "1800", timedelta(days=30)
    settings.SESSION_ACTIVITY_INTERVAL, settings.SESSION_HISTORY_AGE = 0, timedelta(days=7)
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_address("::1"), "unix"]
    settings.GEOIP_PATH, settings.DEVICE_RULES = DATA / "location" / "city.mmdb", ""
    messages = "django.contrib.messages.middleware.MessageMiddleware"
    settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware", messages, OURS, AUTH]
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    assert ids() == set()
    settings.TRUSTED_PROXIES = None
    assert ids() == set()


def test_a_duration_that_is_none_is_named_where_it_is_used_too(settings):
    from innkeeper import conf

    settings.SESSION_IDLE_TIMEOUT = "30m"
    with pytest.raises(ImproperlyConfigured, match="SESSION_IDLE_TIMEOUT is '30m'"):
        conf.engine_settings()


def test_a_native_cache_needs_no_warning(settings, tmp_path):
    settings.SESSION_ENGINE = "innkeeper.backends.cached_db"
    settings.INNKEEPER_CACHE = tmp_path
    assert ids() == set()


def test_a_text_is_taken_for_a_size(settings):
    from innkeeper import conf

    settings.INNKEEPER_CACHE, settings.INNKEEPER_CACHE_SIZE = "lmdb:///srv/cache", "64M"
    assert conf.native_cache() == ("/srv/cache", 64 << 20)


class Urls:
    """Modules of URLs, by their patterns."""

    def __init__(self, *urlpatterns):
        self.urlpatterns = urlpatterns


PAGES = path("account/sessions/", include("innkeeper.urls"))
SIGN_IN = path("accounts/", include("django.contrib.auth.urls"))


@pytest.mark.parametrize(
    ("told", "urls", "login_url"),
    [
        ({"innkeeper.W030"}, [PAGES], "/accounts/login/"),
        (set(), [PAGES, SIGN_IN], "/accounts/login/"),
        (set(), [PAGES, *i18n_patterns(SIGN_IN)], "/accounts/login/"),
        (set(), [PAGES], "/elsewhere/"),
        (set(), [], "/accounts/login/"),
    ],
)
def test_pages_that_lead_to_no_sign_in_page_are_told(settings, told, urls, login_url):
    settings.ROOT_URLCONF, settings.LOGIN_URL = Urls(*urls), login_url
    messages = [message for message in run_checks(tags=[Tags.urls]) if message.id.startswith("innkeeper")]
    assert {message.id for message in messages} == told
    assert all(is_explained(message) for message in messages)


RELATIONS = """
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="a secret key for the tests, long enough to look like one",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "innkeeper"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    MIDDLEWARE=["innkeeper.middleware.SessionMiddleware"],
    SESSION_ENGINE="innkeeper.backends.db",
)
django.setup()
from django.core.checks import Tags, run_checks
from django.db import models
from innkeeper.models import Session

def model(name, *bases, **fields):
    meta = type("Meta", (), {"app_label": "auth"})
    type(name, bases or (models.Model,), {"__module__": __name__, "Meta": meta, **fields})

model("Cart", session=models.ForeignKey(Session, models.SET_NULL, null=True))
model("Seat", session=models.OneToOneField(Session, models.CASCADE, related_name="+"))
model("Loose", session=models.ForeignKey(Session, models.DO_NOTHING, db_constraint=False))
model("Heir", Session)
for message in run_checks(tags=[Tags.compatibility]):
    if message.id == "innkeeper.E021":
        print(message.msg.split()[0])
"""


def test_what_would_keep_a_session_from_ending_is_told():
    told = in_a_process_of_its_own(RELATIONS).split()
    assert sorted(told) == ["auth.Cart.session", "auth.Heir.session_ptr", "auth.Seat.session"]
