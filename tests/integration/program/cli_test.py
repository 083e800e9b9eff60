#!/usr/bin/env python3
"""The program as a person or a script uses it: what it prints, its exit codes, and what it never says.

cli_test.py PROGRAM [TestClass…]
"""

from __future__ import annotations

import gzip
import http.server
import os
import random
import re
import ssl
import subprocess
import threading
from pathlib import Path

import cli_support
from cli_support import DEMO, FILE, FIREFOX, NETWORK, NOTHING, OK, PLACES, ROOT, USAGE, ProgramTest, Ran


class HelpTest(ProgramTest):
    def test_help_has_examples_and_exit_codes(self) -> None:
        ran = self.bare("--help")
        self.assertEqual(ran.code, OK)
        for words in ("Examples:", "Exit codes:", "innkeeper demo", "--config", "clearsessions", "download_geoip_db"):
            self.assertIn(words, ran.out)

    def test_every_command_has_help(self) -> None:
        once = ["serve", "demo", "migrate", "createsuperuser", "changepassword", "clearsessions", "download_geoip_db"]
        once += ["device", "location", "settings", "version"]
        twice = [["sessions", "list"], ["sessions", "show"], ["sessions", "revoke"], ["payload", "decode"]]
        for command in [*([name] for name in once), *twice]:
            ran = self.bare(*command, "--help")
            self.assertEqual(ran.code, OK, command)
            self.assertIn(command[-1], ran.out)

    def test_an_unknown_command_is_named_with_the_nearest(self) -> None:
        ran = self.bare("clearsesions")
        self.assertEqual((ran.code, ran.out), (USAGE, ""))
        self.assertIn("Did you mean clearsessions?", ran.err)

    def test_an_unknown_second_word_is_named_with_the_nearest(self) -> None:
        for words, nearest in ((("sessions", "lst"), "list"), (("payload", "decod"), "decode")):
            ran = self.bare(*words)
            self.assertEqual((ran.code, ran.out), (USAGE, ""))
            self.assertIn(f"unknown command {words[1]}. Did you mean {nearest}?", ran.err)
        self.assertIn("innkeeper sessions --help", self.bare("sessions").err)

    def test_a_settings_flag_takes_one_word_wherever_it_stands(self) -> None:
        ran = self.bare("--log-level", "error", "clearsesions")
        self.assertIn("Did you mean clearsessions?", ran.err)
        self.assertIn("Firefox 128 on Linux", self.bare("device", "--log-level", "error", FIREFOX).out)
        words = ("--geoip-path", str(DEMO / "demo-city.mmdb"))
        self.assertEqual(self.bare("location", *words, "192.0.2.1").code, OK)

    def test_no_command_is_a_usage_error(self) -> None:
        self.assertEqual(self.bare().code, USAGE)

    def test_what_cannot_be_printed_is_said_by_the_exit_code(self) -> None:
        with open("/dev/full", "w") as full:
            words = self.words("settings")
            done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, env=self.environment(), check=False)
        self.assertEqual(done.returncode, FILE)
        self.assertIn(b"standard output", done.stderr)

    def test_an_unknown_option_is_named_with_the_nearest(self) -> None:
        ran = self.bare("clearsessions", "--batch-sise", "3")
        self.assertEqual(ran.code, USAGE)
        self.assertIn("Did you mean --batch-size?", ran.err)

    def test_an_unknown_option_is_named_where_an_argument_is_missing_too(self) -> None:
        ran = self.bare("device", "--jsn")
        self.assertEqual(ran.code, USAGE)
        self.assertIn("unknown option --jsn. Did you mean --json?", ran.err)
        self.assertIn("USER-AGENT is required", self.bare("device").err)

    def test_a_flag_without_its_value_is_named(self) -> None:
        for words in (("settings", "--session-cookie-age"), ("--workers",)):
            ran = self.bare(*words)
            self.assertEqual(ran.code, USAGE)
            self.assertIn(f"innkeeper: {words[-1]}: ", ran.err)
        self.assertNotIn("--session-cookie-age VALUE", self.bare("--help").out)

    def test_a_boolean_flag_says_how_it_takes_its_value(self) -> None:
        for words in (("settings", "--https", "false"), ("settings", "--no-https"), ("--https", "false", "settings")):
            ran = self.bare(*words)
            self.assertEqual(ran.code, USAGE)
            self.assertIn("Did you mean --https=false?", ran.err)

    def test_an_empty_value_of_a_boolean_flag_is_refused(self) -> None:
        """As from a script's `--dry-run=$UNSET`: it is neither a yes nor a no."""
        for words in (
            ("settings", "--https="),
            ("--session-cookie-secure=", "settings"),
            ("settings", "--json="),
            ("sessions", "revoke", "--all", "--dry-run="),
            ("migrate", "--check="),
            ("settings", "--https=true", "--https="),
        ):
            ran = self.run_program(*words)
            flag = next(word for word in reversed(words) if word.endswith("="))
            self.assertEqual((ran.code, ran.out), (USAGE, ""), words)
            self.assertIn(f"{flag} says neither yes nor no. Say {flag}true, {flag}false or", ran.err)
        self.assertEqual(self.bare("device", "--", "--https=").code, NOTHING)

    def test_a_secret_is_not_taken_from_a_flag_and_not_repeated(self) -> None:
        for words in (("--secret-key", "hush-hush"), ("--secret-key=hush-hush",)):
            ran = self.bare("settings", *words)
            self.assertEqual(ran.code, USAGE)
            self.assertIn("INNKEEPER_SECRET_KEY", ran.err)
            self.assertNotIn("hush-hush", ran.all)

    def test_version_is_json_where_asked(self) -> None:
        self.assertIn("sqlite", self.expect(OK, "version", "--json").json()["databases"])


