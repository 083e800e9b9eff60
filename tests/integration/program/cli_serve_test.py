#!/usr/bin/env python3
"""The program as a server: `serve` and `demo`.

cli_serve_test.py PROGRAM [TestClass…]
"""

from __future__ import annotations

import contextlib
import http.client
import json
import resource
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import cli_support
from cli_support import DATABASE, NETWORK, OK, PASSWORD, PLACES, USAGE, ProgramTest, SiteTest


class ServeTest(SiteTest):
    def listening(self, process: subprocess.Popen[str]) -> str:
        """Waits for the line that says where; the URL in it."""
        assert process.stderr is not None
        line = next((line for line in process.stderr if "listening on " in line), "")
        self.assertTrue(line, "it never listened")
        return line.split("listening on ")[1].split(",")[0]

    def get(self, url: str) -> int:
        host, port = url.removeprefix("http://").rstrip("/").rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        connection.request("GET", "/")
        status = connection.getresponse().status
        connection.close()
        return status

    def sign_in(self, url: str, scheme: str = "http", **client: str) -> http.client.HTTPResponse:
        """The answer to ada's sign-in, or to the look at its form, where that cannot be shown."""
        address = url.removeprefix("http://").rstrip("/")
        browser = http.client.HTTPConnection(address, timeout=30)
        self.addCleanup(browser.close)
        browser.request("GET", "/signin/")
        form = browser.getresponse()
        page = form.read().decode()
        if form.status != 200:
            return form
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        fields = urllib.parse.urlencode({"username": "ada", "password": PASSWORD, "csrf_token": token})
        cookie = form.headers["Set-Cookie"].split(";")[0]
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", **client}
        browser.request("POST", "/signin/", fields, {**headers, "Origin": f"{scheme}://{address}"})
        return browser.getresponse()

    def test_serves_until_a_signal_and_reads_files_again_on_another(self) -> None:
        process = self.start("serve", "--listen", "127.0.0.1:0")
        url = self.listening(process)
        self.assertLess(self.get(url), 500)
        process.send_signal(signal.SIGHUP)
        self.assertTrue(any("reading the location files" in line for line in process.stderr))
        self.assertLess(self.get(url), 500)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), OK)

    def test_a_secret_that_every_account_may_read_is_named(self) -> None:
        key = self.folder / "secret_key"
        for folder_mode, mode, named in ((0o755, 0o644, True), (0o755, 0o640, False), (0o700, 0o644, False)):
            self.folder.chmod(folder_mode)
            key.chmod(mode)
            process = self.start("serve", "--listen", "127.0.0.1:0")
            assert process.stderr is not None
            lines = []
            for line in process.stderr:
                lines.append(line)
                if "listening on " in line:
                    break
            warning = f"{key} holds a secret, and every account of this machine may read it"
            self.assertEqual(any(warning in line for line in lines), named, lines)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(60), OK)

    def put(self, name: str, content: bytes) -> None:
        """In the place of what was there, in one step."""
        (self.folder / "new").write_bytes(content)
        (self.folder / "new").replace(self.folder / name)

    def put_rules(self, family: str) -> None:
        rules = {
            "user_agent_parsers": [{"regex": "(Inn)/", "family_replacement": family}],
            "os_parsers": [{"regex": "InnOS"}],
            "device_parsers": [{"regex": "InnKey"}],
        }
        self.put("rules.yaml", json.dumps(rules).encode())  # JSON is YAML

    def reload(self, process: subprocess.Popen[str]) -> str:
        """What the log says of a reload, up to what became of the rules, which come last."""
        process.send_signal(signal.SIGHUP)
        said = []
        for line in process.stderr:
            said.append(line)
            if "rules.yaml" in line:
                break
        return "".join(said)

    def test_a_reload_takes_new_files_and_keeps_the_old_for_broken_ones(self) -> None:
        self.put_rules("First")
        self.put("places.mmdb", (PLACES / "country.mmdb").read_bytes())
        files = ("--device-rules", str(self.folder / "rules.yaml"), "--geoip-path", str(self.folder / "places.mmdb"))
        process = self.start("serve", "--listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1", *files)
        url = self.listening(process)
        client = {"User-Agent": "Inn/7", "X-Forwarded-For": "89.160.20.112"}
        cookies = self.sign_in(url, **client).headers.get_all("Set-Cookie")
        session = next(cookie for cookie in cookies if cookie.startswith("sessionid=")).split(";")[0]

        def page() -> str:
            request = urllib.request.Request(url + "account/sessions/", headers={**client, "Cookie": session})
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.read().decode()

        def shown() -> tuple[bool, ...]:
            text = page()
            return tuple(word in text for word in ("First", "Second", "Sweden", "Linköping"))

        self.assertEqual(shown(), (True, False, True, False))
        self.put_rules("Second")
        self.put("places.mmdb", (PLACES / "city.mmdb").read_bytes())
        self.reload(process)
        self.assertEqual(shown(), (False, True, True, True))
        self.put("rules.yaml", b"user_agent_parsers: [{regex: '('}]")
        self.put("places.mmdb", b"a letter to my aunt")
        said = self.reload(process)
        self.assertRegex(said, r"the rules in use stay: .*/rules\.yaml: \S.*")
        self.assertRegex(said, r"/places\.mmdb: \S.*; the one read before stays in use")
        self.assertEqual(shown(), (False, True, True, True))

    def test_an_address_that_is_taken_is_a_network_error(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            ran = self.expect(NETWORK, "serve", "--listen", f"127.0.0.1:{port}")
        self.assertIn(str(port), ran.err)

    def kept_connection(self, url: str) -> http.client.HTTPConnection:
        """One that has had its answer, and is open."""
        connection = http.client.HTTPConnection(url.removeprefix("http://").rstrip("/"), timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", "/signin/")
        connection.getresponse().read()
        return connection

    def test_a_body_larger_than_any_form_is_refused_before_it_is_kept(self) -> None:
        """Each of thousands of connections may hold one: with most of 1 MiB each, 400 took 280 MB."""
        address = self.listening(self.start("serve", "--listen", "127.0.0.1:0")).removeprefix("http://").rstrip("/")
        # The longest that the sign-in form takes: escaped, a password's character is twelve bytes.
        longest = urllib.parse.urlencode(
            {"username": "n" * 254, "password": "\N{KEY}" * 4096, "next": "/" + "a" * 2047}
        )
        for body, status in ((longest, 422), ("x" * (64 << 10), 422), ("x" * ((64 << 10) + 1), 413)):
            browser = http.client.HTTPConnection(address, timeout=30)
            self.addCleanup(browser.close)
            browser.request("POST", "/signin/", body, {"Content-Type": "application/x-www-form-urlencoded"})
            self.assertEqual(browser.getresponse().status, status, len(body))

    def test_as_many_connections_are_kept_as_the_setting_says(self) -> None:
        url = self.listening(self.start("serve", "--listen", "127.0.0.1:0", "--connection-limit", "2"))
        first, second, third = (self.kept_connection(url) for _ in range(3))
        self.assertEqual(first.sock.recv(1), b"", "the longest idle one was not closed for the third")
        for connection in (second, third):
            connection.request("GET", "/signin/")
            self.assertEqual(connection.getresponse().status, 200)

    def test_more_connections_than_files_can_be_opened_are_refused(self) -> None:
        few = 256
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        for words in (("serve",), ("demo", "--sessions", "1")):
            done = subprocess.run(
                self.words(*words, "--listen", "127.0.0.1:0", "--connection-limit", "5000"),
                capture_output=True,
                text=True,
                env=self.environment(),
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (few, hard)),
                check=False,
                timeout=60,
            )
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assertIn("CONNECTION_LIMIT is 5000, but this process may open 256 files", done.stderr)
            self.assertIn("LimitNOFILE", done.stderr)

    def test_a_path_is_one_word_of_the_log(self) -> None:
        process = self.start("serve", "--listen", "127.0.0.1:0")
        url = self.listening(process)
        with self.assertRaises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(url + "signin/%20200%201us%20192.0.2.1%C2%9B31m")
        answer.exception.close()
        line = next(line for line in process.stderr if "GET " in line)
        self.assertIn("GET /signin/%20200%201us%20192.0.2.1%C2%9B31m 404 ", line)

    def test_over_https_the_sessions_cookie_is_secure(self) -> None:
        for words, scheme in (((), "http"), (("--https",), "https")):
            url = self.listening(self.start("serve", "--listen", "127.0.0.1:0", *words))
            cookies = self.sign_in(url, scheme).headers.get_all("Set-Cookie")
            session = next(cookie for cookie in cookies if cookie.startswith("sessionid="))
            self.assertIs("Secure" in session, scheme == "https")

    def test_the_log_is_json_where_asked(self) -> None:
        process = self.start("serve", "--listen", "127.0.0.1:0", "--log-format", "json")
        line = json.loads(next(line for line in process.stderr if "listening" in line))
        self.assertEqual((line["level"], line["channel"]), ("info", "innkeeper"))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), OK)

    def test_shows_the_chain_with_a_reason_for_each_place(self) -> None:
        self.assertRegex(self.expect(OK, "serve", "--show-chain").out, r"(?m)^1\. .+: .+")

    def test_a_user_table_that_is_not_there_is_named_before_anybody_signs_in(self) -> None:
        self.assertIn("USER_TABLE", self.expect(DATABASE, "serve", "--user-table", "nope").err)
        self.assertIn("passwrod", self.expect(DATABASE, "serve", "--user-column-password", "passwrod").err)

    def test_a_database_that_vanishes_meanwhile_is_noticed(self) -> None:
        process = self.start("serve", "--listen", "127.0.0.1:0", "--cache", "none")
        url = self.listening(process)
        (self.folder / "site.sqlite3").rename(self.folder / "aside")
        self.assertEqual(self.sign_in(url).status, 503)
        (self.folder / "aside").rename(self.folder / "site.sqlite3")
        self.assertEqual(self.sign_in(url).status, 303)

    def test_a_setting_that_browsers_would_not_follow_is_refused(self) -> None:
        ran = self.expect(USAGE, "serve", "--session-cookie-samesite", "None", "--listen", "127.0.0.1:0")
        self.assertIn("SESSION_COOKIE_SECURE", ran.err)

    def test_settings_with_which_nobody_could_sign_in_are_refused(self) -> None:
        for setting, value in (
            ("SESSION_SERIALIZER", "site.Pickles"),
            ("AUTHENTICATION_BACKENDS", ""),
            ("PASSWORD_ITERATIONS", "10000001"),
        ):
            ran = self.run_program("serve", "--listen", "127.0.0.1:0", **{f"INNKEEPER_{setting}": value})
            self.assertEqual(ran.code, USAGE, ran.all)
            self.assertIn(setting, ran.err)


