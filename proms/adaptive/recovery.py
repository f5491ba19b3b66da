"""What tests from a bank are worth: how well they find theta again, and at what length.

All figures are on the T metric. Theta is compared with a reference: the theta that answers were
simulated from, or for real answers the EAP of the whole bank.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from proms.adaptive import estimation, simulation
from proms.adaptive.banks import SKIPPED, Bank
from proms.adaptive.graded_response import Floats, information_at
from proms.adaptive.simulation import NOT_ASKED, Patterns, Progress
from proms.adaptive.stopping import Rules

# Half a standard deviation of the reference population; the outermost bands are open.
BAND_EDGES = np.arange(25.0, 80.0, 5.0)
FULL_BANK = "full-bank"
FORM = "form"

Cell = str | int | float
Row = dict[str, Cell]
Tables = dict[str, list[Row]]
# What tells the rows of one method apart, in each table.
KEYS: Mapping[str, tuple[str, ...]] = {
    "summary": (),
    "bands": ("t_from", "t_to"),
    "lengths": ("items",),
    "stops": ("why",),
    "items": ("item",),
    "information": ("t",),
}


class Result(NamedTuple):
    """What one way of testing made of many people: `is_asked` has shape (people, items)."""

    method: str
    theta: Floats
    se: Floats
    is_asked: NDArray[np.bool_]
    reasons: NDArray[np.str_]

    @property
    def is_form(self) -> bool:
        """Whether everybody was asked the same."""
        return bool((self.reasons == FORM).all())

    @property
    def lengths(self) -> NDArray[np.intp]:
        """How many items each person was asked."""
        return np.asarray(self.is_asked.sum(axis=1))


def compare(
    bank: Bank,
    rules: Sequence[Rules],
    patterns: Patterns,
    *,
    short_forms: Mapping[str, Sequence[str]],
    reference: Floats | None = None,
    progress: Progress | None = None,
) -> Tables:
    """Return all tables of a study of adaptive tests, short forms and the whole bank, by name.

    Without a reference, theta is compared with that of the whole bank. `progress` is told how
    many adaptive tests are done, of all rules.
    """
    results = [
        adaptive(bank, each, patterns, progress=_later(progress, number * len(patterns)))
        for number, each in enumerate(rules)
    ]
    results += [fixed(bank, name, codes, patterns) for name, codes in short_forms.items()]
    results.append(fixed(bank, FULL_BANK, bank.table.codes, patterns))
    return tables(bank, results, patterns, results[-1].theta if reference is None else reference)


def _later(progress: Progress | None, before: int) -> Progress | None:
    return (lambda done: progress(before + done)) if progress else None


def tables(bank: Bank, results: Sequence[Result], patterns: Patterns, reference: Floats) -> Tables:
    """Return the figures of each result."""
    return {
        "summary": [_summary(result, patterns, bank, reference) for result in results],
        "bands": [row for result in results for row in _bands(result, bank, reference)],
        "lengths": [row for result in results for row in _lengths(result)],
        "stops": [row for result in results for row in _stops(result)],
        "items": [row for result in results for row in _items(result, bank)],
        "information": list(_information(bank, [r for r in results if r.is_form])),
    }


def adaptive(
    bank: Bank, rules: Rules, patterns: Patterns, *, progress: Progress | None = None
) -> Result:
    """Return what the adaptive test under some rules makes of full patterns."""
    tests = simulation.run(bank, rules, patterns, progress=progress)
    is_asked = np.zeros(patterns.shape, dtype=bool)
    rows, steps = np.nonzero(tests.items != NOT_ASKED)
    is_asked[rows, tests.items[rows, steps]] = True
    theta, se = tests.final
    return Result(rules.id, theta, se, is_asked, tests.reasons)


def fixed(bank: Bank, method: str, codes: Sequence[str], patterns: Patterns) -> Result:
    """Return what a fixed form of these items makes of full patterns, scored by pattern."""
    is_in_form = np.isin(bank.table.codes, list(codes))
    answered = np.where(is_in_form, patterns, estimation.NOT_ANSWERED)
    theta, se = estimation.pattern_eap(bank.table, answered, bank.prior)
    is_asked = np.broadcast_to(is_in_form, patterns.shape)
    return Result(method, theta, se, is_asked, np.full(len(patterns), FORM))


def _summary(result: Result, patterns: Patterns, bank: Bank, reference: Floats) -> Row:
    error = 10 * (result.theta - reference)
    highest = bank.table.categories - 1
    return {
        "method": result.method,
        "people": len(reference),
        "items": float(result.lengths.mean()),
        "bias": float(error.mean()),
        "rmse": _root_mean_square(error),
        "r": _correlation(result.theta, reference),
        "se": float(10 * result.se.mean()),
        "se_at_most_3": float((result.se <= 0.3 + 1e-9).mean()),
        "floor": _at_the_end(result, patterns, np.zeros_like(highest)),
        "ceiling": _at_the_end(result, patterns, highest),
    }


def _at_the_end(result: Result, patterns: Patterns, end: NDArray[np.intp]) -> float:
    """Return the share of people whose every answer is the lowest, or the highest, there is."""
    counts = result.is_asked & (patterns != SKIPPED)
    elsewhere = (counts & (patterns != end)).any(axis=1)
    return float((counts.any(axis=1) & ~elsewhere).mean())


def _bands(result: Result, bank: Bank, reference: Floats) -> Iterator[Row]:
    """Return the recovery within each stretch of the reference that anyone is in.

    `information` is that of the items each was asked, at the person's own reference.
    """
    information = (result.is_asked * information_at(bank.table, reference)).sum(axis=1)
    place = np.digitize(50 + 10 * reference, BAND_EDGES)
    for band in np.unique(place):
        inside = place == band
        error = 10 * (result.theta[inside] - reference[inside])
        yield {
            "method": result.method,
            "t_from": float(BAND_EDGES[band - 1]) if band else "",
            "t_to": float(BAND_EDGES[band]) if band < len(BAND_EDGES) else "",
            "t_mean": float(50 + 10 * reference[inside].mean()),
            "people": int(inside.sum()),
            "bias": float(error.mean()),
            "rmse": _root_mean_square(error),
            "se": float(10 * result.se[inside].mean()),
            "items": float(result.lengths[inside].mean()),
            "information": float(information[inside].mean()),
        }


def _lengths(result: Result) -> Iterator[Row]:
    """Return how many people were asked so many items, also where nobody was."""
    shortest = int(result.lengths.min())
    for length, people in enumerate(np.bincount(result.lengths)[shortest:], start=shortest):
        share = float(people / len(result.lengths))
        yield {"method": result.method, "items": length, "people": int(people), "share": share}


def _stops(result: Result) -> Iterator[Row]:
    for reason, people in zip(*np.unique(result.reasons, return_counts=True), strict=True):
        share = float(people / len(result.reasons))
        yield {"method": result.method, "why": str(reason), "people": int(people), "share": share}


def _items(result: Result, bank: Bank) -> Iterator[Row]:
    for code, share in zip(bank.table.codes, result.is_asked.mean(axis=0), strict=True):
        yield {"method": result.method, "item": code, "share": float(share)}


def _information(bank: Bank, results: Sequence[Result]) -> Iterator[Row]:
    """Return the test information of fixed forms and the bank, over the whole grid."""
    for result in results:
        curve = result.is_asked[0] @ bank.table.information
        for theta, information in zip(bank.table.points, curve, strict=True):
            yield {
                "method": result.method,
                "t": float(round(50 + 10 * theta, 6)),
                "information": float(information),
                "se": float(10 / np.sqrt(information)),
            }


def _root_mean_square(error: Floats) -> float:
    return float(np.sqrt((error**2).mean()))


def _correlation(one: Floats, other: Floats) -> Cell:
    """Return Pearson's r, or nothing where one of the two does not vary."""
    if one.std() == 0 or other.std() == 0:
        return ""
    return float(np.corrcoef(one, other)[0, 1])
