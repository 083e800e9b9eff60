"""Faults 10, 11, 13, 14, 16, 18 and 20 of the packages that came before: staff's pages, upkeep, settings."""

from __future__ import annotations

import io
import os
import tarfile
import threading
import tracemalloc
from datetime import timedelta
from http.server import ThreadingHTTPServer
from io import StringIO

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from innkeeper import location
from innkeeper.backends.db import SessionStore
from innkeeper.middleware import SessionMiddleware
from innkeeper.models import Session

from .conftest import in_a_process_of_its_own, new_session, signed_in
from .test_commands import Files
from .test_store import DATA

pytestmark = pytest.mark.django_db

LIST = "/admin/innkeeper/session/"


@pytest.fixture
def desk(make_user):
    boss = make_user("boss")
    boss.is_staff = boss.is_superuser = True
    boss.save()
    browser = Client()
    browser.force_login(boss)
    return browser


@pytest.fixture
def downloads(tmp_path):
    """A server of the files in a folder, and its address."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *words: Files(*words, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_fault_10_a_hostile_geoip_archive_overwrites_nothing(downloads, tmp_path):
    """A link in the archive led anywhere, and what it led to was overwritten."""
    folder, url = downloads
    victim = tmp_path / "victim"
    victim.write_text("precious")
    link = tarfile.TarInfo("GeoLite2-City_20260101/GeoLite2-City.mmdb")
    link.type, link.linkname = tarfile.SYMTYPE, str(victim)
    data = (DATA / "location" / "city.mmdb").read_bytes()
    file = tarfile.TarInfo(link.name)
    file.size = len(data)
    with tarfile.open(folder / "city.tar.gz", "w:gz") as archive:
        archive.addfile(link)
        archive.addfile(file, io.BytesIO(data))
    target = tmp_path / "geoip"
    try:
        call_command("download_geoip_db", path=str(target), url=f"{url}/city.tar.gz", stdout=StringIO())
    except CommandError:
        pass  # refused as a whole: as good
    assert victim.read_text() == "precious"


def test_fault_10_a_file_in_use_is_replaced_not_written_over(downloads, tmp_path):
    """It was truncated in place: who had it mapped died of SIGBUS."""
    folder, url = downloads
    data = (DATA / "location" / "city.mmdb").read_bytes()
    (folder / "city.mmdb").write_bytes(data)
    target = tmp_path / "geoip" / "city.mmdb"
    target.parent.mkdir()
    target.write_bytes(b"what is mapped just now")
    os.utime(target, (0, 0))
    with target.open("rb") as mapped:
        call_command("download_geoip_db", path=str(target.parent), url=f"{url}/city.mmdb", stdout=StringIO())
        assert mapped.read() == b"what is mapped just now"
    assert target.read_bytes() == data


def test_fault_11_nobodys_x_forwarded_for_is_believed_unasked(rf):
    """Anybody's was: every visitor chose his own address."""
    request = rf.get("/", REMOTE_ADDR="203.0.113.7", headers={"x-forwarded-for": "6.6.6.6", "forwarded": "for=6.6.6.6"})
    assert SessionMiddleware(lambda _: None).client_address(request) == "203.0.113.7"


def test_fault_13_the_validity_filter_filters_and_search_finds(desk, make_user):
    """The one filtered nothing, the other was not there, and "add session" was an error of the server."""
    over = SessionStore(ip="192.0.2.1")
    over.set_expiry(-1)
    over.save()
    alive = signed_in(SessionStore, make_user("guest"))

    def listed(query):
        text = desk.get(f"{LIST}?{query}").content.decode()
        return [session for session in (over, alive) if session.public_id in text]

    assert listed("validity=expired") == [over]
    assert listed("validity=active") == [alive]
    assert listed("q=guest") == [alive]
    assert desk.get(f"{LIST}add/").status_code == 403


