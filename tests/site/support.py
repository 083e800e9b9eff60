"""A site that two programs serve: Django's process and the C++ program's, and a browser that visits both."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "django-site"
HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ.get("SITE_BUILD", ROOT / "build" / "dev"))
PROGRAM = BUILD / "apps" / "innkeeper" / "innkeeper"
WORKER = BUILD / "tests" / "site" / "book_worker"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/118.0.0.0 Safari/537.36 Edg/118.0.2088.46"
)
_PATIENCE = 60  # seconds after which an answer is not coming


class Process:
    """One that is ended with its test, by its id; what it prints is read line by line."""

    def __init__(self, *command: str | Path, environment: dict[str, str]) -> None:
        self._child = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if command[0] == PROGRAM else None,
            text=True,
            env=environment,
        )

    def ask(self, line: str = "") -> str:
        """Hands it a line, and takes the one that it answers with."""
        if line:
            print(line, file=self._child.stdin, flush=True)
        return self._child.stdout.readline().rstrip("\n")

    def port(self) -> int:
        """Where it listens; both say so when they do."""
        if self._child.stderr is None:
            return int(self.ask())
        said = next(line for line in self._child.stderr if "listening on http" in line)
        return int(re.search(r"listening on http://[^ :]+:(\d+)", said).group(1))

    def stop(self) -> None:
        self._child.terminate()
        self._child.communicate(timeout=_PATIENCE)


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()
        self.cookies = SimpleCookie()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(header)

    def json(self) -> dict:
        return json.loads(self.text)


class Browser:
    """Keeps cookies for the host 127.0.0.1 whatever the port, as browsers do; posts a page's form with its token."""

    def __init__(self, agent: str = FIREFOX) -> None:
        self.cookies: dict[str, str] = {}
        self.agent = agent

    def get(self, port: int, path: str) -> Answer:
        return self._ask("GET", port, path)

    def post(self, port: int, path: str, page: Answer, **fields: str) -> Answer:
        name, token = re.search(r'name="(csrf_token|csrfmiddlewaretoken)" value="([^"]+)"', page.text).groups()
        return self._ask("POST", port, path, urlencode({name: token, **fields}))

    def _ask(self, method: str, port: int, path: str, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        headers = {"User-Agent": self.agent, "Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://127.0.0.1:{port}"
        try:
            connection.request(method, path, body, headers)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for name, cookie in answer.cookies.items():
            if cookie["max-age"] == "0" or not cookie.value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = cookie.value
        return answer


class Site:
    """The example site in a folder of its own, with both programs on it."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.settings = settings
        self.django = self.program = 0  # ports
        self._running: list[Process] = []
        for name in ("reached", "go"):
            os.mkfifo(folder / name)

    def environment(self, **more: str) -> dict[str, str]:
        paths = [HERE, EXAMPLE, ROOT / "python" / "src"]
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "site_settings",
            "INN_DATA": str(self.folder / "data"),
            "SITE_PIPES": str(self.folder),
            "SITE_SETTINGS": json.dumps(self.settings),
            **more,
        }

    def manage(self, *words: str, **more: str) -> str:
        command = [sys.executable, "-m", "django", *words]
        done = subprocess.run(
            command, env=self.environment(**more), capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def innkeeper(self, *words: str, **more: str) -> str:
        done = subprocess.run(
            [PROGRAM, "--config", self.folder / "innkeeper.toml", *words],
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def make(self, *people: str) -> None:
        """Tables, and users whose password is `<name>'s password`."""
        self.manage("migrate", "--verbosity", "0")
        for name in people:
            more = {"DJANGO_SUPERUSER_PASSWORD": f"{name}'s password"}
            self.manage("createsuperuser", "--no-input", "--username", name, "--email", "a@example.org", **more)

    def start(self) -> None:
        """Both programs, the C++ one with what `manage.py innkeeper_config` prints."""
        config = self.folder / "innkeeper.toml"
        config.touch(mode=0o600)
        config.write_text(self.manage("innkeeper_config"))
        self._running = [
            Process(sys.executable, HERE / "serve_site.py", environment=self.environment()),
            Process(PROGRAM, "--config", config, "serve", "--listen", "127.0.0.1:0", environment=self.environment()),
        ]
        self.django, self.program = (process.port() for process in self._running)

    def worker(self) -> Process:
        """A C++ program of one's own on the same book, driven line by line; see book_worker.cc."""
        data = self.folder / "data"
        words = (WORKER, data / "secret_key", data / "inn.sqlite3", data / "sessions.cache")
        self._running.append(Process(*words, environment=self.environment()))
        return self._running[-1]

    def stop(self) -> None:
        for process in self._running:
            process.stop()
        self._running = []

    # What a person does

    def sign_in_at_django(self, name: str, browser: Browser | None = None, password: str | None = None) -> Browser:
        browser = browser or Browser()
        form = browser.get(self.django, "/accounts/login/")
        fields = {"username": name, "password": password or f"{name}'s password"}
        assert browser.post(self.django, "/accounts/login/", form, **fields).status == 302
        return browser

    def sign_in_at_program(self, name: str, browser: Browser | None = None, password: str | None = None) -> Browser:
        browser = browser or Browser()
        form = browser.get(self.program, "/signin/")
        fields = {"username": name, "password": password or f"{name}'s password"}
        assert browser.post(self.program, "/signin/", form, **fields).status == 303
        return browser

    def at_django(self, browser: Browser, name: str) -> bool:
        """Whether Django's page greets the browser by that name."""
        return f"Good day, <b>{name}</b>" in browser.get(self.django, "/").text

    def at_program(self, browser: Browser, name: str) -> bool:
        answer = browser.get(self.program, "/account/sessions/")
        return answer.status == 200 and f"Signed in as <b>{name}</b>" in answer.text
