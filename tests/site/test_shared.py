"""Django and the C++ program on one database, key and cache: what one does is so for the other."""

from __future__ import annotations

import re

import pytest
from support import EDGE, Browser


def members(site, browser):
    return browser.get(site.django, "/test/members/").json()


def end_at_program(site, browser, identifier):
    ask = browser.get(site.program, f"/account/sessions/{identifier}/end/")
    assert browser.post(site.program, f"/account/sessions/{identifier}/end/", ask).status == 303


def other_session(site, browser):
    """The public id of the session on the user's page that is not this one."""
    page = browser.get(site.program, "/account/sessions/").text
    (identifier,) = re.findall(r'href="/account/sessions/([0-9a-f]{40})/end/"', page)
    return identifier


def test_signed_in_at_one_is_signed_in_at_the_other(site):
    assert site.at_program(site.sign_in_at_django("ada"), "ada")
    assert site.at_django(site.sign_in_at_program("ada"), "ada")


def test_what_a_visitor_put_into_the_cart_comes_along_whoever_signs_in(site):
    for sign_in in (site.sign_in_at_django, site.sign_in_at_program):
        visitor = Browser()
        visitor.post(site.django, "/add/honey/", visitor.get(site.django, "/"))
        before = visitor.cookies["sessionid"]
        sign_in("ada", visitor)
        assert visitor.cookies["sessionid"] != before, "the key is another after signing in"
        assert "1 × Heather honey" in visitor.get(site.django, "/").text


def test_both_list_the_sessions_of_both(site):
    one, other = site.sign_in_at_django("bob"), site.sign_in_at_program("bob", Browser(EDGE))
    for browser in (one, other):
        listed = {
            "the program's page": browser.get(site.program, "/account/sessions/"),
            "Django's page": browser.get(site.django, "/account/sessions/"),
            "Django's admin": browser.get(site.django, "/admin/innkeeper/session/?owner=self"),
            "the program's list": browser.get(site.program, "/admin/sessions/?q=bob"),
        }
        for where, page in listed.items():
            assert page.status == 200, where
            assert "Firefox 128" in page.text and "Edge 118" in page.text, where
            assert not any(cookie in page.text for cookie in (one.cookies["sessionid"], other.cookies["sessionid"]))


def test_ended_at_the_program_is_ended_at_django_at_once(site):
    here, there = site.sign_in_at_django("cleo"), site.sign_in_at_django("cleo", Browser(EDGE))
    for _ in range(2):  # the second look is the cache's
        assert site.at_django(there, "cleo") and site.at_program(there, "cleo")
    end_at_program(site, here, other_session(site, here))
    assert not site.at_django(there, "cleo")
    assert not site.at_program(there, "cleo")
    assert site.at_django(here, "cleo") and site.at_program(here, "cleo")


def test_ended_at_django_is_ended_at_the_program_at_once(site):
    here, there = site.sign_in_at_program("dora"), site.sign_in_at_program("dora", Browser(EDGE))
    for _ in range(2):
        assert site.at_django(there, "dora") and site.at_program(there, "dora")
    url = f"/account/sessions/{other_session(site, here)}/end/"
    assert here.post(site.django, url, here.get(site.django, url)).status == 302
    assert not site.at_program(there, "dora")
    assert not site.at_django(there, "dora")
    assert site.at_program(here, "dora") and site.at_django(here, "dora")


def test_signing_out_of_one_is_signing_out_of_both(site):
    at_django, at_program = site.sign_in_at_django("ada"), site.sign_in_at_program("ada")
    for browser, port, path in (
        (at_django, site.program, "/signout/"),
        (at_program, site.django, "/accounts/logout/"),
    ):
        key = browser.cookies["sessionid"]
        page = browser.get(port, "/account/sessions/" if port == site.program else "/")
        assert browser.post(port, path, page).status in (302, 303)
        browser.cookies["sessionid"] = key
        assert not site.at_django(browser, "ada") and not site.at_program(browser, "ada")


