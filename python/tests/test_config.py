"""The configuration that the C++ program is given."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import CommandError, call_command
from django.db import connection

from innkeeper import conf
from innkeeper.management.commands.innkeeper_config import toml

from .conftest import on_sqlite

pytestmark = [pytest.mark.django_db, on_sqlite]


@pytest.fixture(autouse=True)
def a_file(monkeypatch):
    """What the tests run on is in memory, which the program can't share."""
    monkeypatch.setitem(connection.settings_dict, "NAME", "/srv/site.sqlite3")


def lines(**options):
    out = StringIO()
    call_command("innkeeper_config", stdout=out, **options)
    return dict(line.split(" = ", 1) for line in out.getvalue().splitlines() if not line.startswith("#"))


def test_it_has_what_both_programs_must_agree_on(settings, tmp_path):
    settings.INNKEEPER_CACHE, settings.INNKEEPER_CACHE_SIZE = tmp_path / "cache", "8M"
    settings.SESSION_CACHE_NAMESPACE = "shop"
    settings.SESSION_FEED_SAVES = True
    settings.SECRET_KEY_FALLBACKS = ['an "older" key']
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    settings.FORWARDED_HEADER = "Forwarded"
    settings.DEVICE_RULES, settings.GEOIP_LANGUAGE = tmp_path / "regexes.yaml", "de"
    settings.ALLOWED_HOSTS, settings.MAXMIND_LICENSE_KEY = [".example.org"], "a licence"
    told = lines()
    assert told["SECRET_KEY"] == toml(settings.SECRET_KEY)
    assert told["SECRET_KEY_FALLBACKS"] == '["an \\"older\\" key"]'
    assert told["CACHE"] == toml(str(tmp_path / "cache")) and told["CACHE_SIZE"] == str(8 << 20)
    assert told["SESSION_COOKIE_AGE"] == "1209600"
    assert told["SESSION_CACHE_NAMESPACE"] == '"shop"'
    assert told["SESSION_FEED_SAVES"] == "true"
    assert told["SESSION_COOKIE_HTTPONLY"] == "true"
    assert told["TRUSTED_PROXIES"] == '["10.0.0.0/8"]'
    assert told["FORWARDED_HEADER"] == '"Forwarded"'
    assert told["DEVICE_RULES"] == toml(str(tmp_path / "regexes.yaml"))
    assert told["GEOIP_LANGUAGE"] == '"de"', "without a file too: the program may have one of its own"
    assert (told["ALLOWED_HOSTS"], told["MAXMIND_LICENSE_KEY"]) == ('[".example.org"]', '"a licence"')
    assert told["USER_TABLE"] == toml(get_user_model()._meta.db_table)
    assert told["USER_KEY_TYPE"] == toml(conf.users()["key_type"])
    assert told["CSRF_COOKIE_NAME"] == '"csrftoken_innkeeper"', "the form cookies of the two are not of one kind"


def test_what_django_takes_in_other_words_the_program_is_told_in_its_own(settings):
    settings.SESSION_SAVE_EVERY_REQUEST, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY = 1, 0, None
    settings.SESSION_COOKIE_SAMESITE = "strict"
    told = lines()
    assert (told["SESSION_SAVE_EVERY_REQUEST"], told["SESSION_COOKIE_SECURE"]) == ("true", "false")
    assert (told["SESSION_COOKIE_HTTPONLY"], told["SESSION_COOKIE_SAMESITE"]) == ("false", '"Strict"')
    for nothing in (None, False):
        settings.SESSION_COOKIE_SAMESITE = nothing
        assert lines()["SESSION_COOKIE_SAMESITE"] == "false"


def test_the_database_is_a_file_whatever_django_calls_it(monkeypatch):
    for name in ("/srv/a site.sqlite3", "file:/srv/a%20site.sqlite3?mode=rw"):
        monkeypatch.setitem(connection.settings_dict, "NAME", name)
        assert lines()["DATABASE"] == '"/srv/a site.sqlite3"'
    for name in (":memory:", "file:memorydb?mode=memory&cache=shared"):
        monkeypatch.setitem(connection.settings_dict, "NAME", name)
        with pytest.raises(CommandError, match="memory"):
            lines()


def test_a_sign_in_renews_hashes_as_django_does_or_not_at_all(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    told = lines()
    assert told["PASSWORD_REHASH"] == "true" and told["PASSWORD_ITERATIONS"] == str(PBKDF2PasswordHasher.iterations)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    told = lines()
    assert told["PASSWORD_REHASH"] == "false" and "PASSWORD_ITERATIONS" not in told


def remarks():
    out = StringIO()
    call_command("innkeeper_config", stdout=out)
    return " ".join(line.removeprefix("# ") for line in out.getvalue().splitlines()[1:] if line.startswith("#"))


def test_a_cache_of_djangos_is_not_the_programs(settings):
    assert lines()["CACHE"] == '"none"' and remarks() == "", "without a cache nothing is served that is old"
    settings.SESSION_ENGINE = "innkeeper.backends.cached_db"
    assert lines()["CACHE"] == '"none"' and "SESSION_FEED_SAVES" not in lines()
    assert "CACHES['default'] is the site's alone" in remarks() and "set it in Django's settings" in remarks()
    settings.SESSION_FEED_SAVES = True
    assert lines()["SESSION_FEED_SAVES"] == "true" and "is true on both sides" in remarks()


def test_a_cache_that_both_have_needs_no_remark(settings, tmp_path):
    settings.SESSION_ENGINE, settings.INNKEEPER_CACHE = "innkeeper.backends.cached_db", tmp_path
    assert remarks() == ""


@pytest.mark.parametrize(
    ("use_tz", "site", "database", "left_to_django"),
    [
        (True, "Asia/Tehran", None, False),
        (True, "Asia/Tehran", "UTC", False),
        (True, "UTC", "Asia/Tehran", True),
        (False, "Asia/Tehran", None, True),
        (False, "Europe/London", None, True),
        (False, "UTC", None, False),
    ],
)
def test_the_program_writes_no_last_login_where_django_keeps_local_times(
    settings, monkeypatch, use_tz, site, database, left_to_django
):
    """It writes UTC, and Django would show that as a local time."""
    settings.USE_TZ, settings.TIME_ZONE = use_tz, site
    monkeypatch.setitem(connection.settings_dict, "TIME_ZONE", database)
    for name in ("timezone", "timezone_name"):
        vars(connection).pop(name, None)
    assert lines()["USER_COLUMN_LAST_LOGIN"] == ('""' if left_to_django else '"last_login"')
    for name in ("timezone", "timezone_name"):
        vars(connection).pop(name, None)


def test_secrets_may_be_left_out(settings):
    settings.MAXMIND_LICENSE_KEY = "a licence"
    assert not {"SECRET_KEY", "MAXMIND_LICENSE_KEY"} & set(lines(without_secrets=True))
