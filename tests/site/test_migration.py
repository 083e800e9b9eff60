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
    """One that still runs with the other package, and where two browsers are signed in."""
    site = OldSite(tmp_path_factory.mktemp("old"), request.param)
    site.manage("before", "migrate", "--verbosity", "0")
    site.sign_in("ada", "198.51.100.1")
    site.sign_in("bob", "198.51.100.2")
    return site


def take_over(site, *words):
    return site.manage("after", "migratesessions", "--from", site.package, *words)


def test_the_browsers_that_are_signed_in_stay_so(site):
    """In the order that docs/django.md gives: taken over, switched, taken over once more."""
    site.manage("after", "migrate", "--verbosity", "0")
    assert take_over(site, "--dry-run").startswith("To be taken over: 2 sessions")
    assert site.run("after", _SESSIONS) == []
    said = take_over(site, "--batch-size", "1")
    assert said.startswith("Taken over: 2 sessions; 0 were there already, 0 have expired.")
    assert "could not be read" not in said
    assert not any(cookie in said for cookie in site.cookies.values())
    check_rows(site, site.run("after", _SESSIONS))
    assert site.visit("before") == ["ada", "bob"], "the old release serves on"
    site.sign_in("dora", "198.51.100.4")
    assert take_over(site).startswith("Taken over: 1 sessions; 2 were there already")
    site.sign_in("cleo", "198.51.100.3")
    site.sign_out("dora")

    # Now the new release serves.
    said = take_over(site)
    visitors = int(site.package == "user_sessions")  # which makes a visitor's session of a sign-out
    assert said.startswith(f"Taken over: {1 + visitors} sessions; 2 were there already")
    assert "1 taken over before are no longer where they came from, and have ended here too" in said
    assert site.visit("after") == ["ada", "bob", "-", "cleo"]
    assert site.visit("after") == ["ada", "bob", "-", "cleo"]

    site.run("after", "from innkeeper.models import Session; Session.objects.get(user__username='bob').delete()")
    said = take_over(site)
    assert said.startswith(f"Taken over: 0 sessions; {2 + visitors} were there already")
    assert "1 were taken over before and have ended meanwhile" in said
    assert site.visit("after") == ["ada", "-", "-", "cleo"]


def check_rows(site, lines):
    """What is known of the two that were taken over first."""
    rows = [row.split("|") for row in lines]
    assert [row[0] for row in rows] == ["ada", "bob"]
    if site.package != "django.contrib.sessions":  # which notes neither address nor browser
        assert [row[1] for row in rows] == ["198.51.100.1", "198.51.100.2"]
        assert all("Edg" in row[3] for row in rows)
        # django-user-sessions-ng keeps no User-Agent, only what it read from it: that is shown until the next request.
        assert all(row[2] == "Edge" for row in rows) or site.package == "django_user_sessions_ng"


def test_the_new_site_has_nothing_to_complain_of(site):
    assert "no issues" in site.manage("after", "check")
