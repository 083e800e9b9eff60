"""clearsessions on a table of expired sessions: how long, and how much memory at its highest."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path

from report import Targets, table, title
from sites import FOLDER, PACKAGES, Site

SITES = [
    Site("innkeeper", "cached_db", "native"),
    Site("qsessions", "cached_db", "locmem"),
    Site("qsessions", "db"),
    Site("django", "db"),
]


def purge(rows: int, targets: Targets) -> None:
    title(f"clearsessions on {rows:,} expired sessions")
    FOLDER.mkdir(parents=True, exist_ok=True)
    seen = {site: _measured(site, rows) for site in SITES}
    table(
        ["site", "memory before", "at its highest", "grown by", "took"],
        [
            [site.name, *(f"{seen[site][name]:.1f} MB" for name in ("before", "highest", "grown")), f"{took:.1f} s"]
            for site in SITES
            for took in [seen[site]["took"]]
        ],
    )
    ours = max(seen[site]["grown"] for site in SITES if site.package == "innkeeper")
    rival = seen[Site("qsessions", "cached_db", "locmem")]["grown"]
    targets.note("clearsessions, memory beside qsessions' cached_db", 20, rival / max(ours, 0.1))


def _measured(site: Site, rows: int) -> dict[str, float]:
    """The table is filled by one process, and purged by another, whose memory is looked at."""
    for step in ("fill", "run"):
        command = [sys.executable, str(Path(__file__)), step, site.package, site.engine, site.cache, str(rows)]
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    (site.folder / "site.sqlite3").unlink()
    result: dict[str, float] = json.loads(answer)
    return result


def fill(site: Site, rows: int) -> None:
    from worker import set_up

    set_up(site, 0)
    from importlib import import_module

    from django.apps import apps
    from django.conf import settings
    from rows import CART, make_users
    from rows import fill as fill_table

    payload = import_module(settings.SESSION_ENGINE).SessionStore().encode({"cart": CART})
    model = apps.get_model(PACKAGES[site.package].model)
    fill_table(model, rows, make_users(1000), payload, datetime.now(timezone.utc) - timedelta(days=1))


def run(site: Site) -> None:
    import django
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(**site.settings(0))
    django.setup()
    model = apps.get_model(PACKAGES[site.package].model)
    model.objects.filter(pk="none").exists()
    before = _resident()
    began = time.perf_counter()
    call_command("clearsessions", stdout=sys.stderr)
    took = time.perf_counter() - began
    if left := model._base_manager.count():
        raise SystemExit(f"!! {site.name} left {left} rows")
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"before": before, "highest": highest, "grown": highest - before, "took": took}))


def _resident() -> float:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    step, package, engine, cache, count = sys.argv[1:]
    if step == "fill":
        fill(Site(package, engine, cache), int(count))
    else:
        run(Site(package, engine, cache))