class DemoTest(ProgramTest):
    def test_people_are_there_and_all_of_it_goes_at_the_end(self) -> None:
        process = self.start("demo", "--listen", "127.0.0.1:0", "--json", "--sessions", "120")
        told = json.loads(process.stdout.readline())
        folder = Path(told["folder"])
        database = sqlite3.connect(folder / "innkeeper.sqlite3")
        self.assertGreater(database.execute("SELECT count(*) FROM auth_user").fetchone()[0], 20)
        kept = database.execute("SELECT count(*) FROM innkeeper_session").fetchone()[0]
        ended = database.execute("SELECT count(*) FROM innkeeper_ended").fetchone()[0]
        database.close()
        self.assertEqual(kept + ended, 120)
        self.assertTrue(told["url"].startswith("http://127.0.0.1:"))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), OK)
        self.assertFalse(folder.exists())

    def filling(self, *words: str) -> tuple[subprocess.Popen[str], Path]:
        """A demo that has minutes of filling before it, and its folder."""
        process = self.start("demo", "--listen", "127.0.0.1:0", "--sessions", "1000000", *words)
        line = next((line for line in process.stderr if "filling the site" in line), "")
        self.assertTrue(line, "it never began")
        (folder,) = self.folder.glob("innkeeper-demo-*")
        return process, folder

    def test_ctrl_c_while_it_fills_ends_it_at_once(self) -> None:
        for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process, folder = self.filling()
            process.send_signal(wish)
            self.assertEqual(process.wait(20), OK)
            self.assertFalse(folder.exists())
            self.assertEqual(process.stdout.read(), "", "it said that it is open")

    def test_ctrl_c_in_the_midst_of_its_rows_ends_it_at_once(self) -> None:
        process, folder = self.filling()
        deadline = time.monotonic() + 100
        rows = 0
        while not rows and time.monotonic() < deadline:
            with (
                contextlib.suppress(sqlite3.OperationalError),  # not there yet, or without its tables
                contextlib.closing(sqlite3.connect(f"file:{folder}/innkeeper.sqlite3?mode=ro", uri=True)) as database,
            ):
                rows = database.execute("SELECT count(*) FROM innkeeper_session").fetchone()[0]
        self.assertGreater(rows, 0)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), OK)
        self.assertFalse(folder.exists())

    def test_an_address_that_is_taken_is_told_before_anything_is_filled(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            ran = self.bare("demo", "--listen", f"127.0.0.1:{port}", "--sessions", "1000000")
        self.assertEqual(ran.code, NETWORK, ran.all)
        self.assertIn(f"port {port}", ran.err)
        self.assertIn("--listen 127.0.0.1:0", ran.err)
        self.assertNotIn("filling the site", ran.err)
        self.assertEqual(list(self.folder.glob("innkeeper-demo-*")), [])

    def test_a_wrong_setting_is_named_by_where_it_stands(self) -> None:
        for setting, words in (
            ("LISTEN", ("--listen", "nowhere")),
            ("CONNECTION_LIMIT", ("--connection-limit=1", "--io-threads=2")),
        ):
            ran = self.expect(USAGE, "demo", *words)
            self.assertIn(f"{words[0].split('=')[0]}: {setting} ", ran.err)
            self.assertNotIn("Say where else", ran.err)

    def test_it_ends_with_its_terminal(self) -> None:
        process = self.start("demo", "--listen", "127.0.0.1:0", "--json", "--sessions", "30")
        folder = Path(json.loads(process.stdout.readline())["folder"])
        process.send_signal(signal.SIGHUP)
        self.assertEqual(process.wait(60), OK)
        self.assertFalse(folder.exists())

    def test_the_surroundings_settings_do_not_reach_it(self) -> None:
        self.settings.write_text('DATABASE = "mine.sqlite3"\nUSER_TABLE = "people"\n')
        process = self.start("demo", "--listen", "127.0.0.1:0", "--json", "--sessions", "30")
        self.assertIn("url", json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), OK)
        self.assertFalse((self.folder / "mine.sqlite3").exists())

    def test_the_servers_settings_do(self) -> None:
        self.settings.write_text('SITE_TITLE = "The \\"Inn\\", and more"\nALLOWED_HOSTS = ["127.0.0.1", "::1"]\n')
        process = self.start("demo", "--listen", "127.0.0.1:0", "--json", "--sessions", "30")
        with urllib.request.urlopen(json.loads(process.stdout.readline())["url"]) as answer:
            self.assertIn("The &quot;Inn&quot;, and more", answer.read().decode())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), OK)


if __name__ == "__main__":
    cli_support.main()
