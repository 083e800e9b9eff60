"""What the tests of the command line share: a folder, a settings file, and the program run in them."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import termios
import unittest
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "data" / "demo"
PLACES = ROOT / "tests" / "data" / "location"
SECRET = "a-secret-key-of-the-test-which-is-never-printed-0123456789"
PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

OK, NOTHING, USAGE, DATABASE, NETWORK, FILE = 0, 1, 2, 3, 4, 5

program = ""  # the path of the one under test, see main()


def main() -> None:
    """The program's path is the first argument; the rest is unittest's."""
    global program
    program = str(Path(sys.argv.pop(1)).resolve())
    unittest.main("__main__", verbosity=2)


class Ran:
    """How a command went."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.all = self.out + self.err

    def json(self) -> dict:
        return json.loads(self.out)


class ProgramTest(unittest.TestCase):
    """A folder of its own with a settings file, and an environment with nothing of ours in it."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cli_test_"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.settings = self.folder / "site.toml"
        (self.folder / "secret_key").write_text(SECRET + "\n")
        self.settings.write_text(
            'DATABASE = "site.sqlite3"\nSECRET_KEY_FILE = "secret_key"\nCACHE_SIZE = "8M"\nPASSWORD_ITERATIONS = 10\n'
        )

    def environment(self, **more: str) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "TMPDIR": str(self.folder), "LC_ALL": "C.UTF-8", **more}

    def words(self, *words: str) -> list[str]:
        return [program, "--config", str(self.settings), *words]

    def bare(self, *words: str, stdin: str = "", **more: str) -> Ran:
        done = subprocess.run(
            [program, *words],
            input=stdin,
            capture_output=True,
            text=True,
            env=self.environment(**more),
            cwd=self.folder,
            check=False,
            timeout=120,
        )
        ran = Ran(done)
        self.assertNotIn(SECRET, ran.all)
        return ran

    def run_program(self, *words: str, stdin: str = "", **more: str) -> Ran:
        return self.bare("--config", str(self.settings), *words, stdin=stdin, **more)

    def expect(self, code: int, *words: str, stdin: str = "", **more: str) -> Ran:
        ran = self.run_program(*words, stdin=stdin, **more)
        self.assertEqual(ran.code, code, ran.all)
        return ran

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A server; its streams are read line by line."""
        process = subprocess.Popen(
            self.words(*words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment(),
            cwd=self.folder,
        )

        def stop() -> None:
            if process.poll() is None:
                process.kill()
            process.communicate()

        self.addCleanup(stop)
        return process

    def at_a_terminal(
        self,
        words: list[str],
        talk: list[tuple[bytes, str]],
        columns: int = 80,
        look: Callable[[bytes], object] = len,
    ) -> tuple[str, int]:
        """Answers each question of `talk`; what the terminal showed, and the exit code. `look` sees it all so far."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            termios.tcsetwinsize(2, (24, columns))
            os.execve(program, self.words(*words), self.environment())
        shown = b""
        talk = list(talk)
        while True:
            try:
                part = os.read(terminal, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
            look(shown)
            if talk and shown.endswith(talk[0][0]):
                os.write(terminal, talk.pop(0)[1].encode() + b"\n")
        os.close(terminal)
        return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class SiteTest(ProgramTest):
    """With tables, and a user `ada`."""

    def setUp(self) -> None:
        super().setUp()
        self.expect(OK, "migrate")
        self.create("ada")

    def create(self, name: str) -> Ran:
        more = {"INNKEEPER_SUPERUSER_PASSWORD": PASSWORD}
        ran = self.expect(OK, "createsuperuser", "--no-input", "--username", name, "--email", "a@example.com", **more)
        self.assertNotIn(PASSWORD, ran.all)
        return ran

    def rows(self, sql: str) -> list[tuple]:
        database = sqlite3.connect(self.folder / "site.sqlite3")
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def add_session(self, key: str, user: int | None, ip: str, expires: str = "2099-01-01 00:00:00.000000") -> str:
        """A row as Django or the program writes it; its public id."""
        session_id = hashlib.sha256(key.encode()).hexdigest()[:40]
        data = self.expect(OK, "payload", "encode", stdin='{"cart": [1, 2]}').out.strip()
        database = sqlite3.connect(self.folder / "site.sqlite3")
        then = "2029-12-31 00:00:00.000000" if expires > "2029" else "2020-01-01 00:00:00.000000"
        database.execute(
            "INSERT INTO innkeeper_session (session_key, session_data, expire_date, user_id, ip, user_agent, "
            "client_hints, created_at, updated_at, last_activity, version) VALUES (?,?,?,?,?,?,'',?,?,?,1)",
            (session_id, data, expires, user, ip, FIREFOX, then, then, then),
        )
        database.commit()
        database.close()
        return session_id
