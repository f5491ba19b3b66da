"""Score a CSV of answers from stdin to stdout; no database."""

import csv
import os
import sys
from argparse import ArgumentParser
from collections.abc import Mapping

from django.core.management.base import BaseCommand, CommandError

from proms.instruments import library
from proms.scoring import batch, rows, tariffs, value_sets
from proms.scoring.score import CannotScore

SHOWN_EVERY = 10_000


class Command(BaseCommand):
    help = "Scores a CSV of answers (a column per item, or `state`) from stdin to stdout."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", nargs="?", help="such as eq5d-5l or promis-anxiety-4a")
        parser.add_argument("--value-set", action="append", default=[], help="may be repeated")
        parser.add_argument("--language", default="", help="chooses item parameters")
        parser.add_argument("--list", action="store_true", help="instruments and value sets")

    def handle(self, *args: object, **options: object) -> None:
        try:
            self._list() if options["list"] else self._score(self._task(options))
        except BrokenPipeError:
            # The reader, such as `head`, has seen enough; Python would complain again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _task(self, options: Mapping[str, object]) -> batch.Task:
        try:
            definition = library.get(str(options["instrument"] or ""))
            return batch.task(
                definition,
                value_sets=options["value_set"],  # type: ignore[arg-type]
                language=str(options["language"]),
            )
        except library.UnknownInstrument as error:
            raise CommandError(f"There is no instrument {error}; --list shows all.") from error
        except CannotScore as error:
            raise CommandError(f"{error}; --list shows all.") from error

    def _list(self) -> None:
        for code in library.codes():
            definition = library.get(code)
            self.stdout.write(f"{code}\t{definition.name}\tversion {definition.version}")
        for instrument in value_sets.LEVELS:
            for name in tariffs.ids(instrument):
                tariff = tariffs.get(name, instrument)
                marks = "\t".join(filter(None, [tariff.mark, tariff.value_set.disputed]))
                doi = " ".join(filter(None, tariff.doi))
                self.stdout.write(f"{name}\t{instrument}\t{doi}\t{marks}".rstrip("\t"))

    def _score(self, task: batch.Task) -> None:
        self._warn_of_disputed(task)
        out = csv.writer(self.stdout, lineterminator="\n")
        bad = 0
        try:
            for line, row in batch.scored(task, rows.read(sys.stdin.buffer)):
                if isinstance(row, rows.BadRow):
                    bad += 1
                    self.stderr.write(str(row))
                else:
                    out.writerow(row)
                self._show_progress(line)
        except rows.BadRow as error:
            raise CommandError(str(error)) from error
        if bad:
            sys.exit(1)

    def _warn_of_disputed(self, task: batch.Task) -> None:
        for tariff in task.tariffs:
            if tariff.value_set.disputed:
                note = f"Note: {tariff.id} is disputed: {tariff.value_set.disputed}."
                self.stderr.write(note)

    def _show_progress(self, line: int) -> None:
        if line % SHOWN_EVERY == 0 and self.stderr.isatty():
            self.stderr.write(f"\r{line:,} lines", ending="")
