"""For a site's own tests: time that passes without waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from . import _engine, engines

Move = Callable[[timedelta], None]


@contextmanager
def moved_time(by: timedelta = timedelta(0)) -> Iterator[Move]:
    """Inside it the engine's clock is ahead by so much, and what it gives moves it on.

    Idle and absolute timeouts, the ends of sessions, the history's age and `clearsessions` go by that clock. Django's
    own (`timezone.now()`, so what the pages call "2 hours ago") and the database's stay where they are.
    """
    clock = _engine.MovedClock()

    def move(further: timedelta) -> None:
        if further < timedelta(0):
            raise ValueError(f"time is moved by {further}: it goes forward alone")
        clock.advance(further.total_seconds())

    move(by)
    with engines.use_clock(clock):
        yield move