def test_history_has_what_either_ended_and_who_did_it(site):
    here, there = site.sign_in_at_django("gus"), site.sign_in_at_program("gus", Browser(EDGE))
    identifier = other_session(site, here)
    end_at_program(site, here, identifier)
    assert site.at_django(here, "gus") and not site.at_django(there, "gus")
    page = here.get(site.django, "/admin/innkeeper/endedsession/").text
    assert "Edge 118" in page and "revoked" in page
    assert "Edge 118" in here.get(site.program, "/admin/history/").text


def test_a_changed_password_ends_the_sessions_at_the_other_program(site):
    at_django, at_program = site.sign_in_at_django("ed"), site.sign_in_at_program("ed")
    script = "from django.contrib.auth.models import User; u = User.objects.get(username='ed');"
    site.manage("shell", "-c", f"{script} u.set_password('a new one'); u.save()")
    assert not site.at_program(at_django, "ed") and not site.at_program(at_program, "ed")
    again = site.sign_in_at_program("ed", password="a new one")
    assert site.at_django(again, "ed")
    site.innkeeper("changepassword", "ed", "--no-input", INNKEEPER_PASSWORD="one more")
    assert not site.at_django(again, "ed")
    assert site.at_program(site.sign_in_at_django("ed", password="one more"), "ed")


def test_forms_of_both_work_in_one_browser(site):
    """Cookies know no ports: one program's token must not drive out the other's."""
    browser = Browser()
    of_django = browser.get(site.django, "/accounts/login/")
    of_program = browser.get(site.program, "/signin/")
    fields = {"username": "flo", "password": "flo's password"}
    assert browser.post(site.django, "/accounts/login/", of_django, **fields).status == 302
    browser.cookies.pop("sessionid")
    assert browser.post(site.program, "/signin/", of_program, **fields).status == 303


# Changed on both sides at once


def test_a_save_of_cpp_merges_what_django_saved_meanwhile(site):
    browser, worker = Browser(), site.worker()
    browser.get(site.django, "/test/put/bread/1/")
    assert worker.ask(f"open late {browser.cookies['sessionid']}") == "found"
    worker.ask("set late cheese 2")
    browser.get(site.django, "/test/put/honey/3/")
    assert worker.ask("save late") == "merged"
    assert members(site, browser) == {"bread": 1, "cheese": 2, "honey": 3}
    assert worker.ask("get late honey") == "3"


def test_a_save_of_django_merges_what_cpp_saved_meanwhile(site):
    browser, worker = Browser(), site.worker()
    browser.get(site.django, "/test/put/bread/1/")
    key = browser.cookies["sessionid"]
    with held_up(site, browser, "/test/put-slowly/honey/3/") as answer:
        assert worker.ask(f"open first {key}") == "found"
        worker.ask("set first cheese 2")
        assert worker.ask("save first") == "updated"
    assert answer().status == 200
    assert members(site, browser) == {"bread": 1, "cheese": 2, "honey": 3}
    worker.ask(f"open then {key}")
    assert worker.ask("get then honey") == "3"


def test_a_late_save_of_either_brings_nothing_back(site):
    here, there = site.sign_in_at_django("hal"), site.sign_in_at_django("hal", Browser(EDGE))
    worker = site.worker()
    worker.ask(f"open late {there.cookies['sessionid']}")
    worker.ask("set late cheese 2")
    with held_up(site, there, "/test/put-slowly/honey/3/") as answer:
        end_at_program(site, here, other_session(site, here))
    assert answer().status == 400, "Django's answer to a session that was ended meanwhile"
    assert worker.ask("save late") == "ended"
    assert not site.at_django(there, "hal") and not site.at_program(there, "hal")


