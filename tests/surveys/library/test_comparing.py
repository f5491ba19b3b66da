from dataclasses import replace

import pytest
from django.utils.translation import override

from proms.instruments import library
from surveys.library import comparing

EQ5D = library.get("eq5d-5l")


def test_the_same_definition_has_no_changes():
    assert comparing.changes(EQ5D, EQ5D) == []


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def test_a_question_that_went_and_one_that_came_are_told():
    shorter = replace(EQ5D, items=EQ5D.items[:-1])

    gone = {change.place: change for change in comparing.changes(EQ5D, shorter)}
    come = {change.place: change for change in comparing.changes(shorter, EQ5D)}
    assert gone["VAS: kind of question"].after == "–"
    assert come["VAS: kind of question"].before == "–"
    assert "VAS" in gone["questions"].before


def test_a_long_part_is_cut():
    wordy = replace(EQ5D, introduction={"sv": "x" * 5000})

    (change,) = comparing.changes(EQ5D, wordy)
    assert len(change.after) < 700
