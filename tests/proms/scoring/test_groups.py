import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.scoring import groups

PROFILES = st.lists(st.tuples(*[st.integers(1, 5)] * 5), min_size=1, max_size=40)


def levels(*profiles):
    return np.array([[int(level) for level in profile] for profile in profiles], dtype=np.int8)


NOBODY = np.empty((0, 5), dtype=np.int8)
FOUR = levels("11111", "11111", "11112", "21113")


def test_a_level_table_counts_people_per_dimension_and_level():
    table = groups.level_table(FOUR, 5)

    assert table["MO"] == (3, 1, 0, 0, 0)
    assert table["AD"] == (2, 1, 1, 0, 0)


def test_the_density_index_follows_its_formula():
    # Three states, shares 1/2, 1/4, 1/4: 1/2 * 1/3 + 1/4 * 3/3 + 1/4 * 5/3.
    curve = groups.density_curve(FOUR, 5)

    assert curve.index == pytest.approx(0.5 / 3 + 0.25 + 1.25 / 3)
    assert curve.people == pytest.approx((0.5, 0.75, 1.0))
    assert curve.states == pytest.approx((1 / 3, 2 / 3, 1.0))


def test_equally_frequent_states_have_a_density_index_of_one():
    assert groups.density_curve(levels("11111", "11112"), 5).index == pytest.approx(1.0)


def test_shannon_counts_bits():
    # Shares 1/2, 1/4, 1/4: 1.5 bits, of log2(3125) possible.
    found = groups.shannon_of_profiles(FOUR, 5)

    assert found.h == pytest.approx(1.5)
    assert found.j == pytest.approx(1.5 / np.log2(3125))


def test_shannon_of_a_dimension_is_one_where_every_level_is_as_common():
    even = levels("11111", "21111", "31111", "41111", "51111")

    found = groups.shannon_by_dimension(even, 5)

    assert found["MO"].j == pytest.approx(1.0)
    assert found["SC"].h == 0


def test_nobody_has_neither_curve_nor_index():
    assert groups.density_curve(NOBODY, 5).index is None
    assert groups.shannon_of_profiles(NOBODY, 5).h is None


def test_the_health_profile_grid_ranks_states_by_value():
    ranks = groups.health_profile_grid(
        levels("55555", "11111"),
        levels("11111", "11112"),
        set_id="5l-sweden-2022-vt",
        instrument="EQ-5D-5L",
    )

    assert ranks[0].tolist() == [3125, 1]
    assert ranks[1, 0] == 1
    assert 1 < ranks[1, 1] < 100


def test_states_of_equal_value_share_a_rank():
    # Under Burstrom 2020 levels 4 and 5 of mobility weigh the same beside another level 5.
    found = groups.health_profile_grid(
        levels("51115"), levels("41115"), set_id="5l-sweden-2020-vt", instrument="EQ-5D-5L"
    )

    assert found[0, 0] == found[0, 1]


@given(PROFILES)
def test_the_density_index_lies_between_zero_and_one(profiles):
    assert 0 < groups.density_curve(np.array(profiles), 5).index <= 1 + 1e-12
