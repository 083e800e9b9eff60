"""What staff see, and what they never see."""

from __future__ import annotations

import importlib
import re
from datetime import timedelta

import django
import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import clear_url_caches, reverse
from django.utils import timezone

from innkeeper import admin as admin_module
from innkeeper import admin_list, device
from innkeeper.admin import EndedSessionAdmin, SessionAdmin
from innkeeper.backends.db import SessionStore
from innkeeper.models import EndedSession, Session
from innkeeper.templatetags import innkeeper_admin

from . import urls
from .conftest import FIREFOX, new_session, signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/innkeeper/session/"
HISTORY = "/admin/innkeeper/endedsession/"


def read_urls_again():
    importlib.reload(urls)
    clear_url_caches()


@pytest.fixture
def users_in_admin(staff):
    """The user model is in the admin, with search_fields, and may be looked at and deleted."""
    model = get_user_model()
    known = admin.site._registry.pop(model, None)
    name = model.USERNAME_FIELD
    admin.site.register(model, type("UserAdmin", (admin.ModelAdmin,), {"search_fields": (name,), "ordering": (name,)}))
    granted = [f"{action}_{model._meta.model_name}" for action in ("view", "delete")]
    staff.user_permissions.add(*Permission.objects.filter(codename__in=granted))
    read_urls_again()
    yield f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    del admin.site._registry[model]
    if known:
        admin.site._registry[model] = known
    read_urls_again()


