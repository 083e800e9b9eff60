"""User-Agent texts that were not seen before: our reader beside ua-parser with each of its resolvers."""

from __future__ import annotations

import random
import re
import time
from statistics import median

from report import Targets, duration, table, title
from sites import USER_AGENTS

_VERSION = re.compile(r"(?<=[./ ])\d{2,4}(?=[.; )]|$)")


def unseen(chance: random.Random) -> list[str]:
    """The demo's texts, each with a number that it never had: as new as tomorrow's browsers."""
    return [_VERSION.sub(lambda found: str(chance.randrange(10, 10 ** len(found[0]))), text) for text in USER_AGENTS]


def readers() -> dict[str, object]:
    from django.conf import settings
    from ua_parser import Domain, load_lazy_builtins
    from ua_parser.re2 import Resolver as Re2
    from ua_parser.regex import Resolver as Regex

    settings.configure()
    from innkeeper.device import read_device

    regex, re2 = Regex(load_lazy_builtins()), Re2(load_lazy_builtins())
    return {
        "innkeeper.device.read_device": read_device,
        "ua-parser, ua-parser-rs": lambda text: regex(text, Domain.ALL).complete(),
        "ua-parser, re2": lambda text: re2(text, Domain.ALL).complete(),
    }


def spent(read, texts: list[str]) -> float:
    began = time.process_time()
    for text in texts:
        read(text)
    return (time.process_time() - began) / len(texts)


def devices(rounds: int, port: int, targets: Targets) -> None:
    title("Device of a text that was not seen before")
    chance = random.Random(11)
    sides = readers()
    for read in sides.values():  # compiles patterns on the way
        for _ in range(2):
            spent(read, unseen(chance))
    times: dict[str, list[float]] = {name: [] for name in sides}
    order = list(sides)
    for _ in range(rounds):
        order.reverse()
        texts = unseen(chance)  # the same for all
        for name in order:
            times[name].append(spent(sides[name], texts))
    ours = times["innkeeper.device.read_device"]
    ratios = {name: median(t / o for t, o in zip(times[name], ours)) for name in times}
    table(
        ["reader", "CPU time of a text", "ratio"],
        [[name, duration(median(times[name])), f"{ratios[name]:.2f}"] for name in times],
    )
    fastest = min(ratio for name, ratio in ratios.items() if name.startswith("ua-parser"))
    targets.note("device of a new text beside ua-parser's fastest", 2, fastest)