def test_fault_13_a_user_model_that_the_admin_has_not(desk, user, monkeypatch):
    """Where it was not in the admin, or had no e-mail address, the list was an error of the server."""
    monkeypatch.delitem(admin.site._registry, get_user_model(), raising=False)
    monkeypatch.setattr(get_user_model(), "EMAIL_FIELD", "absent", raising=False)
    signed_in(SessionStore, user)
    for query in ("", f"?q={user.get_username()}"):
        answer = desk.get(f"{LIST}{query}")
        assert answer.status_code == 200
        assert user.get_username() in answer.content.decode()


_IMPORTS = """
import sys
from django.conf import settings
settings.configure(
    INSTALLED_APPS=("django.contrib.auth", "django.contrib.contenttypes", "innkeeper"),
    MIDDLEWARE=("innkeeper.middleware.SessionMiddleware",),
    SESSION_ENGINE="innkeeper.backends.db",
    SECRET_KEY="k" * 50,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    USE_TZ=True,
)
before = dict(vars(settings._wrapped))
import innkeeper, innkeeper.conf, innkeeper.middleware, innkeeper.backends.db, innkeeper.backends.cached_db
assert "innkeeper.models" not in sys.modules, "models were looked up before the apps were there"
import django
django.setup()
from innkeeper.models import Session
assert vars(settings._wrapped) == before, "a setting was changed"
print(settings.INSTALLED_APPS[2])
"""


def test_fault_14_importing_changes_no_setting_and_needs_no_models():
    """Settings were changed at import, a tuple in INSTALLED_APPS was a crash, and models were looked up too early."""
    assert in_a_process_of_its_own(_IMPORTS) == "innkeeper"


def test_fault_16_the_file_is_opened_once_and_a_miss_is_no_warning(desk, settings, monkeypatch, caplog):
    """The reader was opened for each address (100 times for a page of the admin), and an unknown one was a warning."""
    opened = []
    reader = location._engine.LocationReader

    class Counted:
        def __init__(self, *arguments):
            opened.append(arguments)
            self.find = reader(*arguments).find

    monkeypatch.setattr(location._engine, "LocationReader", Counted)
    location._reader.cache_clear()
    settings.GEOIP_PATH = DATA / "location" / "city.mmdb"
    for last in range(20):
        session = SessionStore(ip=f"198.51.100.{last}" if last % 2 else "89.160.20.112")
        session.save()
    text = desk.get(LIST).content.decode()
    location._reader.cache_clear()
    assert "Linköping, Sweden" in text and "198.51.100.1" in text
    assert len(opened) == 1
    assert not caplog.records


def test_fault_18_clearsessions_reads_no_payload_and_holds_no_rows():
    """53 MB for 20,000 rows: each was loaded, with all that it held."""
    data = new_session(SessionStore, cart="x" * 5000).model.objects.get().session_data
    long_ago = timezone.now() - timedelta(days=1)
    rows = (Session(f"{number:040x}", expire_date=long_ago, session_data=data) for number in range(5000))
    Session.objects.bulk_create(rows)
    del rows
    tracemalloc.start()
    call_command("clearsessions", stdout=StringIO())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert Session.objects.count() == 1
    Session.objects.bulk_create([Session("1" * 40, expire_date=long_ago, session_data=data)])
    with CaptureQueriesContext(connection) as queries:
        call_command("clearsessions", stdout=StringIO())
    assert Session.objects.count() == 1 and len(queries) > 0
    assert not any("session_data" in query["sql"] for query in queries)
    assert peak < 2_000_000, "bytes, for 5,000 rows of which each has a payload of 100"


def test_fault_20_the_list_counts_no_table_and_has_its_indexes(desk):
    """The table was counted twice, payloads were loaded, and no index had user and expiry."""
    for number in range(5):
        new_session(SessionStore, cart=number)
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(f"{LIST}?owner=self&validity=active").status_code == 200
    asked = [query["sql"] for query in queries if 'FROM "innkeeper_session"' in query["sql"].replace("`", '"')]
    assert all("LIMIT" in sql for sql in asked if "COUNT(" in sql)
    rows = [sql for sql in asked if "user_agent" in sql and "ORDER BY" in sql]
    assert rows and not any("session_data" in sql for sql in rows)
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "innkeeper_session").values()
    assert ["user_id", "expire_date"] in [each["columns"] for each in found if each["index"]]
