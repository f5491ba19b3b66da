"""Take index events from a CSV file, as the API takes them one by one."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from proms import access
from surveys import importing


class Command(BaseCommand):
    help = "Take index events from a CSV file; rows that are refused are listed with their cure."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="UTF-8, with a first line of column names")
        parser.add_argument(
            "--sender", default="file", help="the sender's name in the survey's register"
        )

    def handle(self, *, file: Path, sender: str, **options: Any) -> None:
        sender_of = importing.sender_named(sender)
        by, now = access.command_actor("import-events"), timezone.now()
        counts = {"enrolled": 0, "known": 0, "refused": 0}
        try:
            with file.open("rb") as opened:
                for row in importing.import_events(opened, sender_of=sender_of, by=by, now=now):
                    counts[row.outcome] += 1
                    self._tell(row, sum(counts.values()))
        except (OSError, importing.UnreadableFile) as error:
            raise CommandError(f"{file}: {error}") from None
        self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
        if counts["refused"]:
            sys.exit(1)

    def _tell(self, row: importing.RowResult, done: int) -> None:
        if row.outcome == "refused":
            self.stderr.write(f"line {row.line}, column {row.column or '-'}: {row.cure}")
        if self.stderr.isatty() and not done % 100:
            self.stderr.write(f"\r{done} rows", ending="")
