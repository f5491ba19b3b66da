"""Study a bank's adaptive tests, on simulated people or on real full patterns; no database."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from proms.adaptive import plots, recovery
from proms.adaptive.banks import Bank
from proms.adaptive.recovery import Tables
from proms.adaptive.stopping import NAMED
from proms.management import adaptive_options, tables
from proms.scoring import rows, samples
from proms.scoring.samples import Sample

MOST_PEOPLE = 1_000_000
BAR = 40


class Command(BaseCommand):
    help = (
        "Compares adaptive tests under several rules with each other, the short forms and the "
        "whole bank: recovery, length, floor and ceiling, exposure, information. One CSV of all "
        "figures on stdout, or a folder of tables and plots."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        adaptive_options.add_bank(parser)
        adaptive_options.add_limits(parser)
        parser.add_argument("-n", "--people", type=int, default=1000, help="simulated people")
        parser.add_argument("--seed", type=int, default=1, help="of the simulation")
        parser.add_argument("--mean", type=float, default=50.0, help="their mean T")
        parser.add_argument("--sd", type=float, default=10.0, help="their SD of T")
        parser.add_argument(
            "--responses", type=Path, help="real full patterns, as `cat` reads them"
        )
        parser.add_argument(
            "--rule", action="append", choices=list(NAMED), help="may be repeated; else all"
        )
        parser.add_argument("--out", type=Path, help="folder for tables and plots")

    def handle(self, *args: object, **options: object) -> None:
        definition = adaptive_options.definition_of(options)
        assert definition.bank is not None
        bank = adaptive_options.bank_of(definition, options)
        chosen = options["rule"] or list(NAMED)
        rules = [
            adaptive_options.rules_of(definition, name, options)
            for name in chosen  # type: ignore[attr-defined]
        ]
        sample = self._sample(bank, options)
        figures = recovery.compare(
            bank,
            rules,
            sample.patterns,
            short_forms=definition.bank.short_forms,
            reference=sample.reference,
            progress=self._bar(len(rules) * len(sample.patterns)),
        )
        self._write(figures, options["out"])  # type: ignore[arg-type]

    def _sample(self, bank: Bank, options: dict[str, object]) -> Sample:
        if options["responses"]:
            return self._real(bank, Path(str(options["responses"])))
        people, sd = int(str(options["people"])), float(str(options["sd"]))
        if not 1 <= people <= MOST_PEOPLE or sd < 0:
            raise CommandError(f"-n is 1 to {MOST_PEOPLE:,}, and --sd is not below 0.")
        seed, mean = int(str(options["seed"])), float(str(options["mean"]))
        return samples.simulated(bank, people=people, seed=seed, mean=mean, sd=sd)

    def _real(self, bank: Bank, file: Path) -> Sample:
        """Return the patterns of a file that lack no answer."""
        try:
            with file.open("rb") as stream:
                sample = samples.real(bank, stream)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except rows.BadRow as error:
            raise CommandError(f"{file}: {error}") from error
        except samples.NobodyWhole as error:
            raise CommandError("Nobody in the file has answered every item.") from error
        if sample.left_out:
            everybody = len(sample.patterns) + sample.left_out
            note = f"Note: left out {sample.left_out} of {everybody} people, who skipped an item."
            self.stderr.write(note, style_func=str)
        return sample

    def _bar(self, total: int) -> Callable[[int], None] | None:
        """Return a progress bar, if anyone is looking."""
        if not self.stderr.isatty():
            return None

        def show(done: int) -> None:
            filled = BAR * done // total
            bar = "#" * filled + "." * (BAR - filled)
            end = "\n" if done == total else ""
            self.stderr.write(f"\r[{bar}] {done:,} of {total:,} tests", style_func=str, ending=end)

        return show

    def _write(self, figures: Tables, out: Path | None) -> None:
        if out is None:
            with tables.reader_may_leave():
                tables.write_long(self.stdout, figures)  # type: ignore[arg-type]
            return
        try:
            out.mkdir(parents=True, exist_ok=True)
            tables.write_each(out, figures)
            for name, drawing in plots.charts(figures).items():
                (out / name).write_text(drawing, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
        self.stdout.write(f"{len(figures)} tables and their plots are in {out}.")
