import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.instruments import library
from proms.scoring import eq5d
from proms.scoring.score import CannotScore, score

FIVE = library.get("eq5d-5l")
YOUTH = library.get("eq5d-y-3l")
ITEMS = ("MO", "SC", "UA", "PD", "AD")
PROFILES = st.lists(st.tuples(*[st.integers(1, 5)] * 5), min_size=1, max_size=20)


def scores(definition, state, **options):
    answers = dict(zip(ITEMS, state, strict=False))
    return {made.scale: made for made in score(definition, answers, **options)}


def test_a_complete_profile_has_every_score_but_the_vas():
    made = scores(FIVE, "12345")

    values = {name: result.value for name, result in made.items()}

    assert values["profile"] == "12345"
    assert values["lss"] == 15
    assert values["lfs"] == "11111"
    assert values["index"] == pytest.approx(0.4972)
    assert values["vas"] is None


def test_level_frequencies_keep_their_leading_zeros():
    assert scores(FIVE, "55555")["lfs"].value == "00005"
    assert scores(library.get("eq5d-3l"), "33333")["lfs"].value == "005"


def test_the_best_state_is_not_one_in_experience_based_sets():
    assert scores(FIVE, "11111")["index"].value == pytest.approx(0.9755)


@pytest.mark.parametrize("item", ITEMS)
def test_one_missing_answer_leaves_no_profile_sum_or_index(item):
    answers = dict.fromkeys(ITEMS, "1") | {item: None, "VAS": 80}

    made = {result.scale: result for result in score(FIVE, answers)}

    for name in ("profile", "lss", "lfs", "index"):
        assert (made[name].value, made[name].reason) == (None, "missing")
    assert made["vas"].value == 80


def test_the_vas_is_an_answer_of_its_own_never_derived():
    assert scores(FIVE, "11111")["vas"].reason == "missing"


def test_an_index_names_its_set_and_instrument_version():
    index = scores(FIVE, "11111")["index"]

    assert (index.set_id, index.instrument, index.version) == (
        "5l-sweden-2020-vt",
        "eq5d-5l",
        FIVE.version,
    )


def test_several_sets_give_an_index_each():
    made = score(
        FIVE,
        dict(zip(ITEMS, "12345", strict=True)),
        value_sets=[
            "5l-sweden-2022-vt",
            "5l-germany-vt",
        ],
    )

    indices = [result for result in made if result.scale == "index"]
    assert [(index.set_id, index.mark) for index in indices] == [
        ("5l-sweden-2022-vt", ""),
        ("5l-germany-vt", "disputed"),
    ]


def test_a_youth_profile_has_no_index_until_a_set_is_named():
    without = scores(YOUTH, "12321")["index"]
    named = scores(YOUTH, "12321", value_sets=["y3l-germany-ivp"])["index"]

    assert (without.value, without.reason) == (None, "no_swedish_set")
    assert isinstance(named.value, float)


def test_a_set_of_another_instrument_is_refused():
    with pytest.raises(CannotScore, match="is for EQ-5D-5L"):
        scores(YOUTH, "11111", value_sets=["5l-sweden-2020-vt"])


@given(PROFILES)
def test_many_profiles_are_valued_as_one_by_one(profiles):
    together = eq5d.index_values(np.array(profiles), "5l-sweden-2020-vt")

    one_by_one = [scores(FIVE, map(str, profile))["index"].value for profile in profiles]
    assert together.tolist() == one_by_one


@given(PROFILES, st.randoms(use_true_random=False))
def test_permuting_rows_changes_no_value(profiles, random):
    order = list(range(len(profiles)))
    random.shuffle(order)
    levels = np.array(profiles)

    values = eq5d.index_values(levels, "5l-sweden-2022-vt")

    assert eq5d.index_values(levels[order], "5l-sweden-2022-vt").tolist() == values[order].tolist()


@given(st.permutations([*zip(ITEMS, "21354", strict=True), ("VAS", 55)]))
def test_the_order_of_answers_changes_no_score(answers):
    in_order = dict(zip(ITEMS, "21354", strict=True)) | {"VAS": 55}

    assert score(FIVE, dict(answers)) == score(FIVE, in_order)
