"""Load the demonstration's registers, people and history, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from surveys.demonstration import loading


class Command(BaseCommand):
    help = "Load the demonstration unless it is loaded, and write .local/demo.json."

    def handle(self, **options: Any) -> None:
        loading.load(settings.BASE_DIR / ".local", now=timezone.now())
