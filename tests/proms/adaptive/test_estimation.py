import csv
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.adaptive import estimation
from proms.adaptive.graded_response import ItemParameters, tabulate
from proms.instruments import library

POINTS = estimation.grid()
PRIOR = estimation.normal_prior(POINTS)
TABLE = tabulate(
    {
        "A": ItemParameters(1.2, (-1.0, 0.5)),
        "B": ItemParameters(2.5, (0.0,)),
        "C": ItemParameters(0.8, (-2.0, 0.0, 1.5)),
    },
    POINTS,
)
PATTERNS = st.tuples(st.integers(-1, 2), st.integers(-1, 1), st.integers(-1, 3))

# The first steps of one person's adaptive test as the TestDesign engine reports them (posterior
# mean and SD on the same grid): the item, its answer coded 1..5, theta, SE.
TRAJECTORY = [
    ("EDANX53", 1, -0.8417805554, 0.6708013429),
    ("EDANX54", 1, -1.1315852418, 0.5953774257),
    ("EDANX30", 1, -1.2787523843, 0.5648636660),
    ("EDANX12", 1, -1.3901546859, 0.5477815719),
    ("EDANX51", 2, -0.9836619400, 0.3826626525),
    ("EDANX48", 2, -0.7140557269, 0.2966319573),
]


# Reference figures that are not part of the repository; see the skip's reason.
SHARED = Path(__file__).parents[4] / "shared" / "facts" / "trajectories"


def bank_table(code):
    items = library.get(code).bank.parameters()[1]
    return tabulate(
        {k: ItemParameters(p.discrimination, p.thresholds) for k, p in items.items()}, POINTS
    )


@pytest.mark.parametrize("steps", range(1, 7))
def test_theta_and_se_are_those_of_an_independent_engine(steps):
    table = bank_table("promis-anxiety")
    answered = np.full((1, 29), estimation.NOT_ANSWERED)
    for item, answer, _, _ in TRAJECTORY[:steps]:
        answered[0, table.places[item]] = answer - 1

    theta, se = estimation.pattern_eap(table, answered, PRIOR)

    assert (theta[0], se[0]) == pytest.approx(TRAJECTORY[steps - 1][2:], abs=1e-9)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no reference figures beside the repository")
def test_a_hundred_reference_tests_end_in_the_same_theta_and_se():
    table = bank_table("promis-anxiety")
    with (SHARED / "promis-anxiety-responses.csv").open() as file:
        answers = {row["id"]: row for row in csv.DictReader(file)}
    with (SHARED / "promis-anxiety-mpwi.csv").open() as file:
        steps = list(csv.DictReader(file))

    rows = []
    for step in steps:
        asked = [s["item"] for s in steps if s["respondent"] == step["respondent"]]
        row = np.full(29, estimation.NOT_ANSWERED)
        for item in asked[: int(step["step"])]:
            row[table.places[item]] = int(answers[step["respondent"]][item]) - 1
        rows.append(row)
    theta, se = estimation.pattern_eap(table, np.array(rows), PRIOR)

    assert theta == pytest.approx([float(step["theta"]) for step in steps], abs=1e-9)
    assert se == pytest.approx([float(step["se"]) for step in steps], abs=1e-9)


def test_without_answers_the_estimate_is_the_prior():
    theta, se = estimation.pattern_eap(TABLE, np.full((1, 3), -1), PRIOR)

    assert theta[0] == pytest.approx(0.0, abs=1e-12)
    assert se[0] == pytest.approx(1.0, abs=1e-2)


def test_a_prior_elsewhere_moves_the_estimate():
    healthy = estimation.normal_prior(POINTS, mean=-1.0, sd=0.5)

    theta, se = estimation.pattern_eap(TABLE, np.full((1, 3), -1), healthy)

    assert (theta[0], se[0]) == pytest.approx((-1.0, 0.5), abs=1e-6)


@given(st.lists(PATTERNS, min_size=1, max_size=30))
def test_many_people_are_estimated_as_one_by_one(patterns):
    together = estimation.pattern_eap(TABLE, np.array(patterns), PRIOR)
    alone = [estimation.pattern_eap(TABLE, np.array([p]), PRIOR) for p in patterns]

    assert together[0] == pytest.approx([theta[0] for theta, _ in alone], abs=1e-12)
    assert together[1] == pytest.approx([se[0] for _, se in alone], abs=1e-12)


@given(PATTERNS)
def test_the_estimate_is_the_mean_of_prior_times_likelihood(pattern):
    weights = PRIOR.copy()
    for place, category in enumerate(pattern):
        if category >= 0:
            weights *= TABLE.probabilities[place, category]
    mean = (weights * POINTS).sum() / weights.sum()

    theta, se = estimation.pattern_eap(TABLE, np.array([pattern]), PRIOR)

    assert theta[0] == pytest.approx(mean, abs=1e-12)
    assert se[0] ** 2 == pytest.approx((weights * (POINTS - mean) ** 2).sum() / weights.sum())


def test_ninety_five_contradicting_answers_do_not_underflow():
    table = bank_table("promis-fatigue")
    answers = np.array([[0, 4] * 47 + [0]])

    theta, se = estimation.pattern_eap(table, answers, PRIOR)

    assert np.isfinite(theta).all()
    assert se[0] > 0


def test_nobody_gives_no_estimate():
    theta, se = estimation.pattern_eap(TABLE, np.empty((0, 3), dtype=int), PRIOR)

    assert len(theta) == len(se) == 0


def test_sum_score_likelihoods_add_up_all_patterns_of_the_sum():
    found = estimation.sum_score_likelihoods(TABLE)

    by_hand = np.zeros_like(found)
    for pattern in itertools.product(range(3), range(2), range(4)):
        likelihoods = [TABLE.probabilities[place, k] for place, k in enumerate(pattern)]
        by_hand[sum(pattern)] += np.prod(likelihoods, axis=0)
    assert found == pytest.approx(by_hand)


def test_a_higher_sum_score_never_gives_a_lower_estimate():
    theta, _ = estimation.sum_score_eap(TABLE, PRIOR)

    assert (np.diff(theta) > 0).all()