class SettingsTest(ProgramTest):
    def test_an_unknown_setting_names_file_line_and_the_nearest_name(self) -> None:
        self.settings.write_text('LISTEN = "8000"\n\nSESION_COOKIE_AGE = 60\n')
        ran = self.expect(USAGE, "settings")
        self.assertIn(f"{self.settings}:3: unknown setting SESION_COOKIE_AGE", ran.err)
        self.assertIn("Did you mean SESSION_COOKIE_AGE?", ran.err)

    def test_an_ill_typed_setting_names_file_line_and_what_is_wanted(self) -> None:
        self.settings.write_text('SESSION_COOKIE_AGE = "two weeks"\n')
        ran = self.expect(USAGE, "serve")
        self.assertIn(f"{self.settings}:1: SESSION_COOKIE_AGE wants whole seconds", ran.err)

    def test_a_word_that_is_none_of_the_choices_names_file_line_and_the_nearest(self) -> None:
        self.settings.write_text('TRUSTED_PROXIES = ["unix"]\nFORWARDED_HEADER = "forwarded"\n')
        ran = self.expect(USAGE, "serve")
        self.assertIn(f"{self.settings}:2: FORWARDED_HEADER wants one of X-Forwarded-For|Forwarded", ran.err)
        self.assertIn("Did you mean Forwarded?", ran.err)

    def test_a_file_that_is_no_toml_is_named_with_its_line(self) -> None:
        self.settings.write_text('LISTEN = "8000"\nWORKERS = = 4\n')
        self.assertIn(f"{self.settings}:2: ", self.expect(USAGE, "settings").err)

    def test_the_later_source_overrides_the_earlier(self) -> None:
        self.settings.write_text('WORKERS = 2\nIO_THREADS = 2\nQUEUE_LIMIT = 2\nSECRET_KEY_FILE = "secret_key"\n')
        more = {"INNKEEPER_WORKERS": "3", "INNKEEPER_IO_THREADS": "3"}
        shown = self.expect(OK, "settings", "--json", "--workers", "4", **more).json()
        self.assertEqual(shown["WORKERS"], {"value": 4, "from": "--workers"})
        self.assertEqual(shown["IO_THREADS"], {"value": 3, "from": "INNKEEPER_IO_THREADS"})
        self.assertEqual(shown["QUEUE_LIMIT"], {"value": 2, "from": f"{self.settings}:3"})

    def test_the_settings_file_may_be_named_by_the_environment_or_lie_here(self) -> None:
        (self.folder / "innkeeper.toml").write_text("WORKERS = 7\n")
        self.assertEqual(self.bare("settings", "--json").json()["WORKERS"]["value"], 7)
        self.settings.write_text("WORKERS = 8\n")
        ran = self.bare("settings", "--json", INNKEEPER_CONFIG=str(self.settings))
        self.assertEqual(ran.json()["WORKERS"]["value"], 8)

    def test_what_the_program_cannot_work_with_is_shown_and_refused(self) -> None:
        self.settings.write_text("SESSION_IDLE_TIMEOUT = 30\n")
        ran = self.expect(USAGE, "settings")
        self.assertIn("SESSION_IDLE_TIMEOUT = 30", ran.out)
        self.assertIn("SECRET_KEY is not set", ran.err)
        ran = self.expect(USAGE, "settings", INNKEEPER_SECRET_KEY_FILE=str(self.folder / "secret_key"))
        self.assertIn("SESSION_IDLE_TIMEOUT", ran.err)

    def test_what_serve_refuses_is_refused_here(self) -> None:
        usual = self.settings.read_text()
        self.expect(OK, "migrate")
        for line in (
            'SECRET_KEY_FALLBACKS = [""]',
            'SESSION_CACHE_NAMESPACE = "a b"',
            "AUTHENTICATION_BACKENDS = []",
            "SESSION_CACHE_AGE = 1",
            "SESSION_COOKIE_AGE = 3162000000",
        ):
            self.settings.write_text(f"{usual}{line}\n")
            self.assertEqual(self.run_program("serve", "--listen", "127.0.0.1:0").code, USAGE, line)
            self.assertIn(line.split()[0], self.expect(USAGE, "settings").err)

    def test_secrets_are_masked(self) -> None:
        self.assertIn("SECRET_KEY = (set, not shown)", self.expect(OK, "settings").out)
        ran = self.expect(OK, "settings", "--json", INNKEEPER_SECRET_KEY_FALLBACKS="older-one,older-two")
        self.assertEqual(ran.json()["SECRET_KEY"]["value"], True)
        self.assertNotIn("older-", ran.all)

    def test_boolean_flags_need_no_word_and_lists_may_be_repeated(self) -> None:
        words = ("--session-cookie-secure", "--trusted-proxies", "127.0.0.1", "--trusted-proxies", "10.0.0.0/8")
        shown = self.expect(OK, "settings", "--json", *words).json()
        self.assertIs(shown["SESSION_COOKIE_SECURE"]["value"], True)
        self.assertEqual(shown["TRUSTED_PROXIES"]["value"], ["127.0.0.1", "10.0.0.0/8"])
        shown = self.expect(OK, "settings", "--json", "--session-cookie-httponly=false").json()
        self.assertIs(shown["SESSION_COOKIE_HTTPONLY"]["value"], False)

    def test_a_flag_that_is_said_again_counts_anew(self) -> None:
        words = ("--workers", "2", "--session-cookie-secure", "--session-cookie-secure", "--workers", "4")
        shown = self.expect(OK, "settings", "--json", *words).json()
        self.assertEqual(shown["WORKERS"]["value"], 4)
        self.assertIs(shown["SESSION_COOKIE_SECURE"]["value"], True)

    def test_a_cookie_that_no_browser_would_keep_is_refused(self) -> None:
        for words, setting in (
            (("--session-cookie-name", "a b;c"), "SESSION_COOKIE_NAME"),
            (("--csrf-cookie-name", ""), "CSRF_COOKIE_NAME"),
            (("--csrf-cookie-name", "sessionid"), "CSRF_COOKIE_NAME"),
            (("--session-cookie-path", "/\r\nX: y"), "SESSION_COOKIE_PATH"),
            (("--session-cookie-domain", "a;b"), "SESSION_COOKIE_DOMAIN"),
            (("--session-cookie-samesite", "None"), "SESSION_COOKIE_SECURE"),
            (("--session-cookie-name", "__Host-sid"), "HTTPS"),
            (("--session-cookie-name", "__secure-sid"), "HTTPS"),
            (("--csrf-cookie-name", "__Host-csrf"), "HTTPS"),
            (("--https", "--session-cookie-name", "__Host-a", "--session-cookie-path", "/a"), "SESSION_COOKIE_PATH"),
            (
                ("--https", "--session-cookie-name", "__Host-a", "--session-cookie-domain", "b.c"),
                "SESSION_COOKIE_DOMAIN",
            ),
            (("--session-cookie-path", "app"), "SESSION_COOKIE_PATH"),
            (("--listen", "foo:bar"), "LISTEN"),
        ):
            self.assertIn(setting, self.expect(USAGE, "settings", *words).err)
        self.expect(OK, "settings", "--https", "--session-cookie-name", "__Host-a", "--csrf-cookie-name", "__Host-b")

    def test_another_database_is_refused_without_its_password(self) -> None:
        ran = self.expect(USAGE, "migrate", "--database", "postgres://ada:hush-hush@db/site")
        self.assertIn("this build has sqlite", ran.err)
        self.assertNotIn("hush-hush", ran.all)
        ran = self.run_program("settings", "--cache", "redis://ada:hush-hush@cache/0")
        self.assertNotIn("hush-hush", ran.all)

    def test_without_a_secret_key_one_is_told_how_to_make_it(self) -> None:
        self.settings.write_text('DATABASE = "site.sqlite3"\n')
        self.expect(OK, "migrate")
        self.assertIn("SECRET_KEY is not set", self.expect(USAGE, "sessions", "list").err)

    def test_a_wrong_setting_keeps_nothing_away_that_needs_none(self) -> None:
        more = {"INNKEEPER_QQQQQQQQ": "1", "INNKEEPER_CONFIG": "nowhere.toml"}
        self.assertEqual(self.bare("version", **more).code, OK)
        self.assertEqual(self.bare("settings", "--markdown", **more).code, OK)
        self.assertEqual(self.bare("settings", **more).code, USAGE)

    def test_the_page_in_docs_is_current(self) -> None:
        self.assertEqual(self.expect(OK, "settings", "--markdown").out, (ROOT / "docs" / "settings.md").read_text())


