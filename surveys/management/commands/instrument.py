"""The instrument library from a terminal: check, export, import, licensed wording, screens."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.test import RequestFactory
from django.utils import timezone

from proms import adopting, licensing
from proms.instruments import formats, incoming, library, parsing, wordings
from proms.instruments.definition import Definition
from proms.instruments.schema import schema
from proms.models import Instrument, Licence, Mode
from surveys.library import printing, screens

REFUSALS = (
    parsing.InvalidDefinition,
    incoming.InvalidFile,
    wordings.InvalidWording,
    adopting.NotTaken,
)


class Command(BaseCommand):
    help = "Checks, exports and imports instruments; takes in licensed wording; prints screens."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("schema", help="print the JSON Schema of definitions")
        check = actions.add_parser("check", help="say what is wrong with a definition")
        check.add_argument("file", type=Path)
        self._add_export(actions.add_parser("export", help="write an instrument in a format"))
        self._add_import(actions.add_parser("import", help="store an instrument of your own"))
        self._add_text(actions.add_parser("import-text", help="store licensed wording"))
        self._add_screens(actions.add_parser("screens", help="every screen, phone and desktop"))

    def _add_export(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", help="such as eq5d-5l")
        parser.add_argument("--format", required=True, choices=formats.FORMATS, dest="form")
        parser.add_argument("--language", default="sv", help="for formats of one language")
        parser.add_argument("--out", type=Path, help="a file (default: stdout)")

    def _add_import(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=formats.READABLE, dest="form")
        for name in ("code", "name", "version", "holder", "language"):
            parser.add_argument(f"--{name}", default="", dest=f"own_{name}")
        parser.add_argument(
            "--wording",
            choices=["own", "demonstration"],
            default="",
            help="own: the words are yours to publish, where the file does not say",
        )
        parser.add_argument("--check", action="store_true", help="store nothing")

    def _add_text(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", help="such as EQ-5D-5L")
        parser.add_argument("language", help="such as sv")
        parser.add_argument("file", type=Path, help="CSV or Excel: item, option, part, text")
        parser.add_argument("--licence", required=True, help="the licence's reference")
        parser.add_argument("--until", type=date.fromisoformat, help="its last day, YYYY-MM-DD")
        parser.add_argument("--mode", choices=Mode.values, default=Mode.SELF.value)
        parser.add_argument(
            "--covers",
            nargs="+",
            choices=Licence.Scope.values,
            help="what the licence covers (default: all that the instrument needs)",
        )

    def _add_screens(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", help="such as EQ-5D-5L")
        parser.add_argument("language", help="such as sv")
        parser.add_argument("--out", type=Path, required=True, help="the PDF to write")
        parser.add_argument(
            "--text", type=Path, help="wording to show without storing it, as import-text reads it"
        )

    def handle(self, *args: object, action: str, **options: Any) -> None:
        try:
            getattr(self, f"_{action.replace('-', '_')}")(**options)
        except library.UnknownInstrument as error:
            known = ", ".join(library.codes())
            raise CommandError(f"There is no instrument {error}; there are {known}.") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except REFUSALS as error:
            raise CommandError(str(error)) from error
        except licensing.NothingToLicense as error:
            raise CommandError(f"The words of {error} are our own: it has none to take.") from error
        except printing.NoBrowser as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(
                "No database answers: start it (make demo does), or set WORKER_DATABASE_URL."
            ) from error

    def _schema(self, **options: Any) -> None:
        self.stdout.write(json.dumps(schema(), indent=1))

    def _check(self, *, file: Path, **options: Any) -> None:
        self._sum_up(parsing.parse(file.read_bytes()))

    def _export(
        self, *, instrument: str, form: str, language: str, out: Path | None, **options: Any
    ) -> None:
        export = formats.FORMATS[form].write(library.get(instrument), language)
        if out is None:
            sys.stdout.buffer.write(export.content)
        else:
            out.write_bytes(export.content)
        for part in export.left_out:
            note = "kept in an extension that only Utfall reads" if form == "fhir" else "left out"
            self.stderr.write(f"{part}: {note}")

    def _import(self, *, file: Path, form: str, check: bool, **options: Any) -> None:
        said = {
            name.removeprefix("own_"): value
            for name, value in options.items()
            if value and (name.startswith("own_") or name == "wording")
        }
        definition = formats.read(file.read_bytes(), form, **said)
        if not check:
            adopting.take_in(definition)
        self._sum_up(definition)

    def _import_text(
        self, *, instrument: str, language: str, file: Path, licence: str, **options: Any
    ) -> None:
        covers = options["covers"]
        scopes = None if covers is None else tuple(map(Licence.Scope, covers))
        version = licensing.import_wording(
            instrument,
            file.read_bytes(),
            language=language,
            mode=Mode(options["mode"]),
            grant=licensing.Grant(licence, options["until"], scopes),
        )
        self.stdout.write(f"{version}: licence {licence}, SHA-256 {version.sha256}")

    def _screens(
        self, *, instrument: str, language: str, out: Path, text: Path | None, **options: Any
    ) -> None:
        definition = self._to_show(instrument, language, text)
        if language not in definition.languages:
            raise CommandError(
                f"{definition.name} has no text in {language}; take it in with import-text."
            )
        request = RequestFactory().get("/")
        drawn = list(screens.drawn(definition, language=language, request=request, whole=True))
        title = f"{definition.name} {definition.version} ({language})"
        facts = [
            definition.licence.holder,
            f"Wording: {definition.licence.wording} {definition.licence.reference}".strip(),
            f"Printed {timezone.localdate()}, {len(drawn)} screens at 390 and 1280 pixels.",
        ]
        out.write_bytes(printing.pdf(drawn, title=title, facts=facts, language=language))
        self.stdout.write(f"{out}: {len(drawn)} screens, phone and desktop")

    def _to_show(self, instrument: str, language: str, text: Path | None) -> Definition:
        """Return the words of a file, or the stored version that would be asked, or the library's.

        The library's are shown where no database can be reached: nothing was ever stored there.
        """
        if text is not None:
            grant = licensing.Grant("under review")
            content = text.read_bytes()
            return licensing.preview(
                instrument, content, language=language, mode=Mode.SELF, grant=grant
            )
        return _stored(instrument, language) or library.get(instrument)

    def _sum_up(self, definition: Definition) -> None:
        items, scales = len(definition.items), len(definition.scales)
        summary = f"{definition.code} {definition.version}: {items} items, {scales} scales"
        self.stdout.write(summary)


def _stored(instrument: str, language: str) -> Definition | None:
    """Return the stored words that would be asked; None without any, or without a database."""
    code = library.get(instrument).code if _shipped(instrument) else instrument
    try:
        found = Instrument.objects.filter(code=code).first()
    except OperationalError:
        return None
    if found is None:
        return None
    today = timezone.localdate()
    return adopting.definition_of(licensing.version_to_ask(found, language=language, today=today))


def _shipped(instrument: str) -> bool:
    try:
        return bool(library.get(instrument))
    except library.UnknownInstrument:
        return False
