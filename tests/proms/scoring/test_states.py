import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.scoring import states


@pytest.mark.parametrize("levels", [3, 5])
def test_every_state_stands_at_its_number(levels):
    rows = states.all_states(levels)

    assert states.numbers(rows, levels).tolist() == list(range(levels**5))


@given(st.lists(st.integers(1, 5), min_size=5, max_size=5))
def test_one_state_and_many_are_numbered_alike(state):
    (many,) = states.numbers(np.array([state], dtype=np.int8), 5)

    assert states.number(state, 5) == many


@pytest.mark.parametrize("profile", ["", "1111", "111111", "11110", "11116", "1111a", "1111²"])
def test_what_is_no_profile_is_refused(profile):
    with pytest.raises(ValueError, match="not five digits"):
        states.parse(profile, 5)


@pytest.mark.parametrize("level", [0, 6, -1])
def test_levels_out_of_range_are_refused(level):
    with pytest.raises(ValueError, match="levels must be 1 to 5"):
        states.numbers(np.array([[1, 1, 1, 1, level]]), 5)