class PayloadTest(ProgramTest):
    def test_what_is_encoded_decodes(self) -> None:
        text = self.expect(OK, "payload", "encode", stdin='{"name": "Zo\u00eb", "n": 1e16}').out
        self.assertEqual(text.count(":"), 2)
        self.assertEqual(self.expect(OK, "payload", "decode", stdin=text).out, '{"name":"Zo\\u00eb","n":1e+16}\n')
        self.assertIn('\n  "n": 1e+16', self.expect(OK, "payload", "decode", "--pretty", stdin=text).out)

    def test_a_forged_payload_is_refused_by_name_and_not_repeated(self) -> None:
        text = self.expect(OK, "payload", "encode", stdin='{"user": "ada"}').out.strip()
        forged = text[:-3] + ("AAA" if not text.endswith("AAA") else "BBB")
        ran = self.expect(NOTHING, "payload", "decode", stdin=forged)
        self.assertEqual(ran.out, "")
        self.assertNotIn(forged, ran.err)

    def test_a_fallback_key_still_verifies(self) -> None:
        text = self.expect(OK, "payload", "encode", stdin="{}").out
        (self.folder / "new_key").write_text("another key altogether")
        self.settings.write_text('SECRET_KEY_FILE = "new_key"\nSECRET_KEY_FALLBACKS_FILE = "secret_key"\n')
        self.assertEqual(self.expect(OK, "payload", "decode", stdin=text).out, "{}\n")

    def test_what_is_no_object_is_not_signed(self) -> None:
        for text in ("[1]", "nonsense", '{"a": 1} x'):
            self.expect(NOTHING, "payload", "encode", stdin=text)
        hard_to_compress = random.Random(1).randbytes(4 << 20).hex()
        self.expect(NOTHING, "payload", "encode", stdin=f'{{"a": "{hard_to_compress}"}}')
        raw = self.expect(OK, "payload", "encode", "--raw", stdin="any bytes").out
        self.assertEqual(self.expect(OK, "payload", "decode", "--raw", stdin=raw).out, "any bytes")


