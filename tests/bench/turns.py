"""Answer steps through Django's test client: `python -m tests.bench.turns FILE CODE CODE`.

As the role web; one person answers one instrument, the next the other. Writes how many
milliseconds each POST and the GET after it took, by instrument.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ["DATABASE_ROLE"] = "web"
    django.setup()

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proms import access
from surveys.models import Occasion
from tests.bench import steps
from tests.factories import make_number, make_open_occasion, make_survey_version

PEOPLE, WARMING = 40, 5
# The healthiest answer throughout: a test goes on to its twelfth item, and replays grow longest.
ANSWER = {"answer": "1", "revision": "0"}


def main(file: Path, codes: Sequence[str]) -> None:
    with transaction.atomic():
        access.begin()
        asked = {code: _occasions(code, place * PEOPLE) for place, code in enumerate(codes)}
    took: dict[str, list[float]] = {code: [] for code in codes}
    for number in range(PEOPLE):
        for code in codes:
            durations = list(_durations(asked[code][number]))
            took[code] += durations if number >= WARMING else []
    file.write_text(json.dumps(took))


def _occasions(code: str, first: int) -> list[Occasion]:
    version, now = make_survey_version(instruments=(code,)), timezone.now()
    numbers = map(make_number, range(first, first + PEOPLE))
    return [
        make_open_occasion(version, now=now, date=now.date(), person_id=number)
        for number in numbers
    ]


def _durations(occasion: Occasion) -> Iterator[float]:
    """Answer question by question until the review; return the milliseconds of each step."""
    with transaction.atomic():
        access.begin()
        cookies = steps.cookies(occasion)
    client = Client(headers={"host": "127.0.0.1", "cookie": cookies})
    review = reverse("pages:review", args=[occasion.pk])
    path = client.post(reverse("pages:start", args=[occasion.pk]))["Location"]
    while True:
        started = time.perf_counter()
        following = client.post(path, ANSWER)["Location"]
        page = client.get(following)
        took = time.perf_counter() - started
        if page.status_code != 200:
            raise SystemExit(f"{path}: {following}: {page.status_code}")
        if following.startswith(review):
            return
        yield took * 1000
        path = following.partition("?")[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
