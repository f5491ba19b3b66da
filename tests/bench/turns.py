"""Answer steps through Django's test client: `python -m tests.bench.turns FILE CODE CODE`.

As the role web; a step in the one instrument, and the same step in the other, as long as the
shorter lasts. Writes how many milliseconds each POST and the GET after it took.
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
from tests.factories import make_number, make_open_occasion, make_survey, make_survey_version

PEOPLE, WARMING = 40, 5
# The healthiest answer throughout: under the standard rules the test is as long as can be.
ANSWER = {"answer": "1", "revision": "0"}


def main(file: Path, codes: Sequence[str]) -> None:
    with transaction.atomic():
        access.begin()
        asked = {code: _occasions(code, place * PEOPLE) for place, code in enumerate(codes)}
    turns = []
    for number in range(PEOPLE):
        # Who is first in each turn changes.
        order = codes if number % 2 else codes[::-1]
        walks = [_durations(asked[code][number]) for code in order]
        taken = [dict(zip(order, turn, strict=True)) for turn in zip(*walks, strict=False)]
        turns += taken if number >= WARMING else []
    file.write_text(json.dumps(turns))


def _occasions(code: str, first: int) -> list[Occasion]:
    survey, now = make_survey(instruments=(code,)), timezone.now()
    survey.instruments.update(rule="standard")
    version = make_survey_version(survey)
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