class LookTest(ProgramTest):
    def test_a_device_is_told_in_three_lines_or_as_json(self) -> None:
        self.assertEqual(self.bare("device", FIREFOX).out.splitlines()[1:], ["Firefox 128 on Linux", "desktop"])
        told = self.bare("device", FIREFOX, "--json").json()
        self.assertEqual((told["user_agent"]["family"], told["kind"]), ("Firefox", "desktop"))

    def test_client_hints_refine_a_device(self) -> None:
        engine = "AppleWebKit/537.36 (KHTML, like Gecko)"
        agent = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {engine} Chrome/126.0.0.0 Safari/537.36"
        hints = 'platform="Windows"; platform-version="15.0.0"'
        self.assertIn("Windows 11", self.bare("device", agent, "--hints", hints).out)

    def test_nonsense_is_no_device(self) -> None:
        self.assertEqual(self.bare("device", "nonsense").code, NOTHING)

    def test_behind_two_dashes_stands_no_option(self) -> None:
        ran = self.bare("device", "--", "-x")
        self.assertEqual((ran.code, ran.err), (NOTHING, ""))
        ran = self.bare("device", "--json", "--", FIREFOX)
        self.assertEqual(ran.json()["user_agent"]["family"], "Firefox")
        self.assertEqual(self.bare("device", "--", FIREFOX, "-x").code, USAGE)

    def test_a_place_is_told(self) -> None:
        words = ("--geoip-path", str(DEMO / "demo-city.mmdb"))
        self.assertRegex(self.bare("location", "192.0.2.1", *words).out, r"^\S.*, \S.*\n$")
        told = self.bare("location", "2001:db8::1", "--json", *words).json()
        self.assertTrue(told["country_code"])

    def test_a_place_as_json_has_the_names_of_djangos_dict_and_null_for_what_is_unknown(self) -> None:
        words = ("--json", "--geoip-path", str(PLACES / "city.mmdb"))
        told = self.bare("location", "89.160.20.112", *words).json()
        self.assertEqual((told["region_code"], told["region"]), ("E", "E"))
        self.assertEqual((told["metro_code"], told["dma_code"]), (807, 807))
        told = self.bare("location", "198.51.100.200", *words).json()  # the country alone is known
        known = {"address", "location", "continent_code", "continent_name", "country_code", "country_name"}
        self.assertEqual({name for name, value in told.items() if value is not None}, {*known, "is_in_european_union"})
        self.assertEqual(
            set(told) - known,
            {"city", "region_code", "region_name", "region", "postal_code", "time_zone", "latitude", "longitude"}
            | {"accuracy_radius", "metro_code", "dma_code", "is_in_european_union"},
        )

    def test_an_address_that_no_file_knows_is_said_by_the_exit_code(self) -> None:
        words = ("--geoip-path", str(DEMO / "demo-city.mmdb"))
        self.assertEqual(self.bare("location", "127.0.0.1", *words).code, NOTHING)
        self.assertIsNone(self.bare("location", "127.0.0.1", "--json", *words).json()["location"])
        self.assertEqual(self.bare("location", "example.org", *words).code, USAGE)
        self.assertEqual(self.bare("location", "192.0.2.1").code, USAGE)

    def test_a_location_file_that_cannot_be_read_is_said_by_the_exit_code(self) -> None:
        (self.folder / "junk.mmdb").write_text("a letter to my aunt")
        for name in ("junk.mmdb", "nowhere.mmdb"):
            ran = self.bare("location", "--geoip-path", name, "192.0.2.1")
            self.assertEqual(ran.code, FILE)
            self.assertIn(name, ran.err)


