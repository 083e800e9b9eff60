"""One site in a process of its own: reads what to do from its input, a line of JSON each, and answers likewise."""

from __future__ import annotations

import json
import shutil
import sys
import warnings
from datetime import datetime, timedelta, timezone
from typing import Any

from sites import FOLDER, PACKAGES, Site


def set_up(site: Site, redis_port: int) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    shutil.rmtree(site.folder, ignore_errors=True)
    site.folder.mkdir(parents=True)
    settings.configure(**site.settings(redis_port))
    django.setup()
    accept_the_demos_places()
    call_command("migrate", verbosity=0)


def accept_the_demos_places() -> None:
    """Django's GeoIP2 refuses files whose type it does not know; the demo's has the same form as GeoLite2-City."""
    from django.contrib.gis import geoip2

    geoip2.SUPPORTED_DATABASE_TYPES.add("Innkeeper-Demo-City")


def fill_list(site: Site, users: list[Any], count: int) -> None:
    from django.apps import apps
    from rows import CART, fill

    model: Any = apps.get_model(PACKAGES[site.package].model)
    from importlib import import_module

    from django.conf import settings

    payload = import_module(settings.SESSION_ENGINE).SessionStore().encode({"cart": CART})
    fill(model, count, users, payload, datetime.now(timezone.utc) + timedelta(days=14))


def serve(site: Site, redis_port: int, listed: int) -> None:
    set_up(site, redis_port)
    from pages import Pages
    from rows import make_users
    from steps import Steps, statements

    users = make_users(1000)
    if listed:
        fill_list(site, users, listed)
    sessions = Steps(site.package, users)
    pages = Pages(site.package, sessions)
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        what, count, count_statements = json.loads(line)
        act = getattr(pages, what, None) or getattr(sessions, what)
        answer = statements(act) if count_statements else act(count)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    package, engine, cache, port, rows = sys.argv[1:]
    FOLDER.mkdir(parents=True, exist_ok=True)
    serve(Site(package, engine, cache), int(port), int(rows))
