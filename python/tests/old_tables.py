"""The tables of other packages, what they keep there, and the command that takes it over; see make_table()."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from innkeeper import conf

NG_SALT = "django_user_sessions_ng.SessionStore"
KEY = "k" * 32


def put(table, key=KEY, *, data, salt=conf.SALT, lifetime=timedelta(days=1), **columns):
    row = {
        "session_key": key,
        "session_data": signing.dumps(data, salt=salt, compress=True),
        "expire_date": connection.ops.adapt_datetimefield_value(timezone.now() + lifetime),
        **columns,
    }
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))


def of(user, **data):
    return {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        **data,
    }


def migrate(source, **options):
    out = StringIO()
    call_command("migratesessions", "--from", source, stdout=out, **options)
    return out.getvalue()


def who(key=KEY):
    browser = Client()
    browser.cookies["sessionid"] = key
    return browser.get("/who").content.decode()