def page(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_owner_device_and_address_and_no_key(desk, user):
    session = signed_in(SessionStore, user)
    text = page(desk.get(LIST))
    assert user.get_username() in text
    assert "Firefox 128 on Linux" in text and "203.0.113.7" in text
    assert session.session_key not in text


def rows(count, **values):
    """Rows as a busy site has them: several in one moment."""
    now = timezone.now()
    defaults = {"user_agent": FIREFOX, "ip": "203.0.113.7", "session_data": "", "expire_date": now + timedelta(days=1)}
    Session.objects.bulk_create(
        Session(
            session_key=f"{number:040x}",
            created_at=now,
            last_activity=now - timedelta(days=1, seconds=number // 3),
            **{**defaults, **values},
        )
        for number in range(count)
    )


FACETS = pytest.param("?_facets=True", marks=pytest.mark.skipif(django.VERSION < (5,), reason="came with Django 5.0"))


@pytest.mark.parametrize("query", ["", "?validity=active", "?validity=expired", "?owner=users", FACETS])
def test_a_list_costs_the_same_for_ten_rows_and_for_a_hundred(desk, user, query, django_assert_num_queries):
    values = {"user": user}
    if "expired" in query:
        values["expire_date"] = timezone.now() - timedelta(days=1)
    for count in (10, 95):
        Session.objects.filter(session_key__startswith="0" * 30).delete()
        rows(count, **values)
        with django_assert_num_queries(5) as queries:  # session, user, permissions (two), the list with its users
            text = page(desk.get(LIST + query))
        assert text.count("203.0.113.7") >= count
        assert '"session_data"' not in queries[4]["sql"] and "LIMIT 101" in queries[4]["sql"]


def test_a_device_is_read_once_for_all_rows_that_have_it(desk):
    rows(95)
    device._read.cache_clear()
    page(desk.get(LIST))
    assert device._read.cache_info().misses == 1


def ids_of(text):
    return re.findall(r'name="_selected_action" value="([0-9a-f]{40})"', text)


def link(text, rel):
    found = re.search(rf'<a href="([^"]*)" rel="{rel}"', text)
    return found and found[1].replace("&amp;", "&")


@pytest.mark.parametrize("query", ["", "?validity=active&q=203.0.113.7", "?o=7", "?o=-8", "?o=4", "?o=x"])
def test_pages_lead_through_the_whole_table_and_back(desk, monkeypatch, query):
    monkeypatch.setattr(SessionAdmin, "list_per_page", 4)
    monkeypatch.setattr(admin_list, "MOST_CHOSEN", 5)
    rows(11)
    Session.objects.filter(pk=desk.session.public_id).update(ip="192.0.2.1")
    wanted = 11 if "q=" in query else 12
    text = page(desk.get(LIST + query))
    pages = [ids_of(text)]
    while onward := link(text, "next"):
        text = page(desk.get(LIST + onward))
        pages.append(ids_of(text))
    assert len(pages) == 3
    assert len({identifier for ids in pages for identifier in ids}) == wanted == sum(map(len, pages))
    for ids in reversed(pages[:-1]):
        text = page(desk.get(LIST + link(text, "prev")))
        assert ids_of(text) == ids
    assert not link(text, "prev")


def test_no_page_counts_the_table_or_skips_rows_one_by_one(desk, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(SessionAdmin, "list_per_page", 4)
    rows(11)
    text = page(desk.get(LIST))
    with django_assert_num_queries(6) as queries:
        page(desk.get(LIST + link(text, "next")))
    statements = [query["sql"] for query in queries]
    assert not any("OFFSET" in sql for sql in statements)
    assert all("LIMIT 901" in sql for sql in statements if "COUNT" in sql)


def test_history_comes_in_pages_too(desk, monkeypatch):
    monkeypatch.setattr(EndedSessionAdmin, "list_per_page", 4)
    for _ in range(6):
        new_session(SessionStore, cart=1).flush()
    text = page(desk.get(HISTORY))
    second = page(desk.get(HISTORY + link(text, "next")))
    assert second.count("203.0.113.7") == 2 and not link(second, "next")


def test_all_that_match_can_be_chosen_where_they_are_few(desk, monkeypatch):
    monkeypatch.setattr(SessionAdmin, "list_per_page", 4)
    rows(11)
    assert "Select all 12 sessions" in page(desk.get(LIST))
    answer = desk.post(
        f"{LIST}?q=203.0.113.7", {"action": "delete_selected", "select_across": "1", "_selected_action": [f"{0:040x}"]}
    )
    chosen = ids_of(page(answer))
    assert len(chosen) == 11
    desk.post(LIST, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert Session.objects.count() == 1
    monkeypatch.setattr(admin_list, "MOST_CHOSEN", 5)
    rows(11)
    assert not re.search(r"Select all \d+ sessions", page(desk.get(LIST)))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("validity=active", {"mine", "users", "visitors"}),
        ("validity=expired", {"over"}),
        ("owner=self", {"mine"}),
        ("owner=users", {"mine", "users"}),
        ("owner=visitors", {"visitors", "over"}),
        ("q=203.0.113.7", {"users", "visitors"}),
        ("q=guest", {"users"}),
        ("q=nobody", set()),
    ],
)
def test_filters_and_search_find_what_they_name(desk, make_user, query, found):
    over = SessionStore(ip="192.0.2.1")
    over.set_expiry(-1)
    over.save()
    named = {
        "mine": desk.session.public_id,
        "users": signed_in(SessionStore, make_user("guest")).public_id,
        "visitors": new_session(SessionStore, cart=1).public_id,
        "over": over.public_id,
    }
    text = page(desk.get(f"{LIST}?{query}"))
    assert {name for name, identifier in named.items() if f"{LIST}{identifier}/" in text} == found


def test_users_are_looked_for_in_their_own_table(desk, make_user, django_assert_num_queries):
    """Beside a condition on the user, the list would be read from end to end for a name that nobody has."""
    signed_in(SessionStore, make_user("guest"))
    with django_assert_num_queries(5) as asked:
        page(desk.get(f"{LIST}?q=nobody"))
    with_names = [query["sql"] for query in asked if "nobody" in query["sql"]]
    assert len(with_names) == 1 and "innkeeper_session" not in with_names[0]


def test_a_search_that_leaves_users_out_says_so(desk, make_user, monkeypatch):
    monkeypatch.setattr(admin_module, "MOST_NAMED", 2)
    for number in range(3):
        signed_in(SessionStore, make_user(f"guest{number}"))
    text = page(desk.get(f"{LIST}?q=guest"))
    assert len(ids_of(text)) == 2 and "Only the sessions of 2 of the users" in text
    assert "Only the sessions" not in page(desk.get(f"{LIST}?q=guest1"))


def test_a_session_is_shown_and_cannot_be_changed_or_added(desk, user):
    session = signed_in(SessionStore, user, cart="a thing")
    url = f"{LIST}{session.public_id}/change/"
    text = page(desk.get(url))
    assert "203.0.113.7" in text and 'name="_save"' not in text
    assert "a thing" not in text, "the data has a permission of its own"
    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(url, {"ip": "1.1.1.1"}).status_code == 403


def test_deleting_ends_for_real_and_says_by_whom(desk, staff, user):
    session = signed_in(SessionStore, user)
    desk.post(f"{LIST}{session.public_id}/delete/", {"post": "yes"})
    assert SessionStore(session.session_key).load() == {}
    ended = EndedSession.objects.get()
    assert (ended.reason, ended.actor) == ("revoked", f"user {staff.pk}")
    entry = LogEntry.objects.get()
    assert session.session_key not in entry.object_repr + entry.object_id + entry.change_message


def test_who_may_delete_users_ends_their_sessions_with_them_and_no_others(desk, staff, make_user, users_in_admin):
    staff.user_permissions.remove(Permission.objects.get(codename="delete_session"))
    first, second, other = make_user(), make_user(), make_user()
    kept = [signed_in(SessionStore, user) for user in (first, second, other)][-1]
    assert desk.post(f"{users_in_admin}{quote(first.pk)}/delete/", {"post": "yes"}).status_code == 302
    chosen = {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"}
    assert desk.post(users_in_admin, chosen).status_code == 302
    assert {row.reason for row in EndedSession.objects.all()} == {"removed"} and EndedSession.objects.count() == 2
    assert desk.post(f"{LIST}{kept.public_id}/delete/", {"post": "yes"}).status_code == 403
    assert list(other.session_set.all()) == [Session.objects.get(pk=kept.public_id)]


def test_the_action_ends_all_that_were_chosen(desk, make_user):
    sessions = [signed_in(SessionStore, make_user()) for _ in range(2)]
    chosen = {"action": "delete_selected", "_selected_action": [session.public_id for session in sessions]}
    desk.post(LIST, {**chosen, "post": "yes"})
    assert Session.objects.count() == 1, "the one of this request"


def test_history_is_read_only(desk, user):
    signed_in(SessionStore, user).flush()
    text = page(desk.get(reverse("admin:innkeeper_endedsession_changelist")))
    assert "signed out" in text
    ended = EndedSession.objects.get()
    assert "signed out" in page(desk.get(reverse("admin:innkeeper_endedsession_change", args=[ended.pk])))
    assert desk.get(reverse("admin:innkeeper_endedsession_delete", args=[ended.pk])).status_code == 403


@pytest.mark.parametrize("reason", ["signed out", "revoked", "nonsense"])
def test_history_is_filtered_by_reason_without_asking_the_table_for_them(desk, user, reason, django_assert_num_queries):
    signed_in(SessionStore, user).flush()
    with django_assert_num_queries(5):
        text = page(desk.get(HISTORY, {"reason": reason}))
    assert ("203.0.113.7" in text) == (reason != "revoked")


def test_validity_knows_the_timeouts(desk, settings, user):
    idle = signed_in(SessionStore, user)
    old = signed_in(SessionStore, user)
    Session.objects.filter(pk=idle.public_id).update(last_activity=timezone.now() - timedelta(hours=2))
    Session.objects.filter(pk=old.public_id).update(created_at=timezone.now() - timedelta(days=9))
    settings.SESSION_IDLE_TIMEOUT = 3600
    settings.SESSION_ABSOLUTE_TIMEOUT = 8 * 86400
    assert set(ids_of(page(desk.get(f"{LIST}?validity=expired")))) == {idle.public_id, old.public_id}
    assert ids_of(page(desk.get(f"{LIST}?validity=active"))) == [desk.session.public_id]
    assert "icon-no" in page(desk.get(f"{LIST}{old.public_id}/change/"))


class TestUserFilter:
    """One user's sessions, whatever the site's admin knows of users."""

    @pytest.fixture
    def hers(self, make_user):
        self.her = make_user("guest")
        signed_in(SessionStore, make_user("other"))
        return signed_in(SessionStore, self.her).public_id

    def test_chooses_by_primary_key_and_by_name(self, desk, hers):
        for value in (str(self.her.pk), "guest"):
            assert ids_of(page(desk.get(LIST, {"user": value}))) == [hers]
        for value in ("nobody", "0", "9" * 40, "\x00"):
            assert ids_of(page(desk.get(LIST, {"user": value}))) == []

    def test_is_a_field_for_the_name_where_the_admin_completes_none(self, desk, hers):
        text = page(desk.get(LIST, {"user": "guest", "validity": "active"}))
        assert 'type="text" name="user" value="guest"' in text
        assert '<input type="hidden" name="validity" value="active">' in text

    def test_completes_where_the_users_admin_can(self, desk, hers, users_in_admin):
        text = page(desk.get(LIST, {"user": str(self.her.pk)}))
        field = re.search(r'<select name="user".*?</select>', text, re.S)[0]
        assert "admin-autocomplete" in field and f'value="{self.her.pk}" selected' in field
        assert "select2" in text
        query = dict(re.findall(r'data-(app-label|model-name|field-name)="(\w+)"', field))
        answer = desk.get("/admin/autocomplete/", {"term": "gue", **{k.replace("-", "_"): v for k, v in query.items()}})
        assert [found["id"] for found in answer.json()["results"]] == [str(self.her.pk)]

    def test_the_history_has_it_too(self, desk, hers):
        Session.objects.filter(pk=hers).delete()
        assert "203.0.113.7" in page(desk.get(HISTORY, {"user": "guest"}))
        assert "203.0.113.7" not in page(desk.get(HISTORY, {"user": "other"}))


def test_what_will_end_is_named_before_it_does(desk, make_user):
    session = signed_in(SessionStore, make_user("guest"))
    text = page(desk.get(f"{LIST}{session.public_id}/delete/"))
    assert "guest · Firefox 128 on Linux · 203.0.113.7" in text
    assert "End this session" in text
    chosen = {"action": "delete_selected", "_selected_action": [session.public_id]}
    assert "guest · Firefox 128 on Linux · 203.0.113.7" in page(desk.post(LIST, chosen))
    assert Session.objects.filter(pk=session.public_id).exists()


def cells(text):
    """The table of a list, without what differs in the room between its cells."""
    table = text[text.index("<tbody>") : text.index("</tbody>")]
    return re.sub(r"\s*(</?t[rdh][^>]*>)\s*", r"\1", table)


@pytest.mark.parametrize("language", ["en", "de", "fa", "pt"])
@pytest.mark.parametrize("model", [Session, EndedSession])
def test_the_rows_are_those_that_django_itself_writes(desk, make_user, monkeypatch, settings, language, model):
    settings.LANGUAGE_CODE = language
    person = make_user("<b>o'brien</b>")
    for store in (signed_in(SessionStore, person), new_session(SessionStore, cart=1), SessionStore(ip="192.0.2.1")):
        store.set_expiry(-1 if store.ip == "192.0.2.1" else 3600)
        store.save()
    signed_in(SessionStore, person).delete()
    address = f"/admin/innkeeper/{model._meta.model_name}/?owner=users"
    ours = cells(page(desk.get(address)))
    assert "o&#x27;brien" in ours and "<b>" not in ours
    monkeypatch.setattr(innkeeper_admin, "row_writer", lambda cl: None)
    assert cells(page(desk.get(address))) == ours


def test_a_column_that_a_site_adds_is_shown(desk, monkeypatch):
    new_session(SessionStore, cart=1)
    monkeypatch.setattr(SessionAdmin, "list_display", (*SessionAdmin.list_display, "version"))
    assert '<td class="field-version">1</td>' in page(desk.get(LIST))
