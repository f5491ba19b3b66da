"""Many people's adaptive tests at once, for bench and study: the same rules over rows of arrays."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from proms.adaptive import estimation, selection, stopping
from proms.adaptive.banks import SKIPPED, Bank
from proms.adaptive.graded_response import Floats, ItemParameters, boundary_probabilities
from proms.adaptive.stopping import Rules, Standing

# People handled at once: enough for BLAS, and their posteriors stay in the cache.
TOGETHER = 250
NOT_ASKED = -1

Patterns = NDArray[np.intp]
Progress = Callable[[int], None]


class Tests(NamedTuple):
    """What was asked of each person, and the estimate after each step.

    `items`, `theta` and `se` have shape (people, longest test), with `NOT_ASKED` and NaN after
    the stop; `asked` counts a person's items, `reasons` says why the test stopped.
    """

    items: Patterns
    theta: Floats
    se: Floats
    asked: NDArray[np.intp]
    reasons: NDArray[np.str_]

    @property
    def final(self) -> tuple[Floats, Floats]:
        """Theta and SE of each person at the end of the test."""
        rows = np.arange(len(self.asked))
        return self.theta[rows, self.asked - 1], self.se[rows, self.asked - 1]


def respond(bank: Bank, theta: Floats, chance: np.random.Generator) -> Patterns:
    """Return how people with these thetas answer every item: shape (people, items)."""
    table = bank.table
    patterns = np.empty((len(theta), len(table.codes)), dtype=np.intp)
    for place, categories in enumerate(table.categories):
        thresholds = table.thresholds[: categories - 1, place].tolist()
        item = ItemParameters(float(table.discriminations[place]), thresholds)
        reached = chance.random(len(theta)) < boundary_probabilities(theta, item)
        patterns[:, place] = reached.sum(axis=0)
    return patterns


def run(bank: Bank, rules: Rules, patterns: Patterns, *, progress: Progress | None = None) -> Tests:
    """Return the tests that people with these full patterns take; `SKIPPED` marks no answer.

    `progress` is told how many people are done.
    """
    parts = []
    for start in range(0, len(patterns), TOGETHER):
        parts.append(_together(bank, rules, patterns[start : start + TOGETHER]))
        if progress:
            progress(min(start + TOGETHER, len(patterns)))
    return Tests(*(np.concatenate(column) for column in zip(*parts, strict=True)))


class _Crowd(NamedTuple):
    """The people whose tests go on: row numbers, posteriors, and what the rules look at."""

    rows: NDArray[np.intp]
    posterior: Floats
    theta: Floats
    is_asked: NDArray[np.bool_]
    standing: Standing

    def only(self, kept: NDArray[np.bool_]) -> "_Crowd":
        standing = Standing(*(np.asarray(column)[kept] for column in self.standing))
        posterior, is_asked = self.posterior[kept], self.is_asked[kept]
        return _Crowd(self.rows[kept], posterior, self.theta[kept], is_asked, standing)


def _together(bank: Bank, rules: Rules, patterns: Patterns) -> Tests:
    longest = min(rules.max_items, len(bank.table.codes))
    tests = _blank(len(patterns), longest)
    crowd = _begin(bank, len(patterns))
    for step in range(longest):
        place, crowd = _step(bank, rules, crowd, patterns)
        tests.items[crowd.rows, step] = place
        tests.theta[crowd.rows, step] = crowd.theta
        tests.se[crowd.rows, step] = crowd.standing.se
        tests.asked[crowd.rows] += 1
        crowd = _end(bank, rules, crowd, tests)
        if not len(crowd.rows):
            break
    return tests


def _blank(people: int, longest: int) -> Tests:
    return Tests(
        items=np.full((people, longest), NOT_ASKED),
        theta=np.full((people, longest), np.nan),
        se=np.full((people, longest), np.nan),
        asked=np.zeros(people, dtype=np.intp),
        reasons=np.full(people, "", dtype="U12"),
    )


def _begin(bank: Bank, people: int) -> _Crowd:
    posterior = np.tile(bank.prior / bank.prior.sum(), (people, 1))
    theta, se = estimation.eap(posterior, bank.table)
    none, never = np.zeros(people, dtype=np.intp), np.zeros(people, dtype=bool)
    standing = Standing(none, none, se, np.full(people, np.inf), never)
    is_asked = np.zeros((people, len(bank.table.codes)), dtype=bool)
    return _Crowd(np.arange(people), posterior, theta, is_asked, standing)


def _step(
    bank: Bank, rules: Rules, crowd: _Crowd, patterns: Patterns
) -> tuple[NDArray[np.intp], _Crowd]:
    """Ask each person the item that the rules select, and take the answer."""
    values = selection.CRITERIA[rules.select](bank.table, crowd.posterior, crowd.theta)
    place = selection.best(values, crowd.is_asked)
    crowd.is_asked[np.arange(len(place)), place] = True
    category = patterns[crowd.rows, place]
    posterior = crowd.posterior * bank.table.probabilities[place, category]
    posterior /= posterior.sum(axis=1, keepdims=True)
    is_answer = category != SKIPPED
    posterior[~is_answer] = crowd.posterior[~is_answer]
    theta, se = estimation.eap(posterior, bank.table)
    standing = _standing(bank, crowd.standing, place, category, se)
    return place, _Crowd(crowd.rows, posterior, theta, crowd.is_asked, standing)


def _standing(
    bank: Bank,
    was: Standing,
    place: NDArray[np.intp],
    category: NDArray[np.intp],
    se: Floats,
) -> Standing:
    is_answer = category != SKIPPED
    is_first = np.asarray(was.asked) == 0
    return Standing(
        asked=was.asked + 1,
        answered=was.answered + is_answer,
        se=se,
        se_change=np.where(is_answer, was.se - se, was.se_change),
        healthiest_first=was.healthiest_first
        | (is_first & (bank.healthiest_categories[place] == category)),
    )


def _end(bank: Bank, rules: Rules, crowd: _Crowd, tests: Tests) -> _Crowd:
    """Note why tests end, and return the people whose tests go on."""
    goes_on = np.ones(len(crowd.rows), dtype=bool)
    for reason, holds in stopping.holding(rules, crowd.standing, len(bank.table.codes)).items():
        tests.reasons[crowd.rows[goes_on & holds]] = reason
        goes_on &= ~np.asarray(holds)
    return crowd.only(goes_on)
