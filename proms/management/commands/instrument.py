"""Look at the instrument library, and check definitions; no database."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from proms.instruments import parsing
from proms.instruments.schema import schema


class Command(BaseCommand):
    help = "Prints the schema of instrument definitions, or checks a definition against it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("schema", help="print the JSON Schema of definitions")
        check = actions.add_parser("check", help="say what is wrong with a definition")
        check.add_argument("file", type=Path)

    def handle(self, *args: object, action: str, **options: object) -> None:
        if action == "schema":
            self.stdout.write(json.dumps(schema(), indent=1))
        else:
            self._check(Path(str(options["file"])))

    def _check(self, file: Path) -> None:
        try:
            definition = parsing.parse(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except parsing.InvalidDefinition as error:
            raise CommandError(str(error)) from error
        items, scales = len(definition.items), len(definition.scales)
        self.stdout.write(f"{definition.code} {definition.version}: {items} items, {scales} scales")
