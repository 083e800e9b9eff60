from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from innkeeper.engines import site_engine

_MOST = 1_000_000  # rows of one transaction, which others wait for
_LONGEST = 366 * 86400  # seconds, as the program has it


class Command(BaseCommand):
    help = "Remove expired sessions and old history, in batches, each a short transaction: the site goes on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch-size", type=int, default=1000, help="rows in one transaction (%(default)s)")
        parser.add_argument("--max-seconds", type=float, default=0, help="stop after so long; 0 for never")
        parser.add_argument("--dry-run", action="store_true", help="remove nothing, say how many there are")

    def handle(self, *, batch_size: int, max_seconds: float | None, dry_run: bool, **options: Any) -> None:
        if not 0 < batch_size <= _MOST:
            raise CommandError(f"--batch-size is {batch_size}: give a number from 1 to {_MOST}.")
        if not 0 <= (max_seconds or 0) <= _LONGEST:
            raise CommandError(f"--max-seconds is {max_seconds}: give a number from 0 (for never) to {_LONGEST}.")
        progress = self._show if options["verbosity"] > 1 else None
        sessions, history, finished = site_engine().clear_expired(batch_size, max_seconds or None, dry_run, progress)
        if not options["verbosity"] and not dry_run:
            return  # cron mails what is written
        verb = "To be removed" if dry_run else "Removed"
        self.stdout.write(f"{verb}: {sessions} expired sessions, {history} old rows of the history.")
        if not finished:
            self.stdout.write("The time was over before the end: run it again for the rest.")

    def _show(self, removed: int) -> None:
        self.stdout.write(f"{removed} removed so far")
