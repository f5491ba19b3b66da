import numpy as np
import pytest

from proms.scoring import states, value_sets

SETS = value_sets.all_sets()

# Values printed in the papers that the sets come from.
PUBLISHED = [
    # Dolan 1997, doi 10.1097/00005650-199711000-00002
    ("3l-uk-tto", "11111", 1.000),
    ("3l-uk-tto", "21111", 0.850),
    ("3l-uk-tto", "11121", 0.796),
    ("3l-uk-tto", "11223", 0.255),
    ("3l-uk-tto", "21232", 0.088),
    ("3l-uk-tto", "33333", -0.594),
    # Burstrom 2014, doi 10.1007/s11136-013-0496-4
    ("3l-sweden-tto", "11111", 0.9694),
    ("3l-sweden-tto", "33333", 0.3402),
    # Burstrom 2020, doi 10.1007/s40273-020-00905-7
    ("5l-sweden-2020-vt", "11111", 0.9755),
    ("5l-sweden-2020-vt", "55555", 0.2433),
    # Sun 2022, doi 10.1186/s12955-022-02083-w
    ("5l-sweden-2022-vt", "12345", 0.220),
    ("5l-sweden-2022-vt", "55555", -0.314),
    # Devlin 2018, doi 10.1002/hec.3564
    ("5l-england-vt", "55555", -0.285),
]


def value(set_id, state):
    levels = value_sets.LEVELS[SETS[set_id].instrument]
    return value_sets.table(set_id)[states.number(states.parse(state, levels), levels)]


@pytest.mark.parametrize(("set_id", "state", "published"), PUBLISHED)
def test_states_have_their_published_value(set_id, state, published):
    assert value(set_id, state) == pytest.approx(published, abs=5e-5)


def test_all_107_sets_are_there():
    assert len(SETS) == 107


@pytest.mark.parametrize("set_id", SETS)
def test_every_set_reaches_its_published_best_and_worst_value(set_id):
    table = value_sets.table(set_id)

    assert table[0] == pytest.approx(SETS[set_id].value_best_state, abs=1e-9)
    assert table.min() == pytest.approx(SETS[set_id].min, abs=1e-9)


@pytest.mark.parametrize("set_id", SETS)
def test_every_set_values_every_state(set_id):
    table = value_sets.table(set_id)

    assert len(table) == value_sets.LEVELS[SETS[set_id].instrument] ** 5
    assert np.isfinite(table).all()


def test_the_swedish_hypothetical_set_has_the_published_mean_and_negative_states():
    # Sun 2022, doi 10.1186/s12955-022-02083-w: mean 0.471, SD 0.26, 138 states below zero.
    table = value_sets.table("5l-sweden-2022-vt")

    assert round(table.mean(), 3) == 0.471
    assert round(table.std(), 2) == 0.26
    assert (table < 0).sum() == 138


def test_the_swedish_experience_based_set_has_the_published_mean():
    # As printed in Sun 2022: mean 0.605, SD 0.14, no state below zero.
    table = value_sets.table("5l-sweden-2020-vt")

    assert round(table.mean(), 3) == 0.605
    assert round(table.std(), 2) == 0.14
    assert not (table < 0).any()


@pytest.mark.parametrize("state", SETS["3l-australia-tto"].overrides)
def test_a_states_fixed_value_wins_over_the_formula(state):
    # Viney 2011, doi 10.1016/j.jval.2011.04.009: implausible states have a fixed value.
    assert value("3l-australia-tto", state) == SETS["3l-australia-tto"].overrides[state]


@pytest.mark.parametrize("set_id", ["3l-sweden-tto", "5l-sweden-2020-vt", "5l-sweden-2022-vt"])
def test_in_swedish_sets_no_worsening_raises_the_value(set_id):
    levels = value_sets.LEVELS[SETS[set_id].instrument]

    cube = value_sets.table(set_id).reshape((levels,) * 5)

    assert all((np.diff(cube, axis=dimension) <= 1e-12).all() for dimension in range(5))


def test_a_table_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        value_sets.table("5l-sweden-2020-vt")[0] = 1
