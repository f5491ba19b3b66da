import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.adaptive.graded_response import (
    ItemParameters,
    category_probabilities,
    information,
    tabulate,
)

THETA = np.linspace(-4, 4, 81)
ITEM = ItemParameters(1.5, (-1.0, 0.0, 1.2))
ITEMS = st.builds(
    lambda slope, first, gaps: ItemParameters(slope, np.cumsum([first, *gaps])),
    st.floats(0.3, 4),
    st.floats(-3, 1),
    st.lists(st.floats(0.1, 1.5), max_size=4),
)


def test_half_of_those_at_a_threshold_answer_above_it():
    probabilities = category_probabilities([0.0], ITEM)[:, 0]

    assert probabilities[2:].sum() == pytest.approx(0.5)


def test_a_two_category_item_is_the_logistic_curve():
    probabilities = category_probabilities([1.0], ItemParameters(2.0, (0.5,)))[:, 0]

    assert probabilities[1] == pytest.approx(1 / (1 + np.exp(-2.0 * 0.5)))


def test_information_of_a_two_category_item_is_a_squared_p_q():
    # Samejima 1969: with one threshold the model is the two-parameter logistic.
    (found,) = information([0.5], ItemParameters(2.0, (0.5,)))

    assert found == pytest.approx(2.0**2 * 0.25)


@given(ITEMS)
def test_category_probabilities_add_up_to_one(item):
    assert category_probabilities(THETA, item).sum(axis=0) == pytest.approx(1.0)


@given(ITEMS)
def test_information_is_the_squared_slope_over_the_probability(item):
    step = 1e-5
    before, after = (category_probabilities(THETA + s, item) for s in (-step, step))
    slope = (after - before) / (2 * step)

    expected = (slope**2 / category_probabilities(THETA, item)).sum(axis=0)

    assert information(THETA, item) == pytest.approx(expected, rel=1e-3, abs=1e-5)


def test_thresholds_that_nearly_meet_give_finite_information():
    close = ItemParameters(4.0, (0.0, 1e-10, 1.0))

    assert information(THETA, close).max() < 4.0**2


def test_a_table_holds_items_of_different_width():
    table = tabulate({"A": ITEM, "B": ItemParameters(1.0, (0.0,))}, THETA)

    assert table.probabilities.shape == (2, 4, 81)
    assert table.categories.tolist() == [4, 2]
    assert (table.probabilities[1, 2:] == 1).all()
    assert table.places == {"A": 0, "B": 1}


def test_no_likelihood_is_zero_however_far_from_the_thresholds():
    assert category_probabilities([-40.0, 40.0], ITEM).min() > 0
