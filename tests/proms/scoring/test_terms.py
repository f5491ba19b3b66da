import numpy as np
import pytest

from proms.scoring import states, terms, value_sets

# What each term is worth in one state, by its definition in the paper that uses it.
WORTH = [
    ("MO2", "21111", 1),
    ("MO2", "31111", 0),
    ("MO3SC3", "33111", 1),
    ("MO3SC3", "32111", 0),
    ("Intercept", "11111", 0),
    ("Intercept", "11112", 1),
    ("AtLeastOne2Or3", "11113", 1),
    ("AtLeastOne3", "22222", 0),
    ("AtLeastOne3", "22223", 1),
    ("N4", "11113", 0),
    ("N4", "11115", 1),
    ("N5", "44444", 0),
    ("MO45", "41111", 1),
    ("MO45", "51111", 1),
    ("MO45", "31111", 0),
    ("Num45sq", "11114", 0),
    ("Num45sq", "14454", 9),
    ("Num45sq", "11111", 0),
    ("MOAD", "31115", 8),
    ("PDAD", "11121", 0),
    ("D1", "11111", 0),
    ("D1", "11112", 0),
    ("D1", "32112", 2),
    ("I2", "22211", 2),
    ("I2square", "22221", 9),
    ("I3", "33111", 1),
    ("I3square", "33333", 16),
    ("O2", "11111", 0),
    ("O2", "12121", 1),
    ("O2", "22222", 1),
    ("O2", "12131", 0),
    ("O3", "33333", 1),
    ("O3", "13111", 1),
    ("Z2", "12311", 1),
    ("Z2", "12211", 0),
    ("Z3", "22311", 2),
    ("Z3", "22211", 0),
    ("C2square", "22311", 4),
    ("C3square", "33311", 9),
    ("X5", "23232", 1),
    ("X5", "23231", 0),
    ("A3", "33333", 1),
    ("A3", "33332", 0),
]


@pytest.mark.parametrize(("name", "state", "worth"), WORTH)
def test_a_term_applies_as_its_paper_says(name, state, worth):
    row = np.array([states.parse(state, 5)], dtype=np.int8)

    assert terms.term(name, row).tolist() == [worth]


def test_every_term_of_every_set_is_known():
    names = {name for found in value_sets.all_sets().values() for name in found.terms}

    for name in names - {"Power"}:
        assert terms.term(name, states.all_states(5)).shape == (3125,)


def test_an_unknown_term_is_refused():
    with pytest.raises(KeyError):
        terms.term("Q7", states.all_states(3))
