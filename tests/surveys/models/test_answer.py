from datetime import timedelta

import pytest
from django.db import IntegrityError

from surveys.models import Answer
from tests.factories import NOW, make_open_occasion

pytestmark = pytest.mark.django_db


@pytest.fixture
def give():
    occasion = make_open_occasion()
    defaults = {
        "instrument": "eq5d-5l",
        "item": "MO",
        "revision": 1,
        "value": "1",
        "language": "sv",
        "level": "link",
        "session": "s",
        "answered_at": NOW,
    }
    return lambda **fields: occasion.answers.create(**(defaults | fields))


def test_a_revision_is_given_once(give):
    give(replaced_at=NOW)

    with pytest.raises(IntegrityError, match="surveys_answer_one_per_revision"):
        give()


def test_one_answer_stands(give):
    give()

    with pytest.raises(IntegrityError, match="surveys_answer_one_current"):
        give(revision=2)


def test_a_level_is_one_that_is_known(give):
    with pytest.raises(IntegrityError, match="surveys_answer_known_level"):
        give(level="guess")


@pytest.mark.parametrize(
    "change",
    [
        {"value": "2"},
        {"item": "SC"},
        {"instrument": "gad-7"},
        {"revision": 2},
        {"language": "en"},
        {"level": "strong"},
        {"session": "t"},
        {"answered_at": NOW + timedelta(days=1)},
    ],
)
def test_an_answer_never_changes(give, change):
    give()

    with pytest.raises(IntegrityError, match="surveys_answer rows never change"):
        Answer.objects.update(**change)


def test_an_answer_is_replaced_by_another(give):
    first = give()
    Answer.objects.update(replaced_at=NOW)

    second = give(revision=2, value="2")

    assert list(Answer.objects.current()) == [second]
    assert Answer.objects.count() == 2
    assert first.revision == 1
