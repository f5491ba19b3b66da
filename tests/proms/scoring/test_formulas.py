import pytest

from proms.scoring import formulas, states

STATES = states.all_states(3)[[0, 1, 242]]


def test_additive_values_start_high_and_lose_each_applicable_decrement():
    values = formulas.additive(1.0, {"AD2": -0.1, "AD3": -0.4, "Intercept": -0.05}, STATES)

    assert values == pytest.approx([1.0, 0.85, 0.55])


def test_multiplicative_values_are_a_product():
    values = formulas.multiplicative(1.0, {"AD2": 0.9, "AD3": 0.5, "Intercept": 0.8}, STATES)

    assert values == pytest.approx([1.0, 0.72, 0.4])


def test_power_values_lose_the_sum_of_decrements_raised_to_a_power():
    # Fitriana 2022, doi 10.1007/s40273-022-01210-1
    values = formulas.power(1.0, {"AD2": -0.1, "AD3": -0.4, "Power": 2.0}, STATES)

    assert values == pytest.approx([1.0, 0.99, 0.84])
