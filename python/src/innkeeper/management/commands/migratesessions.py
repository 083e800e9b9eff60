from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from innkeeper.host import database_alias
from innkeeper.management.progress import Progress
from innkeeper.models import Session
from innkeeper.takeover import TABLES, Migrator, NoSessionsError, Report

_MOST = 100_000  # rows of one transaction, which are held in memory
_SHOWN = 20  # sessions that could not be taken, by name; all of them with --verbosity 2


class Command(BaseCommand):
    help = (
        "Take over the sessions of another package; nobody is signed out. It may be stopped, and run again: what the "
        "other package has saved or ended since follows, what was saved or has ended here stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = ", ".join(TABLES)
        parser.add_argument("--from", dest="source", required=True, help=f"{known}, or a table's name")
        parser.add_argument("--batch-size", type=int, default=500, help="rows in one transaction (%(default)s)")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what there is")

    def handle(self, *, source: str, batch_size: int, dry_run: bool, **options: Any) -> None:
        if not 0 < batch_size <= _MOST:
            raise CommandError(f"--batch-size is {batch_size}: give a number from 1 to {_MOST}.")
        table = TABLES.get(source, source)
        connection = connections[database_alias()]
        if table not in connection.introspection.table_names():
            raise CommandError(f"There is no table {table} in {connection.alias}: is --from {source} right?")
        if table == Session._meta.db_table:
            raise CommandError(f"{table} is this package's own: --from names where the sessions are now.")
        report = Report()
        try:
            migrator = Migrator(connection, table, dry_run=dry_run)
        except NoSessionsError as error:
            raise CommandError(f"{error} Is --from {source} right?") from None
        progress = Progress(self.stdout, migrator.count(), lines=options["verbosity"] > 1)
        for done in migrator.run(batch_size, report):
            progress.show(done)
        progress.close()
        self._tell(report, dry_run, shown=None if options["verbosity"] > 1 else _SHOWN)

    def _tell(self, report: Report, dry_run: bool, *, shown: int | None) -> None:
        verb = "To be taken over" if dry_run else "Taken over"
        self.stdout.write(
            f"{verb}: {report.taken} sessions; {report.present} were there already, {report.expired} have expired."
        )
        if report.renewed:
            self.stdout.write(
                f"{report.renewed} of these were saved where they come from since, and are as they are there."
            )
        if report.gone:
            verb = "have ended here too" if not dry_run else "would end here too"
            self.stdout.write(f"{report.gone} taken over before are no longer where they came from, and {verb}.")
        if report.ended:
            self.stdout.write(f"{report.ended} were taken over before and have ended meanwhile: they stay so.")
        if report.refused:
            self.stdout.write(f"{len(report.refused)} could not be read, and stay where they are:")
            for identifier, reason in report.refused[:shown]:
                self.stdout.write(f"  {identifier}: {reason}")
            if shown is not None and len(report.refused) > shown:
                self.stdout.write(f"  … and {len(report.refused) - shown} more: `--verbosity 2` lists them all")
