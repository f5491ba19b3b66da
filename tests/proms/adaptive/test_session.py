import csv
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.adaptive import estimation, session, stopping
from proms.adaptive.banks import SKIPPED, InvalidAnswer
from proms.adaptive.graded_response import ItemParameters, tabulate
from proms.adaptive.selection import CRITERIA
from proms.adaptive.session import Ask, Stop
from proms.adaptive.stopping import Rules
from proms.instruments import library
from proms.scoring import banks
from tests.proms.adaptive.invented import OPTIONS, PARAMETERS, make_bank

STANDARD = stopping.NAMED["standard"]
BANK = make_bank()
ANXIETY = banks.bank(library.get("promis-anxiety"))
# Reference figures that are not part of the repository; see the skip's reason.
SHARED = Path(__file__).parents[4] / "shared" / "facts" / "trajectories"

ANSWERS = st.fixed_dictionaries(
    {item: st.sampled_from([None, *options]) for item, options in OPTIONS.items()}
)
RULES = st.builds(
    Rules,
    id=st.just("drawn"),
    select=st.sampled_from(list(CRITERIA)),
    min_items=st.integers(1, 4),
    max_items=st.integers(4, 10),
    stop_se_t=st.sampled_from([0.0, 3.0, 5.0, 7.0]),
    stop_se_change=st.sampled_from([0.0, 0.01, 0.05]),
    screen=st.booleans(),
)


def taken(bank, full, rules):
    """Take a test as a patient does: one answer at a time, out of a full pattern."""
    answers, asked = {}, []
    while isinstance(step := session.next_step(bank, answers, rules), Ask):
        asked.append(step.item)
        answers[step.item] = full[step.item]
    return answers, asked, step


@pytest.mark.parametrize(
    ("bank", "first"),
    [
        ("promis-anxiety", "EDANX53"),
        ("promis-depression", "EDDEP29"),
        ("promis-fatigue", "FATIMP3"),
    ],
)
def test_the_prior_alone_selects_the_first_item(bank, first):
    assert session.next_step(banks.bank(library.get(bank)), {}, STANDARD).item == first


@pytest.mark.skipif(not SHARED.is_dir(), reason="no reference figures beside the repository")
def test_a_hundred_people_take_the_tests_that_an_independent_engine_gave_them():
    with (SHARED / "promis-anxiety-mpwi.csv").open() as file:
        expected = [(r["respondent"], r["item"], r["theta"], r["se"]) for r in csv.DictReader(file)]

    with (SHARED / "promis-anxiety-responses.csv").open() as file:
        people = {row.pop("id"): row for row in csv.DictReader(file)}
    found = [
        (person, *step)
        for person, answers in people.items()
        for step in session.replay(ANXIETY, answers, STANDARD).steps
    ]

    assert [step[:2] for step in found] == [step[:2] for step in expected]
    estimates = np.array([[float(cell) for cell in step[2:]] for step in expected])
    assert np.array([step[3:] for step in found]) == pytest.approx(estimates, abs=1e-9)


@given(ANSWERS, RULES, st.randoms())
def test_answers_in_any_order_of_storage_give_the_same_path(full, rules, chance):
    answers, _, _ = taken(BANK, full, rules)
    shuffled = list(answers.items())
    chance.shuffle(shuffled)

    assert session.replay(BANK, dict(shuffled), rules) == session.replay(BANK, answers, rules)


@given(ANSWERS, RULES)
def test_no_item_is_asked_twice_and_a_stop_always_comes(full, rules):
    _, asked, end = taken(BANK, full, rules)

    assert len(set(asked)) == len(asked) <= rules.max_items
    assert isinstance(end, Stop)


@given(RULES)
def test_skipping_everything_ends_politely(rules):
    _, asked, end = taken(BANK, dict.fromkeys(OPTIONS), rules)

    assert len(asked) == min(rules.max_items, len(OPTIONS))
    assert end.why in {stopping.MAX_ITEMS, stopping.BANK_EMPTY}
    assert end.score[2:] == (None, None, 0, "too_few")