class DownloadTest(ProgramTest):
    """Against a server of this process."""

    def setUp(self) -> None:
        super().setUp()
        test = self
        self.paths: list[str] = []
        self.process_lists: list[str] = []
        self.go_on = threading.Event()  # what /slow.mmdb waits for at its half
        self.addCleanup(self.go_on.set)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                test.paths.append(self.path)
                test.process_lists.append(test.process_list())
                known = self.path in ("/demo.mmdb", "/slow.mmdb", "/demo-2030-01.mmdb.gz", "/latest/")
                body = (DEMO / "demo-city.mmdb").read_bytes() if known else b"no"
                body = gzip.compress(body) if self.path.endswith(".gz") else body
                self.send_response(200 if known else 401)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                half = len(body) // 2
                self.wfile.write(body[:half])
                if self.path == "/slow.mmdb":
                    test.go_on.wait(60)
                self.wfile.write(body[half:])

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate())
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server.server_port}"
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def certificate(self) -> tuple[Path, Path]:
        """One that stands for itself, and its key."""
        certificate, key = self.folder / "certificate.pem", self.folder / "certificate.key"
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        words += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
        subprocess.run([*words, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        return certificate, key

    def download(self, code: int, *words: str, **more: str) -> Ran:
        trust = ("--ca-file", str(self.folder / "certificate.pem"))
        return self.expect(code, "download_geoip_db", *trust, *words, **more)

    @staticmethod
    def process_list() -> str:
        """The arguments of this process's children, as `ps` shows them to everybody."""
        shown = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"\nPPid:\t{os.getpid()}\n" in (folder / "status").read_text():
                    shown.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:  # it ended while we looked
                continue
        return "\n".join(shown)

    def test_a_file_is_fetched_without_a_key(self) -> None:
        target = self.folder / "geoip"
        ran = self.download(OK, "--url", f"{self.url}/demo.mmdb", "-p", str(target), "--json")
        self.assertEqual(ran.json()["result"], "replaced")
        self.assertEqual(len(list(target.glob("*.mmdb"))), 1)

    def test_it_says_which_file_it_made(self) -> None:
        places = self.folder / "places.mmdb"
        for path, words, name, file in (
            ("/demo-2030-01.mmdb.gz", ("-p", str(self.folder)), "demo-2030-01.mmdb.gz", self.folder / "demo.mmdb"),
            ("/latest/", ("-p", str(self.folder)), "location.mmdb", self.folder / "location.mmdb"),
            ("/demo.mmdb", ("--geoip-path", str(places)), "demo.mmdb", places),
        ):
            told = self.download(OK, "--url", self.url + path, *words, "--json").json()
            self.assertEqual((told["name"], told["file"]), (name, str(file)))
            self.assertTrue(file.is_file())
            self.assertIn(f"{name} as {file}: ", self.download(OK, "--url", self.url + path, *words).out)

    def test_on_a_terminal_it_shows_how_far_it_is(self) -> None:
        size = (DEMO / "demo-city.mmdb").stat().st_size
        half = rf"\r\x1b\[Kslow\.mmdb: {size // 2} of {size} \[#+\.+\]"

        def look(shown: bytes) -> None:
            if re.search(half.encode(), shown):
                self.go_on.set()

        words = ["--ca-file", str(self.folder / "certificate.pem"), "--url", f"{self.url}/slow.mmdb", "-p", "."]
        shown, code = self.at_a_terminal(["download_geoip_db", *words], [], look=look)
        self.assertEqual(code, OK, shown)
        self.assertRegex(shown, half)
        self.assertRegex(shown, r"\r\x1b\[Kslow\.mmdb as \./slow\.mmdb: replaced\r\n$", "the bar stayed")

    def test_it_takes_the_place_of_the_file_that_the_site_reads(self) -> None:
        target = self.folder / "geoip" / "places.mmdb"
        words = ("--geoip-path", str(target))
        self.download(OK, "--url", f"{self.url}/demo.mmdb", *words)
        self.assertEqual([path.name for path in target.parent.iterdir()], ["places.mmdb"])
        ran = self.download(USAGE, "-k", "hush", "-u", f"{self.url}/geo", *words)
        self.assertIn(str(target), ran.err)

    def test_one_edition_that_fails_does_not_keep_the_other_away(self) -> None:
        self.download(NETWORK, "-k", "hush", "-u", f"{self.url}/geo", "-p", str(self.folder))
        self.assertTrue(any("GeoLite2-Country" in path for path in self.paths))

    def test_a_key_goes_to_no_address_without_https(self) -> None:
        self.expect(USAGE, "download_geoip_db", "-k", "hush", "-u", "http://127.0.0.1:9/geo", "-p", ".")

    def test_a_key_stands_in_no_message_and_in_no_process_list(self) -> None:
        for words in (("-k", "hush-hush"), ("--license-key=hush-hush",)):
            ran = self.download(NETWORK, *words, "-u", f"{self.url}/geo", "-p", str(self.folder))
            self.assertNotIn("hush-hush", ran.all)
        self.assertTrue(any("hush-hush" in path for path in self.paths), "the key was not used")
        self.assertIn("download_geoip_db", self.process_lists[0])
        for shown in self.process_lists:
            self.assertNotIn("hush-hush", shown)

    def test_the_key_may_come_from_the_variable_that_django_users_know(self) -> None:
        words = ("-u", f"{self.url}/geo", "-p", str(self.folder))
        self.download(NETWORK, *words, MAXMIND_LICENSE_KEY="from-the-environment")
        self.assertIn("from-the-environment", self.paths[0])

    def test_without_key_or_folder_it_says_what_to_do(self) -> None:
        self.assertIn("MAXMIND_LICENSE_KEY", self.expect(USAGE, "download_geoip_db", "-p", ".").err)
        self.assertIn("GEOIP_PATH", self.expect(USAGE, "download_geoip_db", "-k", "hush").err)


if __name__ == "__main__":
    cli_support.main()
