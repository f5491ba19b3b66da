import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.adaptive import estimation, selection
from proms.adaptive.graded_response import category_probabilities, information
from tests.proms.adaptive.invented import PARAMETERS, TABLE

PRIOR = estimation.normal_prior(TABLE.points)
NOBODY = np.zeros(len(PARAMETERS), dtype=bool)


def posterior_after(*categories):
    """The normalised posterior after categories of the first items."""
    weights = PRIOR.copy()
    for place, category in enumerate(categories):
        weights = weights * TABLE.probabilities[place, category]
    weights /= weights.sum()
    return weights, float(weights @ TABLE.points)


def variance(weights):
    mean = (weights * TABLE.points).sum() / weights.sum()
    return (weights * (TABLE.points - mean) ** 2).sum() / weights.sum()


CASES = [posterior_after(), posterior_after(0, 0), posterior_after(3, 1, 2)]


@pytest.mark.parametrize(("posterior", "theta"), CASES)
def test_mpwi_is_the_information_expected_under_the_posterior(posterior, theta):
    by_hand = [
        sum(p * information([x], item)[0] for p, x in zip(posterior, TABLE.points, strict=True))
        for item in PARAMETERS.values()
    ]

    assert selection.mpwi(TABLE, posterior, theta) == pytest.approx(by_hand)


@pytest.mark.parametrize(("posterior", "theta"), CASES)
def test_mfi_is_the_information_at_the_estimate_itself(posterior, theta):
    by_hand = [information([theta], item)[0] for item in PARAMETERS.values()]

    assert selection.mfi(TABLE, posterior, theta) == pytest.approx(by_hand)


@pytest.mark.parametrize(("posterior", "theta"), CASES)
def test_mepv_weighs_the_variances_by_what_the_posterior_predicts(posterior, theta):
    by_hand = []
    for item in PARAMETERS.values():
        products = posterior * category_probabilities(TABLE.points, item)
        by_hand.append(-sum(each.sum() * variance(each) for each in products))

    assert selection.mepv(TABLE, posterior, theta) == pytest.approx(by_hand)


@pytest.mark.parametrize(("posterior", "theta"), CASES)
def test_plug_in_mepv_weighs_the_variances_by_the_chances_at_the_estimate(posterior, theta):
    by_hand = []
    for item in PARAMETERS.values():
        products = posterior * category_probabilities(TABLE.points, item)
        chances = category_probabilities([theta], item)[:, 0]
        by_hand.append(-sum(p * variance(each) for p, each in zip(chances, products, strict=True)))

    assert selection.mepv_plugin(TABLE, posterior, theta) == pytest.approx(by_hand)


@pytest.mark.parametrize("name", list(selection.CRITERIA))
def test_many_people_have_the_values_that_each_has_alone(name):
    criterion = selection.CRITERIA[name]
    posteriors, thetas = map(np.array, zip(*CASES, strict=True))

    together = criterion(TABLE, posteriors, thetas)

    alone = np.array([criterion(TABLE, posterior, theta) for posterior, theta in CASES])
    assert together == pytest.approx(alone, abs=1e-12)


def test_of_items_that_differ_in_the_last_bits_only_the_first_in_the_bank_is_asked():
    assert selection.best(np.array([0.1, 0.3, 0.1 + 0.2]), NOBODY[:3]) == 1
    assert selection.best(np.array([0.1, 0.1 + 0.2, 0.3]), NOBODY[:3]) == 1


def test_a_difference_in_the_ninth_decimal_counts():
    assert selection.best(np.array([0.3, 0.300000001]), NOBODY[:2]) == 1


def test_what_was_asked_is_not_asked_again():
    assert selection.best(np.array([3.0, 2.0, 1.0]), np.array([True, False, False])) == 1


def test_the_runner_up_is_what_would_have_been_asked():
    asked = np.array([False, True, False])

    assert selection.best_two(np.array([1.0, 9.0, 2.0]), asked) == (2, 0)


def test_the_last_item_has_no_runner_up():
    assert selection.best_two(np.array([1.0, 2.0]), np.array([True, False])) == (1, None)


@given(st.lists(st.integers(0, 1), max_size=8))
def test_the_expected_variance_is_never_above_that_of_today(categories):
    posterior, theta = posterior_after(*categories)

    assert (-selection.mepv(TABLE, posterior, theta) <= variance(posterior) + 1e-12).all()
