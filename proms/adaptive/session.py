"""One person's adaptive test: the answers say which item is next, or that it is over.

Nothing is stored but the answers. The path through the bank is walked anew from the first item,
which the prior alone selects; so a changed answer changes the path from there on, and answers in
any order of storage lead to the same place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, inf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from proms.adaptive import selection, stopping
from proms.adaptive.banks import SKIPPED, Answer, Bank
from proms.adaptive.graded_response import Floats
from proms.adaptive.stopping import Rules, Standing

TOO_FEW = "too_few"
# Steps that a process remembers, about 2 kB each: whoever answers one by one waits for one step.
REMEMBERED = 4096


class Step(NamedTuple):
    """An item asked, its answer (None: skipped), and the estimate after it."""

    item: str
    answer: Answer | None
    theta: float
    se: float


class Choice(NamedTuple):
    """Why an item was chosen: its criterion, the next best item's, and the estimate before.

    `likely_left` is how many items are likely to be asked, this one included.
    """

    select: str
    value: float
    second: str | None
    second_value: float | None
    theta: float
    se: float
    likely_left: int


class Score(NamedTuple):
    """The estimate at the end; T and its SE only with enough answers, else a reason."""

    theta: float
    se: float
    t: float | None
    se_t: float | None
    answered: int
    reason: str


class Ask(NamedTuple):
    """The item to ask next."""

    item: str
    why: Choice


class Stop(NamedTuple):
    """The test is over; `why` names the reason of `stopping`."""

    score: Score
    why: str


class Path(NamedTuple):
    """The way through the bank: what was asked, what comes now, which answers do not count."""

    steps: tuple[Step, ...]
    next: Ask | Stop
    dropped: tuple[str, ...]

    @property
    def asked(self) -> list[str]:
        """The items asked, in order."""
        return [step.item for step in self.steps]


@dataclass(frozen=True, eq=False)
class State:
    """What the answers so far say about theta, and what follows from it."""

    bank: Bank
    rules: Rules
    posterior: Floats
    theta: float
    standing: Standing
    is_asked: NDArray[np.bool_]
    steps: tuple[Step, ...]

    @cached_property
    def next(self) -> Ask | Stop:
        """The item that the rules select now, or the end."""
        why = stopping.reason(self.rules, self.standing, len(self.bank.table.codes))
        return Stop(_score(self), why) if why else _selected(self)


def next_step(bank: Bank, answers: Mapping[str, Answer | None], rules: Rules) -> Ask | Stop:
    """Return what to ask after these answers (None: skipped), or the end.

    :raises InvalidAnswer: for an unknown item, or an answer that its item does not allow.
    """
    return replay(bank, answers, rules).next


def replay(bank: Bank, answers: Mapping[str, Answer | None], rules: Rules) -> Path:
    """Walk the path that these answers make.

    An item that is selected has its stored answer; answers that the path does not pass are
    dropped, and would count again if it came by.

    :raises InvalidAnswer: for an unknown item, or an answer that its item does not allow.
    """
    state = _start(bank, rules)
    while isinstance(state.next, Ask) and state.next.item in answers:
        state = _after(state, state.next.item, answers[state.next.item])
    return Path(state.steps, state.next, _dropped(bank, answers, state))


def _dropped(bank: Bank, answers: Mapping[str, Answer | None], state: State) -> tuple[str, ...]:
    """Return the answered items off the path, in the bank's order."""
    if len(answers) == len(state.steps):
        return ()
    passed = {step.item for step in state.steps}
    rest = [item for item in answers if item not in passed]
    for item in rest:
        bank.category(item, answers[item])
    return tuple(sorted(rest, key=bank.places.__getitem__))


@lru_cache(REMEMBERED)
def _start(bank: Bank, rules: Rules) -> State:
    """Return the state before any answer: the prior."""
    posterior, theta, se = _estimated(bank, bank.prior)
    standing = Standing(asked=0, answered=0, se=se, se_change=inf, healthiest_first=False)
    nothing = np.zeros(len(bank.table.codes), dtype=bool)
    return State(bank, rules, posterior, theta, standing, nothing, ())


@lru_cache(REMEMBERED)
def _after(before: State, item: str, answer: Answer | None) -> State:
    """Return the state after one more answer: the posterior times its likelihood."""
    bank, was = before.bank, before.standing
    place, category = bank.places[item], bank.category(item, answer)
    if category == SKIPPED:
        posterior, theta, standing = before.posterior, before.theta, _skipped(was)
    else:
        product = before.posterior * bank.table.probabilities[place, category]
        posterior, theta, se = _estimated(bank, product)
        standing = _answered(was, se, is_healthiest=bank.is_healthiest(place, category))
    is_asked = before.is_asked.copy()
    is_asked[place] = True
    steps = (*before.steps, Step(item, answer, theta, float(standing.se)))
    return State(bank, before.rules, posterior, theta, standing, is_asked, steps)


def _estimated(bank: Bank, weights: Floats) -> tuple[Floats, float, float]:
    """Return the weights made to sum to one, their mean and SD: `estimation.eap` for one person."""
    total, first, second = (weights @ bank.table.powers).tolist()
    theta = first / total
    return weights / total, theta, sqrt(max(second / total - theta**2, 0.0))


def _skipped(was: Standing) -> Standing:
    return was._replace(asked=was.asked + 1)


def _answered(was: Standing, se: float, *, is_healthiest: bool) -> Standing:
    return Standing(
        asked=was.asked + 1,
        answered=was.answered + 1,
        se=se,
        se_change=was.se - se,
        healthiest_first=was.healthiest_first or (was.asked == 0 and is_healthiest),
    )


def _selected(state: State) -> Ask:
    table, select = state.bank.table, state.rules.select
    values = selection.CRITERIA[select](table, state.posterior, state.theta)
    best, second = selection.best_two(values, state.is_asked)
    why = Choice(
        select=select,
        value=float(values[best]),
        second=None if second is None else table.codes[second],
        second_value=None if second is None else float(values[second]),
        theta=state.theta,
        se=float(state.standing.se),
        likely_left=_likely_left(state, float(state.posterior @ table.information[best])),
    )
    return Ask(table.codes[best], why)


def _likely_left(state: State, information: float) -> int:
    """Return how many items it takes to the end, if each is worth as much as the one chosen.

    Information adds up, and 1 / SE^2 is about what has been gathered.
    """
    rules, at = state.rules, state.standing
    most = min(rules.max_items, len(state.bank.table.codes)) - int(at.asked)
    if not rules.stop_se_t:
        return most
    lacking = (10 / rules.stop_se_t) ** 2 - 1 / float(at.se) ** 2
    fewest = max(1, rules.min_items - int(at.answered))
    return min(most, max(fewest, ceil(lacking / information)))


def _score(state: State) -> Score:
    theta, se, answered = state.theta, float(state.standing.se), int(state.standing.answered)
    if answered < state.bank.needed:
        return Score(theta, se, None, None, answered, TOO_FEW)
    return Score(theta, se, 50 + 10 * theta, 10 * se, answered, "")
