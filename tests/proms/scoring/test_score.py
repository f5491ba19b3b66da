import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.instruments import library
from proms.instruments.answers import InvalidAnswer
from proms.scoring.score import score


def complete(definition):
    """An answer to every item: the second option, or the middle of the range."""
    return {item.code: _answer(item) for item in definition.items}


def _answer(item):
    if item.kind == "single":
        return item.options[1].code
    if item.kind == "multiple":
        return (item.options[0].code,)
    if item.kind in ("number", "vas"):
        return (item.number.minimum + item.number.maximum) // 2
    return "2026-01-31" if item.kind == "date" else "words"


@pytest.mark.parametrize("code", library.codes())
def test_complete_answers_give_every_score_within_its_limits(code):
    definition = library.get(code)

    for made in score(definition, complete(definition)):
        scale = definition.scales_by_code[made.scale]
        if made.reason != "no_swedish_set":
            assert made.value is not None, made
        if isinstance(made.value, float):
            assert scale.minimum is None or scale.minimum <= made.value
            assert scale.maximum is None or made.value <= scale.maximum


@pytest.mark.parametrize("code", library.codes())
def test_no_answers_give_no_score_and_say_why(code):
    for made in score(library.get(code), {}):
        assert made.value is None
        assert made.standard_error is None
        assert made.reason in ("missing", "no_swedish_set")


@pytest.mark.parametrize("code", library.codes())
def test_each_single_missing_answer_leaves_a_score_or_a_reason(code):
    definition = library.get(code)

    for item in definition.items:
        answers = complete(definition)
        del answers[item.code]
        for made in score(definition, answers):
            assert (made.value is None) == bool(made.reason), (item.code, made)


@pytest.mark.parametrize("code", library.codes())
def test_every_score_names_instrument_and_version(code):
    definition = library.get(code)

    for made in score(definition, complete(definition)):
        assert (made.instrument, made.version) == (definition.code, definition.version)


@pytest.mark.parametrize("code", library.codes())
def test_answers_that_were_stored_and_read_back_give_the_same_scores(code):
    definition = library.get(code)
    answers = complete(definition)

    stored = json.loads(json.dumps(answers))

    assert score(definition, stored) == score(definition, answers)


@given(st.dictionaries(st.sampled_from([f"PHQ{n}" for n in range(1, 10)]), st.sampled_from("0123")))
def test_a_score_stays_within_its_scale_whatever_is_answered(answers):
    (total,) = score(library.get("phq-9"), answers)

    assert total.value is None or 0 <= total.value <= 27


def test_an_unknown_item_is_refused():
    with pytest.raises(InvalidAnswer, match="XX: no such item"):
        score(library.get("phq-9"), {"XX": "1"})


def test_scoring_needs_no_django():
    code = "import sys, proms.scoring.score; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
