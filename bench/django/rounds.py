"""Sides that take turns, A B C A B C …, so that a machine's moods hit all alike: ratios hold, figures drift."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sites import FOLDER, Site

HERE = Path(__file__).resolve().parent


class Worker:
    """A site's process."""

    def __init__(self, site: Site, redis_port: int, listed: int = 0) -> None:
        self.site = site
        command = [sys.executable, str(HERE / "worker.py"), site.package, site.engine, site.cache]
        self._process = subprocess.Popen(
            [*command, str(redis_port), str(listed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ready = False

    def wait(self) -> None:
        self._answer()
        self.ready = True

    def ask(self, what: str, count: int = 1, statements: bool = False) -> Any:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([what, count, statements]) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"!! the site {self.site.name} died: its last words stand above")
        return json.loads(line)

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def workers(sites: list[Site], redis_port: int, listed: int = 0) -> Iterator[dict[Site, Worker]]:
    running: dict[Site, Worker] = {}
    try:
        for site in sites:
            running[site] = Worker(site, redis_port, listed)
            running[site].wait()
        yield running
    finally:
        for worker in running.values():
            worker.stop()


Times = dict[Site, dict[str, list[float]]]


def take_turns(running: dict[Site, Worker], what: str, rounds: int, seconds: float = 0.03) -> Times:
    """How long one took each side, in each round; a turn is about `seconds` long."""
    counts = {site: _count_for(worker, what, seconds) for site, worker in running.items()}
    times: Times = {site: {"cpu": [], "wall": []} for site in running}
    order = list(running)
    for _ in range(rounds):
        order.reverse()
        for site in order:
            for clock, spent in running[site].ask(what, counts[site]).items():
                times[site][clock].append(spent / counts[site])
    return times


def _count_for(worker: Worker, what: str, seconds: float) -> int:
    worker.ask(what, 1)  # what is made on first use
    count = 2
    while (took := worker.ask(what, count)["cpu"]) < seconds / 4:
        count *= 2
    return max(1, min(20_000, int(seconds * count / took)))


def middle(times: Times, site: Site, clock: str) -> float:
    return median(times[site][clock])


def ratio(times: Times, rival: Site, ours: Site, clock: str) -> float:
    """How many times as long the rival took: the median of what each round says."""
    return median(theirs / own for theirs, own in zip(times[rival][clock], times[ours][clock], strict=True))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def redis_server() -> Iterator[int]:
    """Debian's Redis, for this run alone; yields its port, 0 where there is none."""
    program = shutil.which("redis-server")
    if not program:
        print("!! no redis-server (Debian's package of that name): the lines with Redis are left out")
        yield 0
        return
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, cwd=FOLDER)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"!! redis-server does not answer on port {port}")


def load_average() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())
