import pytest

from proms.instruments import library
from proms.scoring import prem

PREM = library.get("prem")
PEOPLE = [
    {"respect_1": "5", "respect_2": "5"},
    {"respect_1": "4", "respect_2": "na"},
    {"respect_1": "3"},
    {"respect_1": "na"},
    {},
]


def share(item):
    return next(found for found in prem.shares(PREM, PEOPLE) if found.item == item)


def test_positive_answers_are_shared_among_those_answered():
    # Values 100, 75 and 50; positive from 75 on.
    assert share("respect_1").share_positive == pytest.approx(2 / 3)
    assert share("respect_1").top_box == pytest.approx(1 / 3)


def test_not_relevant_and_blank_are_counted_outside_the_denominator():
    found = share("respect_1")

    assert (found.answered, found.not_applicable, found.blank) == (3, 1, 1)


def test_a_question_that_nobody_answered_has_no_share():
    assert share("overall_1").share_positive is None
    assert share("overall_1").top_box is None


def test_a_dimension_is_the_mean_over_people_who_answered_half():
    respect = next(d for d in prem.dimension_means(PREM, PEOPLE) if d.scale == "respect")

    assert respect.n == 3
    assert respect.mean == pytest.approx((100 + 75 + 50) / 3)


def test_every_dimension_of_swedish_care_is_asked():
    assert {scale.code for scale in PREM.scales} == {
        "emotional_support",
        "participation",
        "respect",
        "continuity",
        "information",
        "accessibility",
        "overall",
    }
