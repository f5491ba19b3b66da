from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.instruments import library
from proms.scoring import change
from proms.scoring.change import Measured, Word

ANXIETY = library.get("promis-anxiety").scales_by_code["t"]
FUNCTION = library.get("synthetic-function").scales_by_code["t"]
VAS = library.get("eq5d-5l").scales_by_code["vas"]
PROFILE = library.get("eq5d-5l").scales_by_code["profile"]


def changed(scale, before, after, se=3.0):
    return change.change(
        scale, scale.mics, baseline=Measured(before, se), latest=Measured(after, se)
    )


# MIC 4 and s = 2: each edge of the rule, once below and once on it.
@pytest.mark.parametrize(
    ("difference", "error", "word"),
    [
        (4.0, 2.0, Word.CLEARLY_BETTER),
        (-4.0, 2.0, Word.CLEARLY_WORSE),
        (4.0, 4.0 / 1.96, Word.CLEARLY_BETTER),
        (4.0, 2.05, Word.PROBABLY_BETTER),
        (-4.0, 4.0, Word.PROBABLY_WORSE),
        (4.0, 4.1, Word.UNCERTAIN),
        (3.9, 0.05, Word.UNCHANGED),
        (3.9, 0.1, Word.UNCERTAIN),
        (0.0, 3.9, Word.UNCHANGED),
        (0.0, 4.0, Word.UNCERTAIN),
        (0.1 + 0.2 + 3.7, 1.0, Word.CLEARLY_BETTER),
    ],
)
def test_the_word_follows_size_and_certainty(difference, error, word):
    assert change.word_for(difference, error, mic=4.0, smallest=4.0) == word


def test_a_falling_symptom_score_is_better():
    found = changed(ANXIETY, before=65.0, after=55.0, se=2.0)

    assert found.difference == 10.0
    assert found.word == Word.CLEARLY_BETTER


def test_a_rising_function_score_is_better():
    assert changed(FUNCTION, before=40.0, after=50.0, se=2.0).word == Word.CLEARLY_BETTER


def test_the_interval_is_two_standard_errors_of_the_difference_wide():
    low, high = changed(ANXIETY, before=60.0, after=55.0).interval

    assert (low + high) / 2 == pytest.approx(5.0)
    assert (high - low) / 2 == pytest.approx(8.3, abs=0.05)


def test_the_mic_is_that_of_the_changes_direction():
    better = changed(FUNCTION, before=50.0, after=53.5, se=1.0)
    worse = changed(FUNCTION, before=53.5, after=50.0, se=1.0)

    assert (better.mic.value, better.word) == (3.0, Word.CLEARLY_BETTER)
    assert (worse.mic.value, worse.word) == (4.0, Word.UNCERTAIN)


def test_unchanged_is_judged_by_the_smaller_mic():
    # Worse by 2.5 with s = 0.71: under the MIC for worse (4), not safely under that for better (3).
    assert changed(FUNCTION, before=52.5, after=50.0, se=0.5).word == Word.UNCERTAIN


def test_a_scale_without_standard_errors_gets_no_word():
    vas = replace(VAS, mics=FUNCTION.mics)

    found = changed(vas, before=50.0, after=80.0, se=None)

    assert (found.difference, found.mic.value) == (30.0, 3.0)
    assert (found.interval, found.word) == (None, None)


def test_without_a_mic_there_is_no_word_but_an_interval():
    found = changed(replace(ANXIETY, mics=()), before=60.0, after=40.0)

    assert found.word is None
    assert found.interval is not None


def test_a_mic_of_the_other_direction_is_none_for_this_one():
    better_only = replace(FUNCTION, mics=FUNCTION.mics[:1])

    assert changed(better_only, before=60.0, after=40.0).word is None
    assert changed(better_only, before=40.0, after=60.0).word is Word.CLEARLY_BETTER


def test_mics_are_chosen_by_population_and_intervention():
    surgery = replace(FUNCTION.mics[0], population="hips", intervention="surgery")
    scale = replace(FUNCTION, mics=(*FUNCTION.mics, surgery))

    assert change.fitting(scale, population="hips") == (surgery,)
    assert change.fitting(scale, population="knees") == ()
    assert change.fitting(scale) == scale.mics


def test_a_scale_that_has_no_better_has_no_change():
    with pytest.raises(change.NoDirection):
        changed(PROFILE, before=1.0, after=2.0)


@given(st.floats(20, 80), st.floats(20, 80), st.floats(0.5, 6))
def test_there_and_back_are_opposite_words(first, second, se):
    opposite = {
        Word.CLEARLY_BETTER: Word.CLEARLY_WORSE,
        Word.PROBABLY_BETTER: Word.PROBABLY_WORSE,
        Word.CLEARLY_WORSE: Word.CLEARLY_BETTER,
        Word.PROBABLY_WORSE: Word.PROBABLY_BETTER,
    }

    there, back = changed(ANXIETY, first, second, se), changed(ANXIETY, second, first, se)

    assert back.word == opposite.get(there.word, there.word)
