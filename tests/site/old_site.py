"""A site made by `django-admin startproject`, which keeps its sessions with one package, and then with Innkeeper."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from support import EDGE, ROOT

MIDDLEWARE = "django.contrib.sessions.middleware.SessionMiddleware"
# Its app, its middleware and its engine, as its README says.
PACKAGES = {
    "django.contrib.sessions": ("django.contrib.sessions", MIDDLEWARE, "django.contrib.sessions.backends.db"),
    "qsessions": ("qsessions", "qsessions.middleware.SessionMiddleware", "qsessions.backends.cached_db"),
    "django_user_sessions_ng": (
        "django_user_sessions_ng",
        "django_user_sessions_ng.middleware.SessionMiddleware",
        "django_user_sessions_ng.backends.cached_db",
    ),
    "user_sessions": ("user_sessions", "user_sessions.middleware.SessionMiddleware", "user_sessions.backends.db"),
}
OURS = ("innkeeper", "innkeeper.middleware.SessionMiddleware", "innkeeper.backends.cached_db")

_SETTINGS = """
from shop.settings import *
app, middleware, SESSION_ENGINE = {parts!r}
INSTALLED_APPS = [app if name == "django.contrib.sessions" else name for name in INSTALLED_APPS]
MIDDLEWARE = [middleware if name == {django!r} else name for name in MIDDLEWARE]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
INNKEEPER_CACHE = BASE_DIR / "cache"
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS = ["admin.E410"]  # user_sessions asks for that
"""
_SIGN_IN = f"""
import sys
from django.contrib.auth.models import User
from django.test import Client
name, address = sys.argv[1:]
User.objects.create_superuser(name, password="pass")
browser = Client(HTTP_USER_AGENT={EDGE!r}, REMOTE_ADDR=address)
answer = browser.post("/admin/login/", {{"username": name, "password": "pass", "next": "/admin/"}})
assert answer.status_code == 302, answer.content
print(browser.cookies["sessionid"].value)
"""
_SIGN_OUT = """
import sys
from django.test import Client
browser = Client()
browser.cookies["sessionid"] = sys.argv[1]
assert browser.get("/admin/").status_code == 200
assert browser.post("/admin/logout/").status_code == 200
assert browser.get("/admin/").status_code == 302
"""
_VISIT = """
import re, sys
from django.test import Client
for key in sys.argv[1:]:
    browser = Client()
    if key != "-":
        browser.cookies["sessionid"] = key
    welcome = re.search("<strong>([a-z]+)</strong>", browser.get("/admin/").content.decode())
    cookie = browser.cookies.get("sessionid")
    print(welcome[1] if welcome else "-", cookie.value if cookie and cookie.value else "-")
"""


class OldSite:
    def __init__(self, folder: Path, package: str) -> None:
        self.folder = folder
        self.package = package
        self.cookies: dict[str, str] = {}  # of each browser, by who signed in with it
        self._python(["-m", "django", "startproject", "shop", str(folder)], "shop.settings", cwd=folder.parent)
        for name, parts in (("before", PACKAGES[package]), ("after", OURS)):
            (folder / f"{name}.py").write_text(_SETTINGS.format(parts=parts, django=MIDDLEWARE))

    def _python(self, words: list[str], settings: str, cwd: Path | None = None) -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(self.folder), str(ROOT / "python" / "src")]),
            "DJANGO_SETTINGS_MODULE": settings,
        }
        done = subprocess.run(
            [sys.executable, *words],
            env=environment,
            cwd=cwd or self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage(self, when: str, *words: str) -> str:
        return self._python(["-m", "django", *words], when)

    def run(self, when: str, script: str, *words: str) -> list[str]:
        return self._python(["-c", f"import django; django.setup()\n{script}", *words], when).splitlines()

    def sign_in(self, name: str, address: str) -> None:
        """A browser that signs in on the page, before the change."""
        (self.cookies[name],) = self.run("before", _SIGN_IN, name, address)

    def sign_out(self, name: str) -> None:
        """On the page, before the change; a copy of the cookie stays."""
        self.run("before", _SIGN_OUT, self.cookies[name])

    def visit(self, when: str) -> list[str]:
        """Every browser asks for a page, and keeps or drops its cookie as the answer says.

        Whom the page greets; "-" for a visitor.
        """
        said = [line.split() for line in self.run(when, _VISIT, *self.cookies.values())]
        self.cookies = dict(zip(self.cookies, [cookie for _, cookie in said]))
        return [name for name, _ in said]
