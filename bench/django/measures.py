"""The parts of a run that compare sites: sessions, requests, the admin."""

from __future__ import annotations

from report import Targets, compared, duration, table, title
from rounds import Worker, middle, ratio, take_turns, workers
from sites import Site

OURS_DB = Site("innkeeper", "db")
DB = [OURS_DB, Site("django"), Site("qsessions"), Site("user_sessions"), Site("allauth")]
OURS_CACHED = Site("innkeeper", "cached_db", "native")
LISTED = 100_000  # sessions in the table that the admin lists
LONG = 0.2  # seconds: a site in use follows the feed twice a second, one that waited for its turn with its first load


def cached(package: str) -> list[Site]:
    return [Site(package, "cached_db", "locmem"), Site(package, "cached_db", "redis")]


def cached_sites(port: int) -> list[Site]:
    sites = [OURS_CACHED, *cached("qsessions"), *cached("django"), *cached("innkeeper")]
    return [site for site in sites if port or site.cache != "redis"]


def cached_sessions(rounds: int, port: int, targets: Targets) -> None:
    with workers(cached_sites(port), port) as running:
        title("Load a session, cached_db")
        times = take_turns(running, "load", rounds, LONG)
        compared(times, OURS_CACHED)
        for rival, least in zip(cached("qsessions"), (3, 20)):
            if rival in times:
                what = f"load, cached_db on the native cache, beside qsessions on {rival.cache}"
                targets.note(what, least, ratio(times, rival, OURS_CACHED, "cpu"))
        title("Save a session, cached_db")
        compared(take_turns(running, "save", rounds), OURS_CACHED)


def db_sessions(rounds: int, port: int, targets: Targets) -> None:
    with workers(DB[:-1], port) as running:
        for what, least in (("load", 1.5), ("save", 2), ("create", 2), ("flush", None), ("cycle_key", None)):
            title(f"{what.capitalize().replace('_', ' ')}, db")
            times = take_turns(running, what, rounds)
            compared(times, OURS_DB)
            if least:
                rival = Site("qsessions")
                targets.note(f"{what}, db, beside qsessions", least, ratio(times, rival, OURS_DB, "cpu"))
        statements(running, targets)


def statements(running: dict[Site, Worker], targets: Targets) -> None:
    title("Statements that reach the database, db")
    rows = []
    for what in ("load", "save", "create", "flush", "cycle_key"):
        counts = {site: len(worker.ask(what, 1, True)) for site, worker in running.items()}
        rows.append([what, *(str(count) for count in counts.values())])
        targets.note_most(f"statements of {what}", counts[Site("django")], counts[OURS_DB], "")
    table(["", *(site.package for site in running)], rows)


def requests(rounds: int, port: int, targets: Targets) -> None:
    sites = [OURS_CACHED, *DB, Site("qsessions", "cached_db", "locmem")]
    with workers(sites, port) as running:
        title("A request that reads the session, through Django's whole handler")
        compared(take_turns(running, "request", rounds, LONG), OURS_CACHED)
        rows = [[site.name, str(len(worker.ask("request", 1, True)))] for site, worker in running.items()]
        table(["site", "statements, the user's own row among them"], rows)


def admin(rounds: int, port: int, targets: Targets) -> None:
    sites = [site for site in DB if site.package != "django"]  # Django has no such page
    with workers(sites, port, LISTED) as running:
        title(f"The admin's list of sessions, 100 rows of {LISTED:,}")
        for site, worker in running.items():
            rows = worker.ask("admin_rows")
            if rows != 100:
                raise SystemExit(f"!! {site.name} lists {rows} rows")
        times = take_turns(running, "admin", rounds, 0.1)
        compared(times, OURS_DB)
        targets.note("admin list beside qsessions", 10, ratio(times, Site("qsessions"), OURS_DB, "cpu"))
        title("The same list without a row: the frame that Django's admin makes")
        frames = take_turns(running, "admin_frame", rounds, 0.1)
        compared(frames, OURS_DB)
        title("What its 100 rows add: the difference")
        added = {site: middle(times, site, "cpu") - middle(frames, site, "cpu") for site in running}
        table(
            ["site", "CPU time", "ratio"],
            [[s.name, duration(t), f"{t / added[OURS_DB]:.2f}"] for s, t in added.items()],
        )
        rows = [[site.name, str(len(worker.ask("admin", 1, True)))] for site, worker in running.items()]
        table(["site", "statements"], rows)
