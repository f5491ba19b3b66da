"""Say which adaptive test people with known answers would have taken; no database."""

import csv
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.core.management.base import BaseCommand, CommandError

from proms.adaptive.banks import Bank
from proms.adaptive.stopping import NAMED, Rules
from proms.management import adaptive_options, tables
from proms.scoring import rows, traces

SHOWN_EVERY = 1_000


class Command(BaseCommand):
    help = (
        "Reads a CSV of full response patterns (id, a column per item; an empty cell is a skipped "
        "item) and writes the adaptive test each would have taken: id,step,item,answer,theta,se."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        adaptive_options.add_bank(parser)
        adaptive_options.add_limits(parser)
        parser.add_argument("--answers", default="-", help="a file; - is stdin")
        parser.add_argument("--rule", default="", choices=list(NAMED), help="else the bank's own")

    def handle(self, *args: object, **options: object) -> None:
        definition = adaptive_options.definition_of(options)
        bank = adaptive_options.bank_of(definition, options)
        rules = adaptive_options.rules_of(definition, str(options["rule"]), options)
        try:
            with _opened(str(options["answers"])) as stream:
                bad = self._trace(bank, rules, stream)
        except rows.BadRow as error:
            raise CommandError(str(error)) from error
        if bad:
            sys.exit(1)

    def _trace(self, bank: Bank, rules: Rules, stream: BinaryIO) -> int:
        """Write the steps of each good row; return how many rows were bad."""
        people = traces.patterns(bank, rows.read(stream))
        out = csv.writer(self.stdout, lineterminator="\n")
        bad = 0
        with tables.reader_may_leave():
            out.writerow(traces.COLUMNS)
            for line, person in people:
                if isinstance(person, rows.BadRow):
                    bad += 1
                    self.stderr.write(str(person))
                else:
                    out.writerows(traces.steps(bank, rules, person))
                self._show_progress(line)
        return bad

    def _show_progress(self, line: int) -> None:
        if line % SHOWN_EVERY == 0 and self.stderr.isatty():
            self.stderr.write(f"\r{line:,} people", style_func=str, ending="")


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with open(name, "rb") as file:
            yield file
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error
