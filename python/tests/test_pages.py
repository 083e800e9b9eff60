"""The pages for a site's users."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.hashers import make_password
from django.test import AsyncClient, Client
from django.utils import timezone, translation

from innkeeper import views
from innkeeper.backends.db import SessionStore
from innkeeper.models import EndedSession, Session

from .conftest import CHROME, FIREFOX, new_session, signed_in

pytestmark = pytest.mark.django_db

LIST = "/account/sessions/"
OTHERS = f"{LIST}end-others/"


@pytest.fixture
def guest(user):
    browser = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="203.0.113.7")
    browser.get(f"/in?name={user.get_username()}")
    return browser


def page(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_the_colours_are_those_of_the_programs_pages():
    """The package is shipped by itself, so they stand twice."""
    root = Path(__file__).parents[2]
    sheets = (root / "src/web/templates/style.css", root / "python/src/innkeeper/static/innkeeper/pages.css")
    ours, theirs = (sheet.read_text("utf-8").partition("*/")[2].partition("main {")[0] for sheet in sheets)
    assert "--accent" in ours and ours == theirs


def end_url(session):
    return f"{LIST}{session.public_id}/end/"


def test_the_list_has_ones_own_sessions_this_one_first_and_no_key(guest, user, make_user):
    phone = signed_in(SessionStore, user)
    Session.objects.filter(pk=phone.public_id).update(user_agent=CHROME, last_activity=timezone.now())
    strange = signed_in(SessionStore, make_user())
    text = page(guest.get(LIST))
    assert (
        text.index("Firefox 128 on Linux") < text.index("This session") < text.index("Chrome Mobile 118 on Android 10")
    )
    assert "203.0.113.7" in text and "active now" in text
    assert end_url(phone) in text and end_url(guest.session) not in text
    assert strange.public_id not in text
    assert "Sign out everywhere else (1)" in " ".join(text.split())
    for session in (phone, strange, guest.session):
        assert session.session_key not in text


def test_what_has_ended_is_not_listed(guest, user, settings):
    over = SessionStore()
    over["_auth_user_id"] = str(user.pk)
    over.set_expiry(-1)
    over.save()
    idle = signed_in(SessionStore, user)
    Session.objects.filter(pk=idle.public_id).update(last_activity=timezone.now() - timedelta(hours=2))
    settings.SESSION_IDLE_TIMEOUT = 3600
    text = page(guest.get(LIST))
    assert over.public_id not in text and idle.public_id not in text
    assert "You are signed in nowhere else." in text


@pytest.mark.parametrize("path", ["", "end-others/", f"{'a' * 40}/end/"])
def test_visitors_are_asked_to_sign_in(path, client, settings):
    answer = client.get(LIST + path)
    assert answer.status_code == 302
    assert answer["Location"].startswith(settings.LOGIN_URL)


@pytest.mark.parametrize("path", ["", "end-others/"])
def test_no_page_is_kept_by_a_cache_or_shown_in_a_frame(path, guest):
    answer = guest.get(LIST + path)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"


def test_one_is_ended_by_post_alone_and_the_history_says_by_whom(guest, user):
    other = signed_in(SessionStore, user)
    assert "Whoever uses it will have to sign in again" in page(guest.get(end_url(other)))
    assert Session.objects.filter(pk=other.public_id).exists()
    answer = guest.post(end_url(other), follow=True)
    assert "One session was signed out." in page(answer)
    assert SessionStore(other.session_key).load() == {}
    ended = EndedSession.objects.get(session_key=other.public_id)
    assert (ended.reason, ended.actor) == ("revoked", f"user {user.pk}")


def test_nobody_elses_session_can_be_seen_or_ended(guest, make_user):
    strange = signed_in(SessionStore, make_user())
    visitor = new_session(SessionStore, cart=1)
    for session in (strange, visitor):
        assert guest.get(end_url(session)).status_code == 404
        assert guest.post(end_url(session)).status_code == 404
        assert Session.objects.filter(pk=session.public_id).exists()
    assert guest.post(f"{LIST}{strange.session_key}/end/").status_code == 404, "a key is no address"


def test_ending_this_session_signs_out(guest):
    key = guest.session.session_key
    answer = guest.post(end_url(guest.session))
    assert answer.status_code == 302
    assert SessionStore(key).load() == {}
    assert EndedSession.objects.get().reason == "signed out"
    assert guest.get(LIST).status_code == 302


def test_the_others_end_and_this_one_stays(guest, user):
    others = [signed_in(SessionStore, user) for _ in range(2)]
    assert "These 2 sessions end" in page(guest.get(OTHERS))
    answer = guest.post(OTHERS, follow=True)
    assert "2 sessions were signed out." in page(answer)
    assert all(SessionStore(other.session_key).load() == {} for other in others)
    assert page(guest.get("/who")) == user.get_username()


def test_with_the_setting_the_password_is_asked_for(guest, user, settings):
    settings.SESSION_END_OTHERS_PASSWORD = True
    other = signed_in(SessionStore, user)
    assert 'type="password"' in page(guest.get(OTHERS))
    for wrong in ({}, {"password": ""}, {"password": "guess"}):
        text = page(guest.post(OTHERS, wrong))
        assert 'role="alert"' in text and "guess" not in text
        assert Session.objects.filter(pk=other.public_id).exists()
    assert guest.post(OTHERS, {"password": "pass"}).status_code == 302
    assert not Session.objects.filter(pk=other.public_id).exists()


def test_a_password_that_is_hashed_anew_meanwhile_signs_nobody_out(guest, user, settings):
    """Django hashes it with the first of PASSWORD_HASHERS at each check, and sessions hang on the hash."""
    settings.SESSION_END_OTHERS_PASSWORD = True
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    signed_in(SessionStore, user)
    assert guest.post(OTHERS, {"password": "pass"}).status_code == 302
    user.refresh_from_db()
    assert user.password.startswith("pbkdf2")
    assert page(guest.get("/who")) == user.get_username()
    assert Session.objects.count() == 1


def test_who_has_no_password_is_not_asked_for_one(guest, user, settings):
    settings.SESSION_END_OTHERS_PASSWORD = True
    other = signed_in(SessionStore, user)
    user.password = make_password(None)
    user.save()
    guest.force_login(user)
    assert 'type="password"' not in page(guest.get(OTHERS))
    guest.post(OTHERS)
    assert not Session.objects.filter(pk=other.public_id).exists()


def test_a_form_without_its_token_does_nothing(user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    other = signed_in(SessionStore, user)
    for url in (OTHERS, end_url(other)):
        assert browser.post(url).status_code == 403
    assert Session.objects.filter(pk=other.public_id).exists()


def many_sessions(user, count):
    now = timezone.now()
    Session.objects.bulk_create(
        Session(
            session_key=f"{number:040x}",
            user=user,
            user_agent=FIREFOX,
            session_data="",
            expire_date=now + timedelta(days=1),
            created_at=now,
            last_activity=now - timedelta(seconds=number // 3),
        )
        for number in range(count)
    )


def test_very_many_sessions_come_in_pages_that_miss_none(guest, user, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 4)
    many_sessions(user, 11)
    seen = []
    url = LIST
    pages = 0
    while url:
        answer = guest.get(url)
        seen += [line.id for line in answer.context["sessions"] if not line.this_session]
        url = answer.context["next"] and f"{LIST}?page={answer.context['next']}"
        pages += 1
    assert pages == 3
    assert sorted(seen) == [f"{number:040x}" for number in range(11)]
    back = guest.get(f"{LIST}?page={answer.context['previous']}")
    assert [line.id for line in back.context["sessions"]] == seen[4:8]


def test_each_of_very_many_can_be_ended_by_itself_and_leads_back_to_its_page(guest, user):
    many_sessions(user, 260)
    url, pages = LIST, []
    while url:
        pages.append(guest.get(url))
        url = pages[-1].context["next"] and f"{LIST}?page={pages[-1].context['next']}"
    links = [re.findall(rf'href="({LIST}[0-9a-f]{{40}}/end/[^"]*)"', page(answer)) for answer in pages]
    assert sum(map(len, links)) == 260
    on_the_fifth = links[4]
    question = page(guest.get(on_the_fifth[3]))
    there = f"{LIST}?page={pages[3].context['next']}"
    assert f'href="{there}"' in question, "who keeps it comes back as well"
    answer = guest.post(on_the_fifth[3], follow=True)
    assert answer.redirect_chain == [(f"{there}&ended=1", 302)]
    assert "One session was signed out." in page(answer)
    left = [line.id for line in answer.context["sessions"]]
    was = [line.id for line in pages[4].context["sessions"]]
    assert left[: len(was) - 1] == was[:3] + was[4:]
    for link in (links[0][0], links[-1][-1]):
        assert guest.post(link).status_code == 302
    assert Session.objects.for_user(user).count() == 258


def test_a_page_that_is_none_is_not_led_back_to(guest, user):
    other = signed_in(SessionStore, user)
    answer = guest.post(f"{end_url(other)}?page=%22%26next=//example.org")
    assert answer["Location"] == f"{LIST}?ended=1"


@pytest.mark.parametrize("cursor", ["x", "after-", "before-1-", "after-99999999999999999999-a", "after-1-%27", "-"])
def test_a_cursor_that_is_none_is_the_first_page(guest, cursor):
    assert "This session" in page(guest.get(f"{LIST}?page={cursor}"))


def test_the_list_costs_the_same_for_ten_and_for_a_hundred(guest, user, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(views, "PER_PAGE", 200)

    def cost(count):
        Session.objects.exclude(pk=guest.session.public_id).delete()
        many_sessions(user, count)
        with django_assert_num_queries(4) as queries:  # session, user, this one, the others
            page(guest.get(LIST))
        return queries

    assert not any("session_data" in query["sql"] for query in cost(10)[2:])
    cost(100)


def test_the_pages_work_on_the_asynchronous_stack(user):
    async def visit():
        browser = AsyncClient(headers={"user-agent": FIREFOX})
        await sync_to_async(browser.force_login)(user)
        return (await browser.get(LIST)).content.decode()

    assert "This session" in async_to_sync(visit)()


class Outline(HTMLParser):
    """What a strict policy and a screen reader look at."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.root = [], set(), {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag == "html":
            self.root = dict(attributes)


