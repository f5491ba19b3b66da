"""Load the demonstration's registers, people and history, once."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from surveys.demonstration import loading


class Command(BaseCommand):
    help = "Load the demonstration unless it is loaded, and describe it in demo.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / ".local")

    def handle(self, **options: Any) -> None:
        loading.load(options["folder"], now=timezone.now())
