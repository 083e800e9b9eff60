#!/usr/bin/env python3
"""The program with a database: tables, users, sessions.

cli_site_test.py PROGRAM [TestClass…]
"""

from __future__ import annotations

import base64
import hashlib
import sqlite3
import subprocess

import cli_support
from cli_support import DATABASE, DEMO, NOTHING, OK, PASSWORD, USAGE, ProgramTest, Ran, SiteTest


class MigrateTest(ProgramTest):
    def test_makes_the_tables_and_then_has_nothing_to_do(self) -> None:
        self.expect(NOTHING, "migrate", "--check")
        self.assertIs(self.expect(NOTHING, "migrate", "--check", "--json").json()["up_to_date"], False)
        self.assertTrue(self.expect(OK, "migrate", "--json").json()["steps"])
        self.assertEqual(self.expect(OK, "migrate", "--json").json()["steps"], [])
        self.assertIn("nothing to do", self.expect(OK, "migrate").out)
        self.expect(OK, "migrate", "--check")

    def change(self, sql: str) -> None:
        database = sqlite3.connect(self.folder / "site.sqlite3")
        with database:
            database.execute(sql)
        database.close()

    def test_check_finds_what_is_gone(self) -> None:
        self.expect(OK, "migrate")
        for what in ("TABLE innkeeper_ended", "TRIGGER innkeeper_session_removed", "INDEX innkeeper_session_ip"):
            self.change(f"DROP {what}")
            found = self.expect(NOTHING, "migrate", "--check", "--json").json()
            made = f"made {what.lower()}"
            self.assertIn(made, found["steps"])
            self.assertIn(f"would have {made}", self.expect(NOTHING, "migrate", "--check").out)
            self.assertEqual(self.expect(OK, "migrate", "--json").json()["steps"], found["steps"])
            self.expect(OK, "migrate", "--check")

    def test_a_wrong_name_of_the_users_is_told_by_its_setting(self) -> None:
        self.expect(OK, "migrate")
        wrong = {"USER_TABLE": ("--user-table", "auth_usr"), "USER_COLUMN_EMAIL": ("--user-column-email", "mail")}
        for setting, words in wrong.items():
            for command in (["migrate"], ["sessions", "list"]):
                ran = self.expect(DATABASE, *command, *words)
                self.assertIn(words[1], ran.err)
                self.assertNotIn("run `innkeeper migrate`", ran.err)
            self.assertIn(setting, ran.err)
            self.assertIn(words[1], self.expect(NOTHING, "migrate", "--check", *words).out)
        self.expect(OK, "migrate", "--check", "--user-column-email", "EMAIL")

    def test_users_get_a_second_table_only_if_one_says_so(self) -> None:
        self.change("CREATE TABLE django_migrations (id integer)")
        ran = self.expect(DATABASE, "migrate")
        self.assertIn("USER_TABLE", ran.err)
        self.assertIn("made table auth_user", self.expect(OK, "migrate", "--new-user-table").out)
        self.expect(OK, "migrate", "--check")

    def test_commands_before_it_say_that_it_is_needed(self) -> None:
        for command in (["serve"], ["sessions", "list"], ["clearsessions"]):
            ran = self.expect(DATABASE, *command)
            self.assertIn("innkeeper migrate", ran.err)
        self.assertFalse((self.folder / "site.sqlite3").exists(), "looking made a database")

    def test_a_file_that_is_no_database_is_named(self) -> None:
        (self.folder / "site.sqlite3").write_text("a letter to my aunt\n" * 100)
        ran = self.expect(DATABASE, "migrate")
        self.assertIn(str(self.folder / "site.sqlite3"), ran.err)

    def test_a_database_of_a_later_program_is_refused(self) -> None:
        self.expect(OK, "migrate")
        with sqlite3.connect(self.folder / "site.sqlite3") as database:
            columns = [row[1] for row in database.execute("PRAGMA table_info(innkeeper_migration)")]
            row = dict(zip(columns, database.execute("SELECT * FROM innkeeper_migration").fetchone(), strict=True))
            number = next(name for name in columns if isinstance(row[name], int))
            row[number] = 999
            marks = ", ".join("?" for _ in columns)
            database.execute(f"INSERT INTO innkeeper_migration VALUES ({marks})", [row[name] for name in columns])
        database.close()
        self.assertIn("later program", self.expect(DATABASE, "sessions", "list").err)


