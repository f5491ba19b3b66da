"""Answer steps, ready to be sent: `python -m tests.bench.steps FOLDER RECORDED`, as the role web.

Writes `steps.tsv`, which answering.lua sends, and `bare.json`: the same kind of step as the SQL
that it ran and the page that it led to. Cookies are made by the functions that make real ones.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ["DATABASE_ROLE"] = "web"
    django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proms import access
from surveys import answering
from surveys.links import Level
from surveys.models import Occasion
from surveys.pages import sessions

INSTRUMENT = "eq5d-5l"
ITEMS = ("MO", "SC", "UA", "PD", "AD", "VAS")
VALUES = "12345"
CSRF = "a" * 32


@dataclass(frozen=True)
class Step:
    """One answer, and the question that follows."""

    occasion: Occasion
    cookies: str
    item: str
    value: str

    @property
    def post(self) -> str:
        return self._path(self.item)

    @property
    def get(self) -> str:
        return self._path(ITEMS[ITEMS.index(self.item) + 1]) + "?saved"

    @property
    def body(self) -> str:
        return f"csrfmiddlewaretoken={CSRF}&revision=0&answer={self.value}"

    def _path(self, item: str) -> str:
        return reverse("pages:question", args=[self.occasion.pk, INSTRUMENT, item])


def main(folder: Path, recorded: int) -> None:
    with transaction.atomic():
        access.begin()
        entered = [(occasion, cookies(occasion)) for occasion in Occasion.objects.order_by("pk")]
    bare = [_record(step) for step in _steps(entered[:recorded], ITEMS[:1], VALUES[:1])]
    (folder / "bare.json").write_text(json.dumps(bare))
    with (folder / "steps.tsv").open("w") as file:
        for step in _steps(entered[recorded:], ITEMS[:-1], VALUES):
            file.write(f"{step.post}\t{step.cookies}\t{step.body}\t{step.get}\n")


def cookies(occasion: Occasion) -> str:
    """Let the patient in, and return what the browser would hold."""
    now = timezone.now()
    session = answering.enter(occasion.pk, level=Level.STRONG, language="sv", now=now)
    held = {sessions.KEPT: sessions.Held(session, now).to_cookie(), settings.CSRF_COOKIE_NAME: CSRF}
    return "; ".join(f"{name}={value}" for name, value in held.items())


def _steps(
    entered: Sequence[tuple[Occasion, str]], items: Sequence[str], values: str
) -> Iterator[Step]:
    """Return steps in an order in which none repeats an answer that stands."""
    for value in values:
        for item in items:
            for occasion, cookies in entered:
                yield Step(occasion, cookies, item, value)


def _record(step: Step) -> dict[str, object]:
    """Take one step as the browser would, and return its SQL and the page."""
    client = Client(headers={"host": "127.0.0.1", "cookie": step.cookies})
    form = "application/x-www-form-urlencoded"
    with CaptureQueriesContext(connection) as posted:
        answer = client.post(step.post, step.body, content_type=form)
    with CaptureQueriesContext(connection) as shown:
        page = client.get(step.get)
    if (answer.status_code, page.status_code) != (302, 200):
        raise SystemExit(f"{step.post}: {answer.status_code}, {step.get}: {page.status_code}")
    return {"post": _sql(posted), "get": _sql(shown), "page": page.content.decode()}


def _sql(captured: CaptureQueriesContext) -> list[str]:
    statements = [query["sql"] for query in captured.captured_queries]
    return [each for each in statements if each.strip("; ") not in ("BEGIN", "COMMIT")]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
