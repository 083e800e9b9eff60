"""What a package adds to a site's start."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from report import Targets, table, title

_SCRIPT = """
import sys, time
import django
from django.conf import settings
settings.configure(SECRET_KEY="k" * 50, INSTALLED_APPS=[
    "django.contrib.auth", "django.contrib.contenttypes", *sys.argv[1:]],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    SESSION_ENGINE=(sys.argv[1] if sys.argv[1:] else "django.contrib.sessions") + ".backends.db")
wall, cpu = time.perf_counter(), time.process_time()
for app in sys.argv[1:]:
    __import__(app)
django.setup()
print(time.perf_counter() - wall, time.process_time() - cpu)
"""
_APPS = ("", "django.contrib.sessions", "innkeeper", "qsessions", "user_sessions")


def _start(app: str) -> tuple[float, float]:
    command = [sys.executable, "-c", _SCRIPT, *([app] if app else [])]
    wall, cpu = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(wall), float(cpu)


def imports(rounds: int, port: int, targets: Targets) -> None:
    title("Import and app loading: what each adds to django.setup() with auth and contenttypes")
    times: dict[str, list[tuple[float, float]]] = {app: [] for app in _APPS}
    for _ in range(rounds):
        for app in _APPS:
            times[app].append(_start(app))
    rows = []
    for app in _APPS[1:]:
        wall, cpu = (
            median(own[clock] - bare[clock] for own, bare in zip(times[app], times[""])) * 1000 for clock in (0, 1)
        )
        rows.append([app, f"{cpu:.1f} ms", f"{wall:.1f} ms"])
        if app == "innkeeper":
            targets.note_most("import innkeeper and app loading, CPU time", 50, cpu, "ms")
    table(["app", "CPU time", "by the clock"], rows)
