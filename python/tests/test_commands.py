"""Upkeep, from the command line."""

from __future__ import annotations

import functools
import hashlib
import http.server
import io
import ssl
import subprocess
import tarfile
import threading
import urllib.parse
from io import StringIO
from typing import ClassVar

import pytest
from django.core.management import CommandError, call_command

from innkeeper.backends.db import SessionStore
from innkeeper.models import Session

from .conftest import in_a_process_of_its_own, new_session
from .test_store import DATA

pytestmark = pytest.mark.django_db


def run(*arguments, **options):
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def expire(count):
    for _ in range(count):
        session = SessionStore()
        session.set_expiry(-1)
        session.save()


@pytest.mark.parametrize("size", [0, -1, 2147483648])
@pytest.mark.parametrize("command", [("clearsessions",), ("migratesessions", "--from", "django.contrib.sessions")])
def test_a_batch_of_no_size_is_refused(command, size):
    with pytest.raises(CommandError, match=f"--batch-size is {size}: give a number from 1 to"):
        run(*command, batch_size=size)


def test_clearsessions_removes_the_expired_in_batches(django_assert_max_num_queries):
    new_session(SessionStore, cart=1)
    expire(5)
    assert run("clearsessions", dry_run=True).startswith("To be removed: 5 expired")
    assert Session.objects.count() == 6
    with django_assert_max_num_queries(30) as queries:
        assert run("clearsessions", batch_size=2).startswith("Removed: 5 expired")
    assert Session.objects.count() == 1
    assert not any("session_data" in query["sql"] for query in queries), "no payload is read"


def test_clearsessions_stops_when_the_time_is_over():
    expire(5)
    assert "run it again" in run("clearsessions", batch_size=1, max_seconds=0.0001)
    assert Session.objects.count() == 4


@pytest.mark.parametrize("limit", [0, 0.0, None])
def test_clearsessions_without_a_limit_goes_on_to_the_end(limit):
    expire(5)
    assert "run it again" not in run("clearsessions", batch_size=1, max_seconds=limit)
    assert not Session.objects.exists()


@pytest.mark.parametrize("limit", [-1, float("nan"), float("inf")])
def test_clearsessions_refuses_a_time_that_is_none(limit):
    with pytest.raises(CommandError, match="--max-seconds"):
        run("clearsessions", max_seconds=limit)


def test_clearsessions_is_silent_where_cron_wants_it_so():
    expire(2)
    assert run("clearsessions", verbosity=0, dry_run=True).startswith("To be removed: 2 expired"), "it was asked for"
    assert run("clearsessions", verbosity=0, batch_size=1, max_seconds=0.0001) == ""
    assert run("clearsessions", verbosity=0) == ""
    assert not Session.objects.exists()


def test_download_says_what_is_missing(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("MAXMIND_LICENSE_KEY", raising=False)
    with pytest.raises(CommandError, match="MAXMIND_LICENSE_KEY"):
        run("download_geoip_db", path=str(tmp_path))
    with pytest.raises(CommandError, match="Where to"):
        run("download_geoip_db", license_key="x")


@pytest.mark.parametrize("option", ["-k", "--license-key", "--maxmind-license-key"])
def test_the_key_of_a_download_has_its_name_in_qsessions_too(monkeypatch, option):
    monkeypatch.delenv("MAXMIND_LICENSE_KEY", raising=False)
    with pytest.raises(CommandError, match="Where to"):  # the next thing that it asks for
        run("download_geoip_db", option, "x")


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class MaxMind(http.server.BaseHTTPRequestHandler):
    """Answers as MaxMind does: one address, the key and the edition in its query."""

    asked: ClassVar[list[dict]] = []

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        where, query = self.path.split("?")
        asked = {"path": where, **dict(urllib.parse.parse_qsl(query))}
        self.asked.append(asked)
        content = tarball((DATA / "location" / "city.mmdb").read_bytes())
        if asked["suffix"] == "tar.gz.sha256":
            content = f"{hashlib.sha256(content).hexdigest()}  GeoLite2-City_20231114.tar.gz\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@functools.cache  # the time in it, and so its digest, would change
def tarball(content):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo("GeoLite2-City_20231114/GeoLite2-City.mmdb")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def make_certificate(folder):
    """For 127.0.0.1, signed by itself."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", "server.key", "-out", "server.pem", "-days", "2"]
    about = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, *files, *about], cwd=folder, check=True, capture_output=True)
    return folder / "server.pem", folder / "server.key"


@pytest.fixture
def maxmind(tmp_path):
    """Its address, and the options by which a download trusts it."""
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    serve = http.server.ThreadingHTTPServer(("127.0.0.1", 0), MaxMind)
    serve.socket = context.wrap_socket(serve.socket, server_side=True)
    threading.Thread(target=serve.serve_forever, daemon=True).start()
    MaxMind.asked.clear()
    yield f"https://127.0.0.1:{serve.server_port}/geoip", {"ca_file": str(certificate)}
    serve.shutdown()
    serve.server_close()


@pytest.mark.parametrize("option", ["-u", "--maxmind-geoip-download-base-url"])
def test_download_from_another_server_with_the_key_of_the_environment(maxmind, tmp_path, monkeypatch, settings, option):
    base, options = maxmind
    settings.GEOIP_PATH, settings.MAXMIND_LICENSE_KEY = tmp_path / "geoip", "the settings' key"
    monkeypatch.setenv("MAXMIND_LICENSE_KEY", "kEy+with/odd&characters")
    told = run("download_geoip_db", option, base, "-e", "City", **options)
    assert told.startswith("GeoLite2-City is in place")
    assert {asked["suffix"] for asked in MaxMind.asked} == {"tar.gz", "tar.gz.sha256"}
    for asked in MaxMind.asked:
        assert (asked["path"], asked["edition_id"]) == ("/geoip", "GeoLite2-City")
        assert asked["license_key"] == "kEy+with/odd&characters"
    assert Session(ip="89.160.20.112").location == "Linköping, Sweden"


def test_download_puts_a_checked_file_in_its_place(tmp_path, settings):
    serve = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *arguments: Files(*arguments, directory=str(DATA / "location"))
    )
    threading.Thread(target=serve.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{serve.server_port}/city.mmdb"
        assert "is in place" in run("download_geoip_db", path=str(tmp_path), url=url)
        with pytest.raises(CommandError) as caught:
            run("download_geoip_db", path=str(tmp_path), url=url.replace("city", "absent"), license_key="hush-hush")
        assert "hush-hush" not in str(caught.value)
    finally:
        serve.shutdown()
        serve.server_close()
    settings.GEOIP_PATH = tmp_path
    assert Session(ip="89.160.20.112").location == "Linköping, Sweden"


def test_a_key_on_the_command_line_leaves_the_process_list():
    script = (
        "import sys; from innkeeper.arguments import hide_argument; hide_argument('hush-hush', sys.argv);"
        "print(open('/proc/self/cmdline').read().split(chr(0))[-2], sys.argv[-1])"
    )
    assert in_a_process_of_its_own(script, "--key=hush-hush") == "--key=********* --key=(hidden)"
