import json

import numpy as np
import pytest

from proms.instruments import documents, library
from proms.scoring import tscores
from proms.scoring.score import score

# The published raw-score tables (HealthMeasures scoring manuals), raw sums 8 to 40.
ANXIETY_8A = """37.1 43.2 45.9 47.8 49.4 50.8 52.1 53.2 54.3 55.4 56.4 57.4 58.4 59.4 60.4 61.4
    62.5 63.5 64.5 65.6 66.6 67.7 68.7 69.8 70.8 71.9 73.0 74.1 75.4 76.7 78.2 80.0 83.1"""
DEPRESSION_8A = """38.2 44.7 47.5 49.4 50.9 52.1 53.2 54.1 55.1 55.9 56.8 57.7 58.5 59.4 60.3 61.2
    62.1 63.0 63.9 64.9 65.8 66.8 67.7 68.7 69.7 70.7 71.7 72.8 73.9 75.0 76.4 78.2 81.3"""
DEPRESSION_8A_SE = """5.7 3.3 2.7 2.3 2.0 1.9 1.8 1.8 1.7 1.7 1.7 1.7 1.7 1.7 1.7 1.7 1.8 1.8 1.8
    1.8 1.8 1.8 1.8 1.8 1.8 1.8 1.8 1.8 1.8 1.9 2.0 2.4 3.4"""

FORM = library.get("promis-anxiety-4a")


def converted(code):
    pairs = tscores.conversion(library.get(code), "t_sum")
    return [round(tscores.to_t(theta), 1) for theta, _ in pairs], [
        round(10 * se, 1) for _, se in pairs
    ]


def figures(text):
    return [float(figure) for figure in text.split()]


@pytest.mark.parametrize(
    ("code", "table"),
    [("promis-anxiety-8a", ANXIETY_8A), ("promis-depression-8a", DEPRESSION_8A)],
)
def test_sum_scores_convert_exactly_as_published(code, table):
    assert converted(code)[0] == figures(table)


def test_standard_errors_of_sum_scores_are_those_published():
    assert converted("promis-depression-8a")[1] == figures(DEPRESSION_8A_SE)


def test_a_short_form_has_a_t_score_by_sum_and_by_pattern():
    by_sum, by_pattern = score(FORM, dict.fromkeys(FORM.items_by_code, "3"))

    assert (by_sum.scale, by_pattern.scale) == ("t_sum", "t")
    assert by_pattern.standard_error < 5
    assert by_sum.value == pytest.approx(by_pattern.value, abs=3)
    assert by_pattern.set_id == "promis-anxiety-1.0-en"


def test_a_sum_score_needs_every_answer():
    answers = dict.fromkeys(FORM.items_by_code, "3") | {"EDANX01": None}

    by_sum, _ = score(FORM, answers)

    assert (by_sum.value, by_sum.reason) == (None, "missing")


@pytest.mark.parametrize(("answered", "reason"), [(8, ""), (4, ""), (3, "too_few"), (0, "missing")])
def test_a_pattern_score_needs_four_answers(answered, reason):
    form = library.get("promis-anxiety-8a")
    answers = {item.code: "2" for item in form.items[:answered]}

    by_pattern = score(form, answers)[1]

    assert by_pattern.reason == reason


def test_fewer_answers_leave_more_uncertainty():
    form = library.get("promis-anxiety-8a")
    some = {item.code: "3" for item in form.items[:4]}
    all_of_them = {item.code: "3" for item in form.items}

    assert score(form, some)[1].standard_error > score(form, all_of_them)[1].standard_error


def test_reversed_items_count_the_other_way():
    bank = library.get("synthetic-function")
    reversed_items = ["SYN21", "SYN22", "SYN23", "SYN24"]

    low, high = (
        score(bank, dict.fromkeys(reversed_items, option))[0].value for option in ("5", "1")
    )

    assert low < 50 < high


def test_collapsed_options_count_alike():
    bank = library.get("synthetic-function")
    others = {"SYN01": "3", "SYN02": "3", "SYN03": "3"}

    four, five = (score(bank, others | {"SYN25": option}) for option in "45")

    assert four == five


def test_a_language_with_its_own_parameters_is_scored_with_them():
    document = documents.write(library.get("promis-anxiety-4a"))
    general = document["bank"]["parameter_sets"][0]["items"]["EDANX01"]
    document["bank"]["parameter_sets"].append(
        {
            "id": "promis-anxiety-sv",
            "language": "sv",
            "items": {"EDANX01": {**general, "discrimination": 1.0}},
        }
    )
    definition = documents.read(json.loads(json.dumps(document)))
    answers = dict.fromkeys(definition.items_by_code, "3") | {"EDANX01": "5"}

    swedish, english = (score(definition, answers, language=lang)[1] for lang in ("sv", "en"))

    assert (swedish.set_id, english.set_id) == ("promis-anxiety-sv", "promis-anxiety-1.0-en")
    assert swedish.value != english.value


def test_many_people_are_scored_as_one_by_one():
    answers = np.array([[1, 1, 1, 1], [5, 4, 3, 2], [2, 2, 2, 0]])

    t, se = tscores.pattern_values(FORM, answers)

    for row, (value, error) in enumerate(zip(t[:2], se[:2], strict=True)):
        one = score(FORM, dict(zip(FORM.items_by_code, map(str, answers[row]), strict=True)))[1]
        assert (one.value, one.standard_error) == pytest.approx((value, error), abs=1e-9)
    assert np.isnan(t[2])
    assert np.isnan(se[2])
