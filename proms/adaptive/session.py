"""One person's adaptive test: the answers say which item is next, or that it is over.

Nothing is stored but the answers. The path through the bank is walked anew from the first item,
which the prior alone selects; so a changed answer changes the path from there on, and answers in
any order of storage lead to the same place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf, sqrt
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
    """Why an item was chosen: its criterion, the next best item's, and the estimate before."""

    select: str
    value: float
    second: str | None
    second_value: float | None
    theta: float
    se: float


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
    """What the answers so far say about theta."""

    posterior: Floats
    is_asked: NDArray[np.bool_]
    steps: tuple[Step, ...]
    standing: Standing
    theta: float

    @property
    def se(self) -> float:
        """The standard error of theta."""
        return float(self.standing.se)


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
    state = _start(bank)
    step = _decide(bank, rules, state)
    while isinstance(step, Ask) and step.item in answers:
        state = _after(bank, state, step.item, answers[step.item])
        step = _decide(bank, rules, state)
    return Path(state.steps, step, _dropped(bank, answers, state))


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
def _start(bank: Bank) -> State:
    """Return the state before any answer: the prior."""
    posterior = bank.prior / bank.prior.sum()
    theta, se = _estimate(bank, posterior)
    nothing = np.zeros(len(bank.table.codes), dtype=bool)
    return State(posterior, nothing, (), Standing(0, 0, se, inf, False), theta)


@lru_cache(REMEMBERED)
def _after(bank: Bank, before: State, item: str, answer: Answer | None) -> State:
    """Return the state after one more answer: the posterior times its likelihood."""
    place, category = bank.places[item], bank.category(item, answer)
    is_asked = before.is_asked.copy()
    is_asked[place] = True
    posterior, theta, se = before.posterior, before.theta, before.se
    if category != SKIPPED:
        posterior = posterior * bank.table.probabilities[place, category]
        posterior /= posterior.sum()
        theta, se = _estimate(bank, posterior)
    steps = (*before.steps, Step(item, answer, theta, se))
    standing = _standing(bank, before, place, category, se)
    return State(posterior, is_asked, steps, standing, theta)


def _estimate(bank: Bank, posterior: Floats) -> tuple[float, float]:
    """Return the EAP and its standard error, as `estimation.eap` for a posterior of total one."""
    total, first, second = (posterior @ bank.table.powers).tolist()
    theta = first / total
    return theta, sqrt(max(second / total - theta**2, 0.0))


def _standing(bank: Bank, before: State, place: int, category: int, se: float) -> Standing:
    was = before.standing
    if category == SKIPPED:
        return was._replace(asked=was.asked + 1)
    is_first = was.asked == 0
    return Standing(
        asked=was.asked + 1,
        answered=was.answered + 1,
        se=se,
        se_change=before.se - se,
        healthiest_first=was.healthiest_first
        or bool(is_first and bank.is_healthiest(place, category)),
    )


@lru_cache(REMEMBERED)
def _decide(bank: Bank, rules: Rules, state: State) -> Ask | Stop:
    """Return the item that the rules select after a state, or the end."""
    why = stopping.reason(rules, state.standing, len(bank.table.codes))
    return Stop(_score(bank, state), why) if why else _selected(bank, rules, state)


def _selected(bank: Bank, rules: Rules, state: State) -> Ask:
    values = selection.CRITERIA[rules.select](bank.table, state.posterior, state.theta)
    best, second = selection.best_two(values, state.is_asked)
    why = Choice(
        select=rules.select,
        value=float(values[best]),
        second=None if second is None else bank.table.codes[second],
        second_value=None if second is None else float(values[second]),
        theta=state.theta,
        se=state.se,
    )
    return Ask(bank.table.codes[best], why)


def _score(bank: Bank, state: State) -> Score:
    answered = int(state.standing.answered)
    if answered < bank.needed:
        return Score(state.theta, state.se, None, None, answered, TOO_FEW)
    return Score(state.theta, state.se, 50 + 10 * state.theta, 10 * state.se, answered, "")