@given(ANSWERS, ANSWERS, RULES, st.data())
def test_a_changed_answer_equals_having_given_it_the_first_time(full, other, rules, data):
    answers, asked, _ = taken(BANK, full, rules)
    item = data.draw(st.sampled_from(asked))
    changed = {**answers, item: other[item]}

    while isinstance(step := session.next_step(BANK, changed, rules), Ask):
        changed[step.item] = full[step.item]

    path = session.replay(BANK, changed, rules)
    straight, straight_asked, end = taken(BANK, {**full, item: other[item]}, rules)
    assert (path.asked, path.next) == (straight_asked, end)
    assert set(path.dropped) == changed.keys() - straight.keys()


@given(ANSWERS, RULES)
def test_the_estimate_is_that_of_the_whole_pattern_answered(full, rules):
    answers, _, end = taken(BANK, full, rules)
    row = np.full((1, len(OPTIONS)), estimation.NOT_ANSWERED)
    for item, answer in answers.items():
        row[0, BANK.places[item]] = BANK.category(item, answer)

    theta, se = estimation.pattern_eap(BANK.table, row, BANK.prior)

    assert (end.score.theta, end.score.se) == pytest.approx((theta[0], se[0]), abs=1e-12)


@given(ANSWERS, RULES)
def test_what_was_remembered_changes_nothing(full, rules):
    warm = taken(BANK, full, rules)

    assert taken(make_bank(), full, rules) == warm


def test_an_item_selected_again_keeps_its_answer_and_the_rest_are_dropped():
    chance = random.Random(4)
    items = library.get("promis-anxiety").items
    full = {item.code: chance.choice("12345") for item in items}
    answers, asked, _ = taken(ANXIETY, full, STANDARD)

    path = session.replay(
        ANXIETY, {**answers, asked[0]: "1" if full[asked[0]] > "3" else "5"}, STANDARD
    )

    assert path.asked[0] == asked[0]
    assert path.dropped
    assert set(path.dropped) == set(asked) - set(path.asked)
    assert all(step.answer == full[step.item] for step in path.steps[1:])


def test_a_skipped_item_is_not_asked_again_and_moves_nothing():
    first = session.next_step(BANK, {}, STANDARD)

    second = session.next_step(BANK, {first.item: None}, STANDARD)

    assert second.item == first.why.second
    assert (second.why.theta, second.why.se) == (first.why.theta, first.why.se)


def test_an_ask_says_why():
    ask = session.next_step(ANXIETY, {}, STANDARD)

    assert (ask.why.select, ask.why.second) == ("mpwi", "EDANX54")
    assert ask.why.value > ask.why.second_value > 0
    assert ask.why.theta == pytest.approx(0, abs=1e-12)


def test_three_answers_give_theta_but_no_t():
    rules = STANDARD._replace(max_items=3)

    _, _, end = taken(BANK, {item: next(iter(OPTIONS[item])) for item in OPTIONS}, rules)

    assert end.why == "max_items"
    assert end.score.answered == 3
    assert (end.score.t, end.score.se_t, end.score.reason) == (None, None, "too_few")


def test_four_answers_give_t():
    answers, _, end = taken(ANXIETY, dict.fromkeys(ANXIETY.options, "3"), STANDARD)

    assert end.score.answered == len(answers) == 4
    assert end.score.t == 50 + 10 * end.score.theta
    assert end.score.se_t == 10 * end.score.se <= 3.0
    assert (end.why, end.score.reason) == ("se", "")


@pytest.mark.parametrize(
    ("healthiest", "answer", "why"),
    [
        ("lowest", "4", "screen"),
        ("highest", "1", "screen"),
        ("unknown", "4", ""),
        ("lowest", "1", ""),
    ],
)
def test_the_healthiest_first_answer_ends_a_screening(healthiest, answer, why):
    bank = make_bank(healthiest=healthiest)
    rules = stopping.NAMED["screen-to-cat"]
    assert session.next_step(bank, {}, rules).item == "REVERSED"

    step = session.next_step(bank, {"REVERSED": answer}, rules)

    assert (step.why if isinstance(step, Stop) else "") == why


def test_a_reversed_item_counts_the_other_way():
    rules = STANDARD._replace(max_items=8, stop_se_t=0.0)
    middling = {"RISING1": "2", "RISING2": "2", "COLLAPSED": "2", "RECODED": 5}
    middling |= {"TWIN1": "no", "TWIN2": "yes", "WEAK": "2"}

    low, high = (
        session.next_step(BANK, {**middling, "REVERSED": answer}, rules).score.theta
        for answer in ("4", "1")
    )

    assert low < high


