#!/usr/bin/env python3
"""download() against a local HTTPS server that serves good, broken, truncated, huge and hostile files.

    download_test.py DOWNLOAD_TOOL

Standard library only; certificates of a throw-away authority are made with openssl. Everything is on 127.0.0.1, on
ports that the system chooses.
"""

import email.utils
import gzip
import hashlib
import http.server
import io
import os
import pathlib
import ssl
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[3]
DEMO = (ROOT / "data/demo/demo-city.mmdb").read_bytes()
CITY = (ROOT / "tests/data/location/city.mmdb").read_bytes()
HOSTILE = ROOT / "tests/data/location/hostile"
REFUSED = ROOT / "tests/data/location/refused"
KEY = "kEy+with/odd&characters=ä"
LAST_MODIFIED = 1_700_000_000
TOOL = ""


def tar(*members):
    """A .tar.gz of TarInfo and content."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def regular(name, content):
    return tarfile.TarInfo(name), content


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info, b""


GOOD = tar(
    regular("GeoLite2-City_20231114/COPYRIGHT.txt", b"words"),
    regular("GeoLite2-City_20231114/GeoLite2-City.mmdb", DEMO),
)


class Site:
    """What the server answers: path → (status, headers, body), and what it was asked."""

    def __init__(self):
        self.answers = {}
        self.asked = []
        self.stall = threading.Event()

    def put(self, path, body, status=200, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, headers, body)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        site = self.server.site
        split = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(split.query))
        site.asked.append((split.path, query, dict(self.headers)))
        path = split.path + (" " + query["suffix"] if "suffix" in query else "")
        status, headers, body = site.answers.get(path, (404, {}, b"no such page"))
        since = self.headers.get("If-Modified-Since")
        changed = headers.get("Last-Modified")
        asks = status == 200 and since and changed and "Ignores-Time" not in headers
        if asks and email.utils.parsedate_to_datetime(since) >= email.utils.parsedate_to_datetime(changed):
            status, body = 304, b""
        self.answer(status, headers, body)

    def answer(self, status, headers, body):
        announced = int(headers.get("Announces", len(body)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(announced))
        self.end_headers()
        self.wfile.write(body)
        if "Stalls" in headers:
            self.wfile.flush()
            self.server.site.stall.wait(20)
        if announced != len(body):
            self.close_connection = True


def serve(site, certificate=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.site = site
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def make_certificates(folder):
    """An authority and a certificate for 127.0.0.1, and one for another name."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test authority", "-days", "2")
    for name, alternative in (("server", "IP:127.0.0.1"), ("other", "DNS:other.example")):
        (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n")
        openssl("req", *curve, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        signer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext"]
        openssl("x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.crt", *signer)
        both = (folder / f"{name}.crt").read_text() + (folder / f"{name}.key").read_text()
        (folder / f"{name}.pem").write_text(both)


class Download(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificates = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.certificates.cleanup)
        cls.folder_of_certificates = pathlib.Path(cls.certificates.name)
        make_certificates(cls.folder_of_certificates)

    def setUp(self):
        self.site = Site()
        self.server = self.start(self.folder_of_certificates / "server.pem")
        self.base = f"https://127.0.0.1:{self.server.server_port}"
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name) / "geoip"
        self.target = self.folder / "GeoLite2-City.mmdb"

    def start(self, certificate=None):
        server = serve(self.site, certificate)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.addCleanup(self.site.stall.set)
        return server

    def publish(self, body, digest=True, **headers):
        """Puts an archive where MaxMind has it, with its digest."""
        headers.setdefault("Last_Modified", email.utils.formatdate(LAST_MODIFIED, usegmt=True))
        self.site.put("/app/geoip_download tar.gz", body, **headers)
        if digest:
            line = f"{hashlib.sha256(body).hexdigest()}  GeoLite2-City_20231114.tar.gz\n"
            self.site.put("/app/geoip_download tar.gz.sha256", line.encode())

    def run_tool(self, *settings, key=KEY):
        """Runs the tool; what it prints and its arguments never hold the key."""
        arguments = [TOOL, str(self.folder), "ca", str(self.folder_of_certificates / "ca.pem"), *settings]
        environment = {"PATH": os.environ["PATH"], "MAXMIND_LICENSE_KEY": key, "LC_ALL": "C"}
        for name in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=60)
        for secret in filter(None, (key, urllib.parse.quote(key, safe=""))):
            self.assertNotIn(secret, done.stdout + done.stderr)
        return done

    def fetch(self, *settings, **options):
        return self.run_tool("base-url", self.base + "/app/geoip_download", *settings, **options)

    def fetch_direct(self, path, *settings):
        url = path if "://" in path else self.base + path
        return self.run_tool("direct-url", url, *settings, key="")

    def assert_replaced(self, done):
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout.splitlines()[0], "replaced")
        self.assert_no_leftovers()

    def assert_refused(self, done, *words, later=None):
        """An error that says why; what was there is there still, and nothing else."""
        self.assertIn(done.returncode, (1, 2), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        if later is not None:
            self.assertEqual(done.returncode == 2, later, done.stderr)
        self.assert_no_leftovers()

    def assert_no_leftovers(self):
        strange = [path.name for path in self.folder.iterdir() if path.suffix != ".mmdb"]
        self.assertEqual(strange, [])

    # What works.

    def test_fetches_checks_and_installs_an_archive(self):
        self.publish(GOOD)
        done = self.fetch()
        self.assert_replaced(done)
        self.assertEqual(int(done.stdout.splitlines()[1]), len(GOOD))
        self.assertEqual(self.target.read_bytes(), DEMO)
        self.assertEqual(self.target.stat().st_mtime, LAST_MODIFIED)
        self.assertEqual(self.target.stat().st_mode & 0o777, 0o644)
        asked = [query for _, query, _ in self.site.asked]
        self.assertEqual(asked[0], {"edition_id": "GeoLite2-City", "license_key": KEY, "suffix": "tar.gz"})
        self.assertEqual(asked[1]["suffix"], "tar.gz.sha256")

    def test_fetches_the_country_edition(self):
        self.publish(tar(regular("x/GeoLite2-Country.mmdb", DEMO)))
        self.assert_replaced(self.fetch("edition", "GeoLite2-Country"))
        self.assertTrue((self.folder / "GeoLite2-Country.mmdb").exists())

    def test_leaves_a_file_that_is_up_to_date(self):
        self.publish(GOOD)
        self.fetch()
        before = self.target.stat().st_ino
        self.assertEqual(self.fetch().stdout.splitlines()[0], "not modified")
        self.assertEqual(
            self.site.asked[-1][2]["If-Modified-Since"], email.utils.formatdate(LAST_MODIFIED, usegmt=True)
        )
        self.assertEqual(self.target.stat().st_ino, before)
        self.assert_no_leftovers()

    def test_takes_an_older_file_for_not_modified_where_the_server_ignores_the_question(self):
        self.publish(GOOD, Ignores_Time="yes")
        self.fetch()
        self.assertEqual(self.fetch().stdout.splitlines()[0], "not modified")

    def test_replaces_a_file_by_a_newer_one_and_keeps_its_mode(self):
        self.publish(GOOD)
        self.fetch()
        self.target.chmod(0o640)
        inode = self.target.stat().st_ino
        later = email.utils.formatdate(LAST_MODIFIED + 86400, usegmt=True)
        self.publish(tar(regular("x/GeoLite2-City.mmdb", CITY)), Last_Modified=later)
        self.assert_replaced(self.fetch())
        self.assertEqual(self.target.read_bytes(), CITY)
        self.assertEqual(self.target.stat().st_mode & 0o777, 0o640)
        self.assertNotEqual(self.target.stat().st_ino, inode)

    def test_a_server_with_a_wrong_clock_does_not_keep_later_files_out(self):
        ahead = time.time() + 90 * 365 * 86400
        self.publish(GOOD, Last_Modified=email.utils.formatdate(ahead, usegmt=True))
        self.assert_replaced(self.fetch())
        self.assertLessEqual(self.target.stat().st_mtime, time.time())
        os.utime(self.target, (ahead, ahead))  # an earlier release stamped it so
        self.publish(tar(regular("x/GeoLite2-City.mmdb", CITY)))
        self.assert_replaced(self.fetch())
        self.assertEqual(self.target.read_bytes(), CITY)

    def test_fetches_a_broken_file_anew_whatever_its_age(self):
        self.folder.mkdir()
        self.target.write_bytes(DEMO[:1000])
        self.publish(GOOD)
        self.assert_replaced(self.fetch())
        self.assertNotIn("If-Modified-Since", self.site.asked[0][2])

    def test_goes_without_a_digest_where_none_is_published(self):
        self.publish(GOOD, digest=False)
        self.assert_replaced(self.fetch())

    def test_fetches_direct_urls_without_a_key_whatever_they_are_called(self):
        for body in (DEMO, gzip.compress(DEMO), GOOD):
            for name in ("dbip-city-lite-2026-11.mmdb.gz", "dbip-city-lite.mmdb", "dbip-city-lite_20261101.tar.gz"):
                self.site.put("/free/" + name, body)
                self.assert_replaced(self.fetch_direct("/free/" + name))
                self.assertEqual((self.folder / "dbip-city-lite.mmdb").read_bytes(), DEMO)
                (self.folder / "dbip-city-lite.mmdb").unlink()

    def test_takes_no_name_out_of_the_query(self):
        self.site.put("/get", DEMO)
        self.assert_replaced(self.fetch_direct("/get?file=..%2f..%2fx.mmdb"))
        self.assertEqual([path.name for path in self.folder.iterdir()], ["get.mmdb"])

    def test_takes_http_for_a_direct_url_only(self):
        plain = f"http://127.0.0.1:{self.start().server_port}"
        self.site.put("/x.mmdb", DEMO)
        self.assert_replaced(self.fetch_direct(plain + "/x.mmdb"))
        self.publish(GOOD)
        self.assert_refused(self.run_tool("base-url", plain + "/app/geoip_download"), "https://", later=False)
        self.assertNotIn("/app/geoip_download", [path for path, _, _ in self.site.asked])

    def test_follows_a_redirect_without_telling_the_key(self):
        self.site.put("/app/geoip_download tar.gz", b"", 302, Location="/elsewhere?token=1")
        self.site.put("/elsewhere", GOOD)
        self.assert_replaced(self.fetch())
        _, query, headers = next(asked for asked in self.site.asked if asked[0] == "/elsewhere")
        self.assertEqual(query, {"token": "1"})
        self.assertNotIn("Referer", headers)

    def test_removes_what_a_killed_download_left_but_not_one_under_way(self):
        self.folder.mkdir()
        old, young = self.folder / ".innkeeper-download-old", self.folder / ".innkeeper-download-young"
        for path in (old, young):
            path.write_bytes(b"part")
        os.utime(old, (time.time() - 7200,) * 2)
        self.publish(GOOD)
        self.fetch()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())

    # What is refused.

    def refuse_archive(self, body, *words, **options):
        """The archive is refused, and the file in place stays."""
        self.folder.mkdir(exist_ok=True)
        self.target.write_bytes(CITY)
        os.utime(self.target, (LAST_MODIFIED - 1, LAST_MODIFIED - 1))
        self.publish(body)
        self.assert_refused(self.fetch(*options.pop("settings", ())), *words, **options)
        self.assertEqual(self.target.read_bytes(), CITY)

    def test_refuses_links_devices_and_folders_that_are_called_like_it(self):
        outside = self.folder.parent / "victim"
        outside.write_text("mine")
        kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)
        for kind in kinds:
            self.refuse_archive(tar(special("GeoLite2-City.mmdb", kind, str(outside))), "no regular .mmdb")
        self.assertEqual(outside.read_text(), "mine")

    def test_a_link_before_the_file_of_the_same_name_is_not_followed(self):
        outside = self.folder.parent / "victim"
        outside.write_text("mine")
        name = "GeoLite2-City.mmdb"
        self.publish(tar(special(name, tarfile.SYMTYPE, str(outside)), regular(name, DEMO)))
        self.assert_replaced(self.fetch())
        self.assertEqual(outside.read_text(), "mine")
        self.assertFalse(self.target.is_symlink())

    def test_a_path_in_the_archive_leads_nowhere(self):
        for name in ("../../evil.mmdb", "/tmp/innkeeper-evil.mmdb"):
            self.publish(tar(regular(name, DEMO)))
            self.assert_replaced(self.fetch())
            self.target.unlink()
        self.assertFalse((self.folder.parent / "evil.mmdb").exists())
        self.assertFalse((self.folder.parent.parent / "evil.mmdb").exists())
        self.assertFalse(pathlib.Path("/tmp/innkeeper-evil.mmdb").exists())

    def test_refuses_a_link_in_place_of_the_target_folder_entry_by_replacing_it(self):
        self.folder.mkdir()
        outside = self.folder.parent / "victim"
        outside.write_text("mine")
        self.target.symlink_to(outside)
        self.publish(GOOD)
        self.assert_replaced(self.fetch())
        self.assertEqual(outside.read_text(), "mine")
        self.assertFalse(self.target.is_symlink())

    def test_refuses_an_archive_without_the_file(self):
        self.refuse_archive(tar(regular("README.txt", b"words")), "no regular .mmdb")

    def test_refuses_truncated_archives(self):
        for part in (1, 20, len(GOOD) // 2, len(GOOD) - 20):
            self.refuse_archive(GOOD[:part])

    def test_refuses_an_archive_of_rubbish(self):
        self.refuse_archive(b"<html>Sorry, no archive</html>", "not an MMDB file")
        self.refuse_archive(b"", "not an MMDB file")
        self.refuse_archive(gzip.compress(b"rubbish"), "not an MMDB file")
        self.refuse_archive(b"\x1f\x8b" + bytes(range(256)), "damaged")

    def test_refuses_a_bomb(self):
        bomb = tar(regular("GeoLite2-City.mmdb", bytes(32 << 20)))
        self.refuse_archive(bomb, "more than the limit", settings=("limit", "1000000"), later=False)
        before = tar(regular("padding", bytes(32 << 20)), regular("GeoLite2-City.mmdb", DEMO))
        self.refuse_archive(before, "more than the limit", settings=("limit", "1000000"), later=False)

    def test_refuses_a_download_beyond_the_limit(self):
        self.refuse_archive(os.urandom(200_000), "more than the limit", settings=("limit", "100000"))

    def test_refuses_files_that_the_library_would_not_survive(self):
        for folder in (HOSTILE, REFUSED):
            for path in sorted(folder.glob("*.mmdb")):
                with self.subTest(path.name):
                    self.refuse_archive(tar(regular("GeoLite2-City.mmdb", path.read_bytes())), "the download is no use")

    def test_refuses_a_file_without_places(self):
        asn = (ROOT / "tests/data/location/asn.mmdb").read_bytes()
        self.refuse_archive(tar(regular("GeoLite2-ASN.mmdb", asn)), "tells no places")

    def test_refuses_a_wrong_digest(self):
        self.publish(GOOD)
        for line in (b"0" * 64 + b"  x.tar.gz\n", b"", b"<html>", hashlib.sha256(GOOD).hexdigest()[:63].encode()):
            self.site.put("/app/geoip_download tar.gz.sha256", line)
            self.assert_refused(self.fetch(), "SHA-256", later=True)
        self.assertFalse(self.target.exists())

    def test_refuses_an_archive_whose_digest_cannot_be_had(self):
        self.publish(GOOD)
        self.site.put("/app/geoip_download tar.gz.sha256", b"", 503)
        self.assert_refused(self.fetch(), "503", later=True)

    def test_names_the_answer_of_the_server(self):
        for status, word, later in (
            (401, "licence key", False),
            (403, "licence key", False),
            (404, "edition", False),
            (429, "later", True),
            (500, "later", True),
            (503, "later", True),
        ):
            body = f"Invalid license key {KEY}".encode()
            self.site.put("/app/geoip_download tar.gz", body, status)
            self.assert_refused(self.fetch(), "127.0.0.1", str(status), word, later=later)

    def test_asks_for_a_key_before_it_asks_the_server(self):
        self.folder.mkdir()
        self.assert_refused(self.fetch(key=""), "MAXMIND_LICENSE_KEY", later=False)
        self.assertEqual(self.site.asked, [])

    def test_refuses_an_edition_that_is_a_path(self):
        self.folder.mkdir()
        for edition in ("../x", "a/b", "", ".x"):
            self.assert_refused(self.fetch("edition", edition), "edition", later=False)

    def test_refuses_a_certificate_that_nobody_vouches_for(self):
        self.publish(GOOD)
        self.assert_refused(self.fetch("ca", "/etc/ssl/certs/ca-certificates.crt"), "certificate", later=False)
        self.assertEqual(self.site.asked, [])

    def test_refuses_a_certificate_for_another_name(self):
        self.publish(GOOD)
        other = self.start(self.folder_of_certificates / "other.pem")
        self.base = f"https://127.0.0.1:{other.server_port}"
        self.assert_refused(self.fetch(), "certificate", later=False)
        self.assertEqual(self.site.asked, [])

    def test_refuses_a_redirect_out_of_https(self):
        plain = f"http://127.0.0.1:{self.start().server_port}/x.mmdb"
        self.site.put("/x.mmdb", DEMO)
        self.site.put("/app/geoip_download tar.gz", b"", 302, Location=plain)
        self.assert_refused(self.fetch(), "https", later=False)
        self.site.put("/app/geoip_download tar.gz", b"", 302, Location="file:///etc/passwd")
        self.assert_refused(self.fetch(), later=False)

    def test_refuses_to_go_round_in_a_circle(self):
        self.site.put("/app/geoip_download tar.gz", b"", 302, Location="/app/geoip_download?suffix=tar.gz")
        self.assert_refused(self.fetch())

    def test_refuses_other_schemes(self):
        self.folder.mkdir()
        for url in ("file:///etc/passwd", "ftp://127.0.0.1/x.mmdb", "no url at all"):
            self.assert_refused(self.fetch_direct(url) if "://" in url else self.run_tool("direct-url", url, key=""))

    def test_does_not_tell_the_secrets_of_a_direct_url(self):
        self.folder.mkdir()
        done = self.run_tool(
            "direct-url", f"https://user:pass%40word@127.0.0.1:{self.server.server_port}/x?token=hush", key=""
        )
        self.assert_refused(done, "127.0.0.1", "404")
        for secret in ("word", "hush", "user"):
            self.assertNotIn(secret, done.stderr)

    def test_gives_up_on_a_server_that_stalls(self):
        # Few bytes: the rate is an average over some seconds, and a test should not wait for it to fall.
        self.publish(GOOD[:50], Announces=str(len(GOOD)), Stalls="yes")
        self.assert_refused(self.fetch("stall", "1"), "127.0.0.1", later=True)

    def test_refuses_what_was_cut_short_on_the_way(self):
        self.publish(GOOD[:1000], Announces=str(len(GOOD)))
        self.assert_refused(self.fetch(), "127.0.0.1", later=True)

    def test_says_that_nobody_answers(self):
        self.server.shutdown()
        self.server.server_close()
        self.assert_refused(self.fetch(), "127.0.0.1", later=True)

    def test_names_a_folder_that_cannot_be_written(self):
        self.folder.write_text("a file")
        done = self.fetch()
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(self.folder), done.stderr)


if __name__ == "__main__":
    TOOL = sys.argv.pop(1)
    unittest.main()
