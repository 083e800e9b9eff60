"""bench/django: see `run` beside this file."""

from __future__ import annotations

import argparse
import platform
import sys
import time

import measures
from devices import devices
from imports import imports
from purge import purge
from report import Targets
from rounds import load_average, redis_server
from sites import FOLDER

PARTS = {
    "cached": measures.cached_sessions,
    "db": measures.db_sessions,
    "requests": measures.requests,
    "admin": measures.admin,
    "devices": devices,
    "imports": imports,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/django/run", description=__doc__)
    parser.add_argument("--only", action="append", choices=[*PARTS, "purge"], metavar="NAME")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--purge-rows", type=int, default=1_000_000)
    options = parser.parse_args()
    wanted = options.only or [*PARTS, "purge"]
    FOLDER.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    print(f"Python {platform.python_version()}, load average {load_average()}; ratio: how many times ours")
    targets = Targets()
    with redis_server() as port:
        for name in (name for name in PARTS if name in wanted):
            PARTS[name](options.rounds, port, targets)
    if "purge" in wanted:
        purge(options.purge_rows, targets)
    targets.show()
    print(f"load average {load_average()}, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
