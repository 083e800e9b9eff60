"""User models of other kinds, each in a site of its own."""

from __future__ import annotations

import json

import pytest

from .conftest import in_a_process_of_its_own

SITE = """
import io, json, sys
import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

settings.configure(
    SECRET_KEY="a secret key for the tests, long enough to look like one",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "tests.heirs", "innkeeper"],
    AUTH_USER_MODEL=sys.argv[1],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    MIDDLEWARE=["innkeeper.middleware.SessionMiddleware"],
    SESSION_ENGINE="innkeeper.backends.db",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)

from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from innkeeper.models import Session
from innkeeper.signals import session_ended


class Late(get_user_model()):  # as in an admin.py: when everything else is set up
    class Meta:
        app_label = "heirs"
        proxy = True


user = get_user_model()()
setattr(user, user.USERNAME_FIELD, "ada")
user.save()
Client().force_login(user, backend="django.contrib.auth.backends.ModelBackend")
told = {"owner": Session.objects.get().user == user, "active": user.session_set.active().count()}
out = io.StringIO()
connection.settings_dict["NAME"] = "/srv/site.sqlite3"  # the program can share no memory
try:
    call_command("innkeeper_config", stdout=out)
    told["config"] = dict(line.split(" = ", 1) for line in out.getvalue().splitlines()[1:])
except CommandError as error:
    told["refused"] = str(error)
told["heard"] = []
session_ended.connect(lambda *, reason, **_: told["heard"].append(reason), weak=False)
apps.get_model(sys.argv[-1])._base_manager.get().delete()
told["left"] = Session.objects.count()
print(json.dumps(told))
"""


@pytest.fixture
def told(request):
    """Of a site with a user model, whose user is deleted at the end, by that model or another one."""
    return json.loads(in_a_process_of_its_own(SITE, *request.param.split()))


@pytest.mark.parametrize("told", ["heirs.Heir"], indirect=True)
def test_a_user_model_that_inherits_its_name_and_password_from_another_table(told):
    config = told.pop("config")
    assert told == {"owner": True, "active": 1, "heard": ["removed"], "left": 0}
    assert config["USER_TABLE"] == '"heirs_person"', "the program finds both there, under the same key"
    assert (config["USER_COLUMN_ID"], config["USER_COLUMN_USERNAME"]) == ('"id"', '"username"')
    assert config["USER_COLUMN_EMAIL"] == '"email"' and config["USER_KEY_TYPE"] == '"integer"'


@pytest.mark.parametrize("told", ["heirs.Ghost"], indirect=True)
def test_a_user_model_without_passwords(told):
    refused = told.pop("refused")
    assert told == {"owner": True, "active": 1, "heard": ["removed"], "left": 0}
    assert "heirs.Ghost has none" in refused


@pytest.mark.parametrize("told", [f"heirs.Heir heirs.{name}" for name in ("Customer", "Late", "Person")], indirect=True)
def test_a_user_who_is_deleted_by_another_model_of_the_same_table(told):
    assert told["heard"] == ["removed"] and told["left"] == 0


ODD_KEYS = """
import django
from django.conf import settings

settings.configure(
    SECRET_KEY="a secret key for the tests, long enough to look like one",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "tests.keys", "innkeeper"],
    AUTH_USER_MODEL="keys.User",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    MIDDLEWARE=["innkeeper.middleware.SessionMiddleware"],
    SESSION_ENGINE="innkeeper.backends.db",
)
django.setup()
from django.core.checks import Tags, run_checks

print(*(message.id for message in run_checks(tags=[Tags.compatibility])))
"""


@pytest.mark.parametrize(("key", "told"), [("Hashed", "innkeeper.E032"), ("Prefixed", "innkeeper.E032"), ("Plain", "")])
def test_a_key_that_python_has_otherwise_than_its_column_is_refused(monkeypatch, key, told):
    """The engine goes by the column: nobody would own a session, and ending all of a user's would end none."""
    monkeypatch.setenv("KIND_OF_KEY", key)
    assert in_a_process_of_its_own(ODD_KEYS) == told


def test_tables_that_were_made_without_migrations_have_their_triggers():
    """As by pytest's --nomigrations."""
    script = """
import django
from django.conf import settings
from django.core.management import call_command

settings.configure(
    SECRET_KEY="a secret key for the tests, long enough to look like one",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "innkeeper"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    SESSION_ENGINE="innkeeper.backends.db",
    MIGRATION_MODULES={"innkeeper": None},
)
django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)
call_command("migrate", run_syncdb=True, verbosity=0)

from innkeeper.backends.db import SessionStore
from innkeeper.models import EndedSession

session = SessionStore()
session.create()
session.flush()
print(EndedSession.objects.get().reason)
"""
    assert in_a_process_of_its_own(script) == "signed out"