class UsersTest(SiteTest):
    def test_the_superuser_is_staff_and_has_a_hash_as_django_writes_it(self) -> None:
        rows = self.rows("SELECT username, email, is_staff, is_superuser, is_active, password FROM auth_user")
        self.assertEqual(rows[0][:5], ("ada", "a@example.com", 1, 1, 1))
        self.assertTrue(rows[0][5].startswith("pbkdf2_sha256$10$"))

    def test_a_name_that_is_taken_is_refused(self) -> None:
        more = {"INNKEEPER_SUPERUSER_PASSWORD": PASSWORD, "INNKEEPER_SUPERUSER_USERNAME": "ada"}
        self.assertIn("already", self.expect(NOTHING, "createsuperuser", "--no-input", **more).err)

    def test_a_name_or_address_that_cannot_be_is_refused(self) -> None:
        more = {"INNKEEPER_SUPERUSER_PASSWORD": PASSWORD}
        words = ("createsuperuser", "--no-input", "--username")
        for name, fault in (("b" * 151, "150 characters"), ("b\tc", "control character"), (" bob", "blank")):
            self.assertIn(fault, self.expect(USAGE, *words, name, **more).err)
        self.assertIn("no UTF-8", self.expect(USAGE, *words, "\udcff", **more).err)
        self.assertIn("254", self.expect(USAGE, *words, "bob", "--email", "e" * 255, **more).err)
        self.assertEqual(self.rows("SELECT count(*) FROM auth_user"), [(1,)])

    def test_what_is_given_empty_is_not_asked_for(self) -> None:
        answers = f"{PASSWORD}\n{PASSWORD}\n"
        for name, words, more in (
            ("bob", ("--email", ""), {}),
            ("eve", ("--email=",), {}),
            ("max", (), {"INNKEEPER_SUPERUSER_EMAIL": ""}),
        ):
            ran = self.expect(OK, "createsuperuser", "--username", name, *words, stdin=answers, **more)
            self.assertNotIn("E-mail", ran.err)
        self.assertEqual(self.rows("SELECT DISTINCT email FROM auth_user WHERE username != 'ada'"), [("",)])

    def test_a_primary_key_is_refused_where_the_table_numbers_its_rows(self) -> None:
        more = {"INNKEEPER_SUPERUSER_PASSWORD": PASSWORD}
        words = ("createsuperuser", "--no-input", "--username", "bob", "--id", "7")
        self.assertIn("--id", self.expect(USAGE, *words, **more).err)
        self.assertEqual(self.rows("SELECT count(*) FROM auth_user"), [(1,)])

    def test_without_a_password_or_with_a_short_one_nobody_is_made(self) -> None:
        words = ("createsuperuser", "--no-input", "--username", "bob")
        self.assertIn("INNKEEPER_SUPERUSER_PASSWORD", self.expect(USAGE, *words).err)
        self.expect(USAGE, *words, INNKEEPER_SUPERUSER_PASSWORD="short")
        self.expect(USAGE, *words, INNKEEPER_SUPERUSER_PASSWORD="\u00e9" * 7)
        self.assertEqual(self.rows("SELECT count(*) FROM auth_user"), [(1,)])

    def test_a_password_may_come_from_a_file(self) -> None:
        (self.folder / "password").write_text("from a file, please\n")
        more = {"INNKEEPER_SUPERUSER_PASSWORD_FILE": str(self.folder / "password")}
        ran = self.expect(OK, "createsuperuser", "--noinput", "--username", "bob", "--json", **more)
        self.assertEqual(ran.json()["username"], "bob")

    def test_a_password_of_a_file_keeps_its_blanks(self) -> None:
        (self.folder / "password").write_text(" in a file \r\n")
        more = {"INNKEEPER_PASSWORD_FILE": str(self.folder / "password")}
        self.expect(OK, "changepassword", "ada", "--no-input", **more)
        _, rounds, salt, encoded = self.rows("SELECT password FROM auth_user")[0][0].split("$")
        digest = hashlib.pbkdf2_hmac("sha256", b" in a file ", salt.encode(), int(rounds))
        self.assertEqual(base64.b64encode(digest).decode(), encoded)

    def test_two_passwords_are_refused_rather_than_guessed(self) -> None:
        (self.folder / "password").write_text(PASSWORD)
        more = {"INNKEEPER_PASSWORD": "hush hush hush", "INNKEEPER_PASSWORD_FILE": str(self.folder / "password")}
        ran = self.expect(USAGE, "changepassword", "ada", "--no-input", **more)
        self.assertIn("keep one of the two", ran.err)
        self.assertNotIn("hush", ran.all)

    def test_changepassword_changes_the_hash_and_ends_sessions(self) -> None:
        before = self.rows("SELECT password FROM auth_user")
        self.add_session("a" * 32, 1, "192.0.2.1")
        ran = self.expect(OK, "changepassword", "ada", "--no-input", INNKEEPER_PASSWORD="another long one")
        self.assertNotIn("another long one", ran.all)
        self.assertNotEqual(self.rows("SELECT password FROM auth_user"), before)
        self.assertEqual(self.rows("SELECT count(*) FROM innkeeper_session"), [(0,)])
        self.assertIn("no user", self.expect(NOTHING, "changepassword", "nobody", "--no-input").err)

    def test_on_a_terminal_it_asks_and_the_password_is_not_echoed(self) -> None:
        shown, code = self.at_a_terminal(
            ["createsuperuser", "--username", "eve", "--email", "e@example.com"],
            [(b"Password: ", PASSWORD), (b"again): ", PASSWORD)],
        )
        self.assertEqual(code, OK, shown)
        self.assertIn("Superuser eve is made", shown)
        self.assertNotIn(PASSWORD, shown)

    def test_two_passwords_that_differ_make_nobody(self) -> None:
        shown, code = self.at_a_terminal(
            ["createsuperuser", "--username", "eve", "--email", "e@example.com"],
            [(b"Password: ", PASSWORD), (b"again): ", PASSWORD + "!")],
        )
        self.assertEqual(code, USAGE)
        self.assertIn("differ", shown)


