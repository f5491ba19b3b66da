import json
from datetime import UTC, datetime

import pytest

from proms import person_ids
from proms.models import Patient, Record, Score, Staff
from surveys.demonstration import loading
from surveys.models import Enrolment, Occasion

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(tmp_path, settings):
    settings.ALLOW_DEMONSTRATION_WORDING = True
    loading.load(tmp_path, now=NOW)
    return tmp_path


def test_history_ends_in_records_of_both_holders_with_scores(loaded):
    answered = Record.objects.with_answers()

    assert (
        answered.filter(register=None).count() == answered.filter(care_provider=None).count() > 40
    )
    assert Score.objects.filter(scale="index", value__isnull=False).exists()
    assert Occasion.objects.filter(status="unanswered").exists()


def test_description_lets_a_stranger_begin(loaded):
    described = json.loads((loaded / "demo.json").read_text())

    assert {"web", "inbox", "api_token", "accounts", "survey", "event"} <= set(described)
    assert {"register", "unit", "people"} <= set(described)


def test_twenty_adults_are_left_for_whoever_tries_it(loaded):
    numbers = json.loads((loaded / "demo.json").read_text())["people"]

    ids = [person_ids.parse(number, today=NOW.date()) for number in numbers]

    assert len(set(numbers)) == 20
    assert all(each.age_on(NOW.date()) >= 18 for each in ids)
    assert not any(Patient.objects.with_person_id(each).exists() for each in ids)


def test_loading_again_changes_nothing_but_keeps_the_description(loaded):
    before = Enrolment.objects.count(), (loaded / "demo.json").read_text()

    loading.load(loaded, now=NOW)

    assert (Enrolment.objects.count(), (loaded / "demo.json").read_text()) == before


def test_a_lost_description_gets_new_secrets(loaded):
    (loaded / "demo.json").unlink()
    old = Staff.objects.get(username="clinician").password

    loading.load(loaded, now=NOW)

    assert Staff.objects.get(username="clinician").password != old
