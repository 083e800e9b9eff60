"""A session's data in the admin: who sees it, and what nobody does."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from innkeeper.backends.db import SessionStore
from innkeeper.models import Session

from .conftest import signed_in
from .test_admin import LIST, ids_of, page

pytestmark = pytest.mark.django_db


def test_the_data_is_for_those_who_may_see_it(desk, staff, user):
    staff.user_permissions.add(Permission.objects.get(codename="view_session_data"))
    session = signed_in(SessionStore, user, cart="a thing")
    assert "a thing" in page(desk.get(f"{LIST}{session.public_id}/change/"))


SECRETS = ("_auth_user_hash", "_csrftoken", "_password_reset_token")


def test_what_would_let_its_reader_act_for_the_user_is_shown_to_nobody(desk, staff, user):
    staff.user_permissions.add(Permission.objects.get(codename="view_session_data"))
    session = signed_in(
        SessionStore, user, _csrftoken="form-secret", _password_reset_token="reset-secret", cart="a thing"
    )
    text = page(desk.get(f"{LIST}{session.public_id}/change/"))
    assert "a thing" in text and "form-secret" not in text and "reset-secret" not in text
    assert session["_auth_user_hash"] not in text
    assert all(f"&quot;{name}&quot;: &quot;(hidden)&quot;" in text for name in SECRETS)


def test_data_that_is_no_text_is_shown_all_the_same(desk, staff, user):
    """JSON has lone surrogates, UTF-8 has none: who sent one would keep staff from the page of their session."""
    staff.user_permissions.add(Permission.objects.get(codename="view_session_data"))
    session = signed_in(SessionStore, user, cart="a \ud800 thing")
    assert r"a \ud800 thing" in page(desk.get(f"{LIST}{session.public_id}/change/"))


@pytest.mark.parametrize("may_see", [False, True])
@pytest.mark.parametrize("lookup", ["", "__startswith", "__contains", "__regex", "__length__gt", "__gte"])
def test_no_filter_in_an_address_guesses_the_data_letter_by_letter(desk, staff, user, lookup, may_see):
    if may_see:  # what is hidden on the page is in there too
        staff.user_permissions.add(Permission.objects.get(codename="view_session_data"))
    session = signed_in(SessionStore, user, cart="a thing")
    data = Session.objects.get(pk=session.public_id).session_data
    assert desk.get(LIST, {f"session_data{lookup}": data}).status_code == 400
    chosen = {"action": "delete_selected", "select_across": "1", "_selected_action": [session.public_id]}
    assert desk.post(f"{LIST}?session_data__gte=a", chosen).status_code == 400
    assert ids_of(page(desk.get(LIST, {"ip": "203.0.113.7"}))) == [session.public_id], "other columns are no secret"


@pytest.mark.parametrize("may_see_users", [False, True])
def test_no_search_guesses_the_address_of_a_user_whom_one_may_not_see(desk, staff, user, may_see_users):
    """The list shows names; an e-mail address would be found letter by letter."""
    model = get_user_model()
    email = model.get_email_field_name()
    if email not in {field.name for field in model._meta.get_fields()} or email == model.USERNAME_FIELD:
        pytest.skip("these users have no e-mail address beside their name")
    if may_see_users:
        staff.user_permissions.add(Permission.objects.get(codename=f"view_{model._meta.model_name}"))
    model._default_manager.filter(pk=user.pk).update(**{email: "secret@example.org"})
    session = signed_in(SessionStore, user)
    assert ids_of(page(desk.get(LIST, {"q": "secr"}))) == ([session.public_id] if may_see_users else [])
    assert ids_of(page(desk.get(LIST, {"q": user.get_username()}))) == [session.public_id]
