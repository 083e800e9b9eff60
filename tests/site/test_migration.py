"""A site that comes from another package: the browsers that are signed in stay so."""

from __future__ import annotations

import pytest
from old_site import PACKAGES, OldSite

_SESSIONS = """
from innkeeper.models import Session
for row in Session.objects.order_by("user__username"):
    browser = row.device_info and row.device_info.user_agent.family
    print(row.user and row.user.username, row.ip, browser, row.user_agent, sep="|")
"""


@pytest.fixture(scope="module", params=sorted(PACKAGES))
def site(request, tmp_path_factory):
    """One whose settings and tables were changed, and whose sessions are still where they were."""
    folder = tmp_path_factory.mktemp("old")
    site = OldSite(folder, request.param)
    site.manage("before", "migrate", "--verbosity", "0")
    site.keys = [site.sign_in("ada", "198.51.100.1"), site.sign_in("bob", "198.51.100.2")]
    site.manage("after", "migrate", "--verbosity", "0")
    return site


def test_the_browsers_that_are_signed_in_stay_so(site):
    assert site.who("after", *site.keys) == ["-", "-"], "not taken over yet"
    tried = site.manage("after", "migratesessions", "--from", site.package, "--dry-run")
    assert tried.startswith("To be taken over: 2 sessions")
    assert site.run("after", _SESSIONS) == []
    said = site.manage("after", "migratesessions", "--from", site.package, "--batch-size", "1")
    assert said.startswith("Taken over: 2 sessions; 0 were there already, 0 have expired.")
    assert "could not be read" not in said
    rows = [row.split("|") for row in site.run("after", _SESSIONS)]
    assert [row[0] for row in rows] == ["ada", "bob"]
    if site.package != "django.contrib.sessions":  # which notes neither address nor browser
        assert [row[1] for row in rows] == ["198.51.100.1", "198.51.100.2"]
        assert all("Edg" in row[3] for row in rows)
        # django-user-sessions-ng keeps no User-Agent, only what it read from it: that is shown until the next request.
        assert all(row[2] == "Edge" for row in rows) or site.package == "django_user_sessions_ng"
    assert site.who("after", *site.keys) == ["ada", "bob"]
    assert not any(key in said for key in site.keys)
    again = site.manage("after", "migratesessions", "--from", site.package)
    assert again.startswith("Taken over: 0 sessions; 2 were there already")
    assert site.who("after", *site.keys) == ["ada", "bob"]


def test_the_new_site_has_nothing_to_complain_of(site):
    assert "no issues" in site.manage("after", "check")
