"""A new site on the installed package: migrated, signed in to, sessions listed and ended. Run as a script."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SETTINGS = """
INSTALLED_APPS = ["innkeeper" if app == "django.contrib.sessions" else app for app in INSTALLED_APPS]
MIDDLEWARE = [name.replace("django.contrib.sessions", "innkeeper") for name in MIDDLEWARE]
SESSION_ENGINE = "innkeeper.backends.cached_db"
INNKEEPER_CACHE = BASE_DIR / "cache"
ALLOWED_HOSTS = ["testserver"]
"""

STORY = """
from django.contrib.auth import get_user_model
from django.test import Client
from innkeeper.models import EndedSession, Session

user = get_user_model().objects.create_superuser("ada", password="pass")
browser = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"})
browser.post("/admin/login/", {"username": "ada", "password": "pass"})
assert browser.get("/admin/").status_code == 200
session = user.session_set.get()
assert session.device_info.os.family == "Linux", session.device
assert b"Firefox" in browser.get("/admin/innkeeper/session/").content
session.delete()
assert EndedSession.objects.get().reason == "revoked"
assert browser.get("/admin/").status_code == 302
assert not Session.objects.filter(user=user).exists()
print("migrated, signed in, listed, ended")
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:

        def run(*arguments: str, **options: str) -> None:
            subprocess.run([sys.executable, *arguments], cwd=folder, check=True, text=True, **options)

        run("-m", "django", "startproject", "site_of_ours", ".")
        with (Path(folder) / "site_of_ours" / "settings.py").open("a") as settings:
            settings.write(SETTINGS)
        run("manage.py", "check", "--fail-level", "WARNING")
        run("manage.py", "migrate", "-v0")
        run("manage.py", "shell", "-v0", "-c", STORY)


if __name__ == "__main__":
    main()
