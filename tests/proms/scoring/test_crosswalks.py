import pytest

from proms.scoring import crosswalks, states, value_sets


# The published UK table of the crosswalk: van Hout 2012, doi 10.1016/j.jval.2012.02.008
@pytest.mark.parametrize(
    ("state", "published"),
    [
        ("11111", 1.000),
        ("21111", 0.877),
        ("12111", 0.846),
        ("11211", 0.906),
        ("11121", 0.837),
        ("11112", 0.879),
        ("55555", -0.594),
    ],
)
def test_a_5l_profile_has_its_published_value_by_the_uk_3l_set(state, published):
    table = crosswalks.table_5l("3l-uk-tto")

    assert table[states.number(states.parse(state, 5), 5)] == pytest.approx(published, abs=1e-3)


def test_a_5l_profile_between_3l_levels_is_valued_between_them():
    table = crosswalks.table_5l("3l-sweden-tto")

    assert 0.3402 < table[states.number([4, 4, 4, 4, 4], 5)] < 0.9694


def test_likely_levels_are_chances():
    # van Hout & Shaw 2021, doi 10.1016/j.jval.2021.03.009
    up, down = crosswalks.five_level_chances(), crosswalks.three_level_chances()

    assert up.min() >= 0
    assert up.sum(axis=2) == pytest.approx(1.0)
    assert down.sum(axis=1) == pytest.approx(1.0)


def test_the_way_up_is_the_mean_over_all_5l_states():
    state = states.number([1, 2, 3, 2, 1], 3)
    chances = crosswalks.five_level_chances()[state]
    by_hand = 0.0
    for five, value in zip(
        states.all_states(5), value_sets.table("5l-sweden-2020-vt"), strict=True
    ):
        chance = 1.0
        for dimension, level in enumerate(five):
            chance *= chances[dimension][level - 1]
        by_hand += chance * value

    assert crosswalks.table_3l("5l-sweden-2020-vt")[state] == pytest.approx(by_hand, abs=1e-12)