def test_many_requests_and_programs_at_once_lose_nothing(site):
    """Eight threads of Django's process and one of a C++ program, all on one session."""
    from concurrent.futures import ThreadPoolExecutor

    first = Browser()
    first.get(site.django, "/test/put/start/1/")
    key = first.cookies["sessionid"]

    def put(number):
        browser = Browser()
        browser.cookies["sessionid"] = key
        return browser.get(site.django, f"/test/put/d{number}/{number}/").status

    def put_by_cpp(worker):
        worker.ask(f"open hand {key}")
        for number in range(8):
            worker.ask(f"set hand c{number} {number}")
            assert worker.ask("save hand") in ("updated", "merged")

    with ThreadPoolExecutor(9) as pool:
        by_cpp = pool.submit(put_by_cpp, site.worker())
        assert set(pool.map(put, range(32))) == {200}
        by_cpp.result(60)
    expected = {"start": 1, **{f"d{n}": n for n in range(32)}, **{f"c{n}": n for n in range(8)}}
    assert members(site, first) == expected


def test_the_examples_own_tests_pass(site):
    """In Django's TestCase and TransactionTestCase, without any plug-in."""
    import subprocess
    import sys

    from support import EXAMPLE

    environment = {**site.environment(), "DJANGO_SETTINGS_MODULE": "inn.settings"}
    command = [sys.executable, EXAMPLE / "manage.py", "test", "pantry"]
    done = subprocess.run(
        command, env=environment, cwd=EXAMPLE, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 5 tests" in done.stderr


class held_up:
    """A request of Django's that has read its session and waits while the block runs."""

    def __init__(self, site, browser, path):
        from concurrent.futures import ThreadPoolExecutor

        self._pipes, self._pool = site.folder, ThreadPoolExecutor(1)
        self._request = self._pool.submit(browser.get, site.django, path)

    def __enter__(self):
        (self._pipes / "reached").read_text()
        return lambda: self._request.result(60)

    def __exit__(self, *error):
        (self._pipes / "go").write_text("go\n")
        self._pool.shutdown()


# Settings in which both must agree


def test_cookies_are_alike(make_site):
    site = make_site(
        "ada",
        SESSION_COOKIE_NAME="guest",
        SESSION_COOKIE_AGE=7200,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_HTTPONLY=False,
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_DOMAIN="127.0.0.1",
        SESSION_SAVE_EVERY_REQUEST=True,
    )
    browser = site.sign_in_at_django("ada")
    cookies = [
        browser.get(site.django, "/").cookies["guest"],
        browser.get(site.program, "/account/sessions/").cookies["guest"],
    ]
    of_django, of_program = ({name: value for name, value in cookie.items() if value} for cookie in cookies)
    assert of_django.pop("expires") and of_program.pop("expires")
    assert of_django == of_program == {"max-age": "7200", "path": "/", "domain": "127.0.0.1", "samesite": "Strict"}
    assert cookies[0].value == cookies[1].value


def test_a_new_key_signs_nobody_out(make_site):
    site = make_site("ada")
    browsers = [site.sign_in_at_django("ada"), site.sign_in_at_program("ada")]
    site.stop()
    file = site.folder / "data" / "secret_key"
    site.settings["SECRET_KEY_FALLBACKS"] = [file.read_text()]
    file.write_text("another key, which nobody has seen before and which is long enough")
    site.start()
    for browser in browsers:
        assert site.at_program(browser, "ada") and site.at_django(browser, "ada")
    site.stop()
    site.settings.clear()
    site.start()
    for browser in browsers:
        assert site.at_django(browser, "ada") and site.at_program(browser, "ada"), "what was saved has the new key"


@pytest.mark.parametrize("zone", ["Asia/Tehran", "America/New_York"])
def test_a_local_date_means_the_same_to_both(make_site, zone):
    """Without USE_TZ Django writes a date without an offset: half a day off for who takes it for UTC."""
    site = make_site(USE_TZ=False, TIME_ZONE=zone)
    browser, worker = Browser(), site.worker()
    browser.get(site.django, "/test/lasts/3600/")
    assert worker.ask(f"open late {browser.cookies['sessionid']}") == "found"
    worker.ask("set late cheese 2")
    assert worker.ask("save late") == "updated"
    assert members(site, browser) == {"lasts": 3600, "cheese": 2}
    script = (
        "from innkeeper.models import Session; from django.utils import timezone;"
        "print((Session.objects.get().expire_date - timezone.now()).total_seconds())"
    )
    assert 3500 < float(site.manage("shell", "--no-imports", "-c", script)) <= 3600
