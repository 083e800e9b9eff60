"""`manage.py check` tells what would go wrong, and nothing of what would not."""

from __future__ import annotations

from pathlib import Path

import pytest

from innkeeper.checks import check_settings

ROOT = Path(__file__).resolve().parents[2]
OURS = "innkeeper.middleware.SessionMiddleware"


def ids():
    return {message.id.removeprefix("innkeeper.") for message in check_settings()}


def test_a_site_that_is_right_hears_nothing():
    assert ids() == set()


@pytest.mark.parametrize(
    ("told", "values"),
    [
        ("E002", {"MIDDLEWARE": ["django.contrib.sessions.middleware.SessionMiddleware"]}),
        ("E002", {"MIDDLEWARE": [OURS, "qsessions.middleware.SessionMiddleware"]}),
        ("E003", {"SESSION_ENGINE": "django.contrib.sessions.backends.db"}),
        ("E003", {"SESSION_ENGINE": "no.such.module"}),
        ("E004", {"SECRET_KEY_FALLBACKS": [""]}),
        ("W013", {"SECRET_KEY": "thirty-one characters are few.."}),
        ("W013", {"SECRET_KEY_FALLBACKS": ["a" * 32, "short"]}),
        ("E005", {"INNKEEPER_CACHE": "redis://localhost"}),
        ("W006", {"INNKEEPER_CACHE": "/somewhere"}),
        ("E007", {"SESSION_ENGINE": "innkeeper.backends.cached_db", "SESSION_CACHE_ALIAS": "absent"}),
        ("W008", {"SESSION_ENGINE": "innkeeper.backends.cached_db"}),
        ("E009", {"TRUSTED_PROXIES": ["localhost"]}),
        ("W010", {"GEOIP_PATH": "/no/such/file"}),
        ("E011", {"SESSION_IDLE_TIMEOUT": 30}),
    ],
)
def test_what_goes_wrong_is_told(settings, told, values):
    for name, value in values.items():
        setattr(settings, name, value)
    assert ids() == {told}
    for message in check_settings():
        page, place = message.hint.rpartition("See ")[2].split("#")
        assert f'<a id="{place}"></a>{told}' in (ROOT / page).read_text()


def test_an_app_that_was_left_in_is_told(settings):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.sessions"]
    assert ids() == {"W001"}


def test_a_native_cache_needs_no_warning(settings, tmp_path):
    settings.SESSION_ENGINE = "innkeeper.backends.cached_db"
    settings.INNKEEPER_CACHE = tmp_path
    assert ids() == set()


def test_a_text_is_taken_for_a_size(settings):
    from innkeeper import conf

    settings.INNKEEPER_CACHE, settings.INNKEEPER_CACHE_SIZE = "lmdb:///srv/cache", "64M"
    assert conf.native_cache() == ("/srv/cache", 64 << 20)
