import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.adaptive import session, simulation, stopping
from proms.adaptive.banks import SKIPPED
from proms.adaptive.graded_response import category_probabilities
from proms.adaptive.selection import CRITERIA
from proms.adaptive.stopping import NAMED, Rules
from tests.proms.adaptive.invented import OPTIONS, PARAMETERS, make_bank

BANK = make_bank()
WIDTHS = [len(item.thresholds) for item in PARAMETERS.values()]
PATTERN = st.tuples(*(st.integers(SKIPPED, widest) for widest in WIDTHS))
RULES = st.builds(
    Rules,
    id=st.just("drawn"),
    select=st.sampled_from(list(CRITERIA)),
    min_items=st.integers(1, 4),
    max_items=st.integers(4, 10),
    stop_se_t=st.sampled_from([0.0, 4.0, 6.0]),
    stop_se_change=st.sampled_from([0.0, 0.03]),
    screen=st.booleans(),
)


def answers_of(pattern):
    """The options that stand for the categories of a pattern."""
    return {
        item: next((option for option, k in options.items() if k == category), None)
        if category != SKIPPED
        else None
        for (item, options), category in zip(OPTIONS.items(), pattern, strict=True)
    }


@given(st.lists(PATTERN, min_size=1, max_size=20), RULES)
def test_many_people_take_the_tests_that_each_takes_alone(patterns, rules):
    tests = simulation.run(BANK, rules, np.array(patterns))

    for row, pattern in enumerate(patterns):
        path = session.replay(BANK, answers_of(pattern), rules)
        asked = tests.asked[row]
        assert [BANK.table.codes[place] for place in tests.items[row, :asked]] == path.asked
        assert tests.theta[row, :asked] == pytest.approx([step.theta for step in path.steps])
        assert tests.se[row, :asked] == pytest.approx([step.se for step in path.steps])
        assert tests.reasons[row] == path.next.why


def test_after_the_stop_nothing_more_is_noted():
    patterns = np.tile([1, 1, 2, 1, 1, 0, 1, 1], (3, 1))

    tests = simulation.run(BANK, NAMED["standard"]._replace(stop_se_t=6.0), patterns)

    assert (tests.asked < 8).all()
    assert (tests.items[:, tests.asked[0] :] == simulation.NOT_ASKED).all()
    assert np.isnan(tests.theta[:, tests.asked[0] :]).all()
    assert tests.final[0] == pytest.approx(tests.theta[:, tests.asked[0] - 1])


def test_more_people_than_are_handled_at_once_come_out_in_their_order(monkeypatch):
    patterns = np.array([[0] * 8, [1] * 8, [1, 2, 3, 2, 2, 1, 1, 2]])
    rules = NAMED["paediatric"]
    whole = simulation.run(BANK, rules, patterns)
    monkeypatch.setattr(simulation, "TOGETHER", 2)
    told: list[int] = []

    parts = simulation.run(BANK, rules, patterns, progress=told.append)

    assert (parts.asked == whole.asked).all()
    assert parts.final[0] == pytest.approx(whole.final[0])
    assert told == [2, 3]


def test_simulated_people_answer_as_the_model_says():
    theta = np.full(20_000, 0.4)

    patterns = simulation.respond(BANK, theta, np.random.default_rng(1))

    for place, item in enumerate(PARAMETERS.values()):
        expected = category_probabilities([0.4], item)[:, 0]
        found = np.bincount(patterns[:, place], minlength=len(expected)) / len(theta)
        assert found == pytest.approx(expected, abs=0.02)


def test_the_same_seed_gives_the_same_people():
    theta = np.linspace(-2, 2, 50)

    first, second = (simulation.respond(BANK, theta, np.random.default_rng(7)) for _ in range(2))

    assert (first == second).all()


def test_those_who_skip_everything_are_asked_until_the_maximum():
    tests = simulation.run(
        BANK, NAMED["recommended"]._replace(max_items=5), np.full((2, 8), SKIPPED)
    )

    assert tests.asked.tolist() == [5, 5]
    assert set(tests.reasons) == {stopping.MAX_ITEMS}
