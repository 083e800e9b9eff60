"""How far a long command has come: a bar on a terminal, a line a step where asked for, else nothing."""

from __future__ import annotations

from django.core.management.base import OutputWrapper

_WIDTH = 30


class Progress:
    """`total` is what there is to do; where it turns out to be more, the bar stays full."""

    def __init__(self, out: OutputWrapper, total: int, *, lines: bool) -> None:
        self._out = out
        self._total = total
        self._lines = lines
        self._bar = out.isatty() and not lines

    def show(self, done: int) -> None:
        if self._lines:
            self._out.write(f"{done:,} of {self._total:,} rows")
        elif self._bar:
            share = min(done / self._total, 1) if self._total else 1
            full = round(share * _WIDTH)
            bar = "#" * full + "." * (_WIDTH - full)
            self._out.write(f"\r[{bar}] {share:4.0%} {done:,} of {self._total:,} rows", ending="")
            self._out.flush()

    def close(self) -> None:
        """What is written next stands on a line of its own."""
        if self._bar:
            self._out.write("")