def test_collapsed_options_are_worth_the_same():
    rules = STANDARD._replace(stop_se_t=0.0)
    base = {item: next(iter(options)) for item, options in OPTIONS.items()}

    third, fourth = (
        session.next_step(BANK, {**base, "COLLAPSED": answer}, rules).score for answer in ("3", "4")
    )

    assert third == fourth


def test_ties_go_to_the_item_first_in_the_bank():
    twins = {code: PARAMETERS[code] for code in ("TWIN2", "TWIN1")}
    bank = make_bank(table=tabulate(twins, estimation.grid()))

    assert session.next_step(bank, {}, STANDARD).item == "TWIN2"


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"RISING1": "9"}, "RISING1: '9' is none of the options 1, 2, 3, 4"),
        ({"NOT_THERE": "1"}, "NOT_THERE: no such item in invented"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(answers, problem):
    with pytest.raises(InvalidAnswer, match=problem):
        session.next_step(BANK, answers, STANDARD)


def test_a_language_with_parameters_of_its_own_makes_its_own_path():
    harder = {
        code: ItemParameters(item.discrimination, [b + 1 for b in item.thresholds])
        for code, item in PARAMETERS.items()
    }
    dutch = make_bank(language="nl", table=tabulate(harder, estimation.grid()))

    ends = [
        taken(bank, {i: next(iter(OPTIONS[i])) for i in OPTIONS}, STANDARD)[2]
        for bank in (BANK, dutch)
    ]

    assert ends[0].score.theta < ends[1].score.theta


def test_not_relevant_counts_as_a_skipped_item():
    assert BANK.category("TWIN1", "not_relevant") == SKIPPED
    rules = STANDARD._replace(stop_se_t=0.0)
    base = {item: next(iter(options)) for item, options in OPTIONS.items()}

    unanswered = [
        session.next_step(BANK, {**base, "TWIN1": answer}, rules).score
        for answer in ("not_relevant", None)
    ]

    assert unanswered[0] == unanswered[1]
    assert unanswered[0].answered == len(OPTIONS) - 1


def test_without_a_limit_on_the_error_all_items_to_the_maximum_are_left():
    rules = STANDARD._replace(max_items=6, stop_se_t=0.0)

    first = session.next_step(BANK, {}, rules)
    second = session.next_step(BANK, {first.item: None}, rules)

    assert (first.why.likely_left, second.why.likely_left) == (6, 5)


@given(ANSWERS, RULES)
def test_what_is_likely_left_stays_between_one_item_and_the_maximum(full, rules):
    answers, asked, _ = taken(BANK, full, rules)

    for number in range(len(asked)):
        step = session.next_step(BANK, {item: answers[item] for item in asked[:number]}, rules)
        assert 1 <= step.why.likely_left <= min(rules.max_items, len(OPTIONS)) - number


def test_a_person_at_the_floor_has_more_left_than_one_in_the_middle():
    left = []
    for answer in ("1", "3"):
        answers, asked, _ = taken(ANXIETY, dict.fromkeys(ANXIETY.options, answer), STANDARD)
        third = {item: answers[item] for item in asked[:3]}
        left.append(session.next_step(ANXIETY, third, STANDARD).why.likely_left)

    assert left == [9, 1]


def test_an_answer_that_makes_the_estimate_less_certain_is_no_gain_and_ends_a_recommended_test():
    rules, answers = stopping.NAMED["recommended"], {}
    for answer in "1144":
        answers[session.next_step(ANXIETY, answers, rules).item] = answer

    path = session.replay(ANXIETY, answers, rules)

    assert path.steps[3].se > path.steps[2].se + 0.01
    assert path.next.why == "se_change"


def test_dropped_answers_are_told_in_the_banks_order():
    rules = STANDARD._replace(min_items=1, max_items=1)

    path = session.replay(BANK, {"WEAK": "1", "REVERSED": "1", "RISING1": "1"}, rules)

    assert (path.asked, path.dropped) == (["REVERSED"], ("RISING1", "WEAK"))