class SessionsTest(SiteTest):
    def setUp(self) -> None:
        super().setUp()
        self.create("bob")
        self.first = self.add_session("a" * 32, 1, "192.0.2.1")
        self.second = self.add_session("b" * 32, 1, "198.51.100.7")
        self.bobs = self.add_session("c" * 32, 2, "192.0.2.9")
        self.visitors = self.add_session("d" * 32, None, "2001:db8::1")
        self.over = self.add_session("e" * 32, 1, "192.0.2.1", expires="2020-01-15 00:00:00.000000")

    def listed(self, *words: str) -> set[str]:
        ran = self.run_program("sessions", "list", "--json", *words)
        ids = {session["id"] for session in ran.json()["sessions"]}
        self.assertEqual(ran.code, OK if ids else NOTHING)
        return ids

    def test_lists_by_user_address_and_state(self) -> None:
        self.assertEqual(self.listed(), {self.first, self.second, self.bobs, self.visitors, self.over})
        self.assertEqual(self.listed("--user", "ada", "--active"), {self.first, self.second})
        self.assertEqual(self.listed("--user", "2"), {self.bobs})
        self.assertEqual(self.listed("--user-id", "2"), {self.bobs})
        self.assertEqual(self.listed("--ip", "192.0.2.0/24", "--active"), {self.first, self.bobs})
        self.assertEqual(self.listed("--ip", "2001:db8::/32"), {self.visitors})
        self.assertEqual(self.listed("--visitors"), {self.visitors})
        self.assertEqual(self.listed("--expired"), {self.over})
        self.assertEqual(self.listed("--user", "ada", "--active", "--all-but", self.first), {self.second})
        self.assertEqual(self.listed("--user", "nobody"), set())
        self.assertEqual(self.listed("--user", ""), set())

    def test_a_list_shows_name_device_and_place_and_no_key(self) -> None:
        ran = self.expect(OK, "sessions", "list", "--geoip-path", str(DEMO / "demo-city.mmdb"))
        for words in ("ada", "(visitor)", "Firefox 128 on Linux", "192.0.2.1", "active", "expired"):
            self.assertIn(words, ran.out)
        for letter in "abcde":
            self.assertNotIn(letter * 32, ran.all)

    def test_pages_go_on_where_the_one_before_ended(self) -> None:
        seen: list[str] = []
        words: tuple[str, ...] = ()
        while True:
            page = self.run_program("sessions", "list", "--json", "--limit", "2", *words).json()
            seen += [session["id"] for session in page["sessions"]]
            if page["next"] is None:
                break
            words = ("--after", page["next"])
        self.assertEqual(len(seen), 5)
        self.assertEqual(len(set(seen)), 5)

    def test_a_filter_that_is_none_is_a_usage_error(self) -> None:
        self.expect(USAGE, "sessions", "list", "--ip", "192.0.2.0/33")
        self.expect(USAGE, "sessions", "list", "--active", "--expired")
        self.expect(USAGE, "sessions", "list", "--after", "yesterday")
        ran = self.expect(USAGE, "sessions", "list", "--all-but", "b" * 32)
        self.assertNotIn("b" * 32, ran.all)

    def test_shows_one_with_its_data_and_how_an_ended_one_ended(self) -> None:
        shown = self.expect(OK, "sessions", "show", self.first, "--json", "--data").json()
        self.assertEqual((shown["username"], shown["ip"], shown["data"]), ("ada", "192.0.2.1", {"cart": [1, 2]}))
        self.assertIn("Firefox 128 on Linux", self.expect(OK, "sessions", "show", self.first).out)
        self.expect(OK, "sessions", "revoke", self.first)
        ended = self.expect(NOTHING, "sessions", "show", self.first, "--json").json()["ended"]
        self.assertEqual((ended["reason"], ended["actor"]), ("revoked", "command"))
        self.assertIn("no such session", self.expect(NOTHING, "sessions", "show", "0" * 40).err)
        self.assertEqual(self.expect(NOTHING, "sessions", "show", "0" * 40, "--json").json(), {"ended": None})

    def test_a_name_cannot_steer_the_terminal_or_add_a_line(self) -> None:
        """A Django site may have any name: create_user() asks no validator."""
        with sqlite3.connect(self.folder / "site.sqlite3") as database:
            name = "eve\x1b[2J\u009b1m\u202e\nState         active"
            database.execute("UPDATE auth_user SET username = ? WHERE id = 2", [name])
        database.close()
        for words in (("show", self.bobs), ("list", "--user-id", "2")):
            out = self.expect(OK, "sessions", *words).out
            self.assertIn("eve?[2J?1m??State         active", out)

    def test_revokes_a_users_sessions_but_one(self) -> None:
        ran = self.expect(OK, "sessions", "revoke", "--user", "ada", "--all-but", self.first, "--json")
        self.assertEqual(ran.json(), {"ended": 1, "dry_run": False})
        self.assertEqual(self.listed("--active"), {self.first, self.bobs, self.visitors})

    def test_a_settings_flag_before_an_id_leaves_the_id_alone(self) -> None:
        self.expect(USAGE, "sessions", "revoke", "--user", "ada", "--cache", "none", self.bobs)
        self.expect(USAGE, "sessions", "revoke", "--all-but", self.first, self.second)
        self.assertEqual(len(self.listed()), 5)
        self.assertEqual(
            self.expect(OK, "sessions", "revoke", "--cache", "none", self.bobs, "--json").json()["ended"], 1
        )

    def test_a_dry_run_lists_and_ends_nothing(self) -> None:
        preview = self.expect(OK, "sessions", "revoke", "--ip", "192.0.2.0/24", "--dry-run", "--json").json()
        self.assertEqual(preview["would_end"], 2)
        self.assertEqual({session["id"] for session in preview["sessions"]}, {self.first, self.bobs})
        self.assertEqual(len(self.listed()), 5)

    def test_everybody_is_ended_only_on_demand(self) -> None:
        for words in ((), ("--active",), ("--all-but", "0" * 40)):
            self.assertIn("--all", self.expect(USAGE, "sessions", "revoke", *words).err)
        self.assertEqual(len(self.listed()), 5)
        self.expect(OK, "sessions", "revoke", "--all", "--all-but", self.first)
        self.assertEqual(self.listed("--active"), {self.first})
        self.expect(OK, "sessions", "revoke", "--all")
        self.assertEqual(self.listed("--active"), set())

    def test_on_a_terminal_it_says_how_many_and_asks(self) -> None:
        shown, code = self.at_a_terminal(["sessions", "revoke", "--user", "ada"], [(b"[y/N] ", "n")])
        self.assertEqual(code, NOTHING, shown)
        self.assertIn("End 2 sessions of ada?", shown)
        self.assertEqual(len(self.listed("--user", "ada", "--active")), 2)
        shown, code = self.at_a_terminal(["sessions", "revoke", "--user", "ada"], [(b"[y/N] ", "y")])
        self.assertEqual((code, len(self.listed("--user", "ada", "--active"))), (OK, 0), shown)

    def test_on_a_terminal_yes_needs_no_question(self) -> None:
        shown, code = self.at_a_terminal(["sessions", "revoke", self.bobs, "--yes"], [])
        self.assertEqual(code, OK, shown)
        self.assertNotIn("[y/N]", shown)

    def test_on_a_terminal_clearsessions_shows_how_far_it_is(self) -> None:
        shown, code = self.at_a_terminal(["clearsessions"], [])
        self.assertEqual(code, OK, shown)
        self.assertIn("Removing expired sessions: 1 of 1 [##", shown)

    def test_what_it_shows_is_narrower_than_the_terminal(self) -> None:
        shown, code = self.at_a_terminal(["clearsessions"], [], columns=24)
        self.assertEqual(code, OK, shown)
        self.assertIn("\r\x1b[KRemoving expired 1 of 1\r", shown)

    def test_ids_and_a_selection_do_not_go_together(self) -> None:
        self.expect(USAGE, "sessions", "revoke", self.first, "--user", "ada")

    def test_nothing_to_end_is_said_by_the_exit_code(self) -> None:
        self.expect(NOTHING, "sessions", "revoke", "0" * 40)
        self.expect(NOTHING, "sessions", "revoke", "--user", "nobody")

    def test_clearsessions_removes_what_is_over(self) -> None:
        dry = self.expect(OK, "clearsessions", "--dry-run", "--json").json()
        self.assertEqual((dry["sessions"], dry["finished"], dry["dry_run"]), (1, True, True))
        self.assertEqual(self.listed("--expired"), {self.over})
        done = self.expect(OK, "clearsessions", "--batch-size", "1", "--max-seconds", "60", "--json").json()
        self.assertEqual(done["sessions"], 1)
        self.assertEqual(self.listed("--expired"), set())
        self.assertIn("Removed: 0", self.expect(OK, "clearsessions").out)
        for size in ("0", "2147483648", "4294967296", "many"):
            self.expect(USAGE, "clearsessions", "--batch-size", size)

    def test_a_working_directory_that_is_gone_costs_the_cache_alone(self) -> None:
        gone = self.folder / "gone"
        gone.mkdir()
        words = self.words("sessions", "list", "--cache", "cache")
        ran = Ran(
            subprocess.run(
                ["sh", "-c", 'rmdir "$PWD" && exec "$@"', "sh", *words],
                capture_output=True,
                text=True,
                env=self.environment(),
                cwd=gone,
                check=False,
            )
        )
        self.assertEqual(ran.code, OK, ran.all)
        self.assertIn('no cache, every request asks the database: lmdb cache: cannot open "cache"', ran.err)
        self.assertIn("by its absolute path", ran.err)

    def test_without_a_cache_all_goes_on(self) -> None:
        self.expect(OK, "sessions", "revoke", "--user", "ada", "--cache", "none")
        (self.folder / "in the way").write_text("a file")
        ran = self.expect(OK, "sessions", "revoke", "--user", "bob", "--cache", str(self.folder / "in the way"))
        self.assertIn("no cache", ran.err)


if __name__ == "__main__":
    cli_support.main()