@pytest.mark.parametrize("path", ["", "end-others/"])
def test_pages_need_no_script_and_no_style_of_their_own(guest, user, path):
    signed_in(SessionStore, user)
    outline = Outline(page(guest.get(LIST + path)))
    assert not {"script", "style"} & set(outline.tags)
    assert not {name for name in outline.attributes if name == "style" or name.startswith("on")}
    assert outline.tags.count("h1") == 1


@pytest.mark.parametrize(
    ("language", "direction", "title", "device", "ago"),
    [
        ("en", "ltr", "Where you are signed in", "Firefox 128 on Linux", "3 days ago"),
        ("de", "ltr", "Wo Sie angemeldet sind", "Firefox 128 auf Linux", "vor 3 Tagen"),
        ("es", "ltr", "Dónde tiene sesiones abiertas", "Firefox 128 en Linux", "hace 3 días"),
        ("fr", "ltr", "Où vous êtes connecté", "Firefox 128 sur Linux", "il y a 3 jours"),
        ("fa", "rtl", "جاهایی که وارد شده‌اید", "Firefox 128 روی Linux", "3 روز پیش"),
    ],
)
def test_pages_speak_the_languages_and_their_directions(guest, user, language, direction, title, device, ago):
    other = signed_in(SessionStore, user)
    Session.objects.filter(pk=other.public_id).update(last_activity=timezone.now() - timedelta(days=3, hours=1))
    with translation.override(language):
        text = page(guest.get(LIST))
    assert Outline(text).root == {"lang": language, "dir": direction}
    assert f"<title>{title}</title>" in text
    assert device in text and ago in text


def test_dates_are_written_as_the_language_does(settings):
    from innkeeper.people import time_ago

    moment = datetime(2026, 3, 5, 12)
    if settings.USE_TZ:
        moment = timezone.make_aware(moment)
    with translation.override("de"):
        assert time_ago(moment) == "am 5. März 2026"
    with translation.override("fr"):
        assert time_ago(moment) == "le 5 mars 2026"


def test_the_base_template_can_be_a_sites_own(guest, settings, tmp_path):
    (tmp_path / "innkeeper").mkdir()
    (tmp_path / "innkeeper" / "base.html").write_text("<my-frame>{% block content %}{% endblock %}</my-frame>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    text = page(guest.get(LIST))
    assert text.startswith("<my-frame>") and "This session" in text


@pytest.mark.parametrize("ended", ["x", "-1", "1e3", "<b>", "1" * 9, "0"])
def test_the_notice_shows_a_number_or_nothing(guest, ended):
    assert 'role="status"' not in page(guest.get(LIST, {"ended": ended}))
