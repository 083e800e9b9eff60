"""Tables for people, in the form in which docs/benchmarks.md has them."""

from __future__ import annotations

from rounds import Times, middle, ratio
from sites import Site


def title(text: str) -> None:
    print(f"\n## {text}\n")


def table(head: list[str], rows: list[list[str]]) -> None:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
    print(flush=True)


def duration(seconds: float) -> str:
    micros = seconds * 1e6
    if micros < 1000:
        return f"{micros:.2f} µs" if micros < 100 else f"{micros:.0f} µs"
    return f"{micros / 1000:.1f} ms" if micros < 1e6 else f"{seconds:.1f} s"


def compared(times: Times, ours: Site, clocks: tuple[str, ...] = ("cpu", "wall")) -> None:
    """A line for each side: how long it took, and how many times ours."""
    names = {"cpu": "CPU time", "wall": "by the clock"}
    head = ["site", *(text for clock in clocks for text in (names[clock], "ratio"))]
    rows = []
    for site in times:
        row = [site.name]
        for clock in clocks:
            row += [duration(middle(times, site, clock)), f"{ratio(times, site, ours, clock):.2f}"]
        rows.append(row)
    table(head, rows)


class Targets:
    """What the package promises, and whether this run saw it."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []

    def note(self, what: str, least: float, seen: float, unit: str = "×") -> None:
        self._rows.append([what, f"≥ {least:g} {unit}", f"{seen:.2f} {unit}", "met" if seen >= least else "MISSED"])

    def note_most(self, what: str, most: float, seen: float, unit: str) -> None:
        self._rows.append([what, f"≤ {most:g} {unit}", f"{seen:.2f} {unit}", "met" if seen <= most else "MISSED"])

    def show(self) -> None:
        if self._rows:
            title("Targets")
            table(["what", "target", "seen", ""], self._rows)
