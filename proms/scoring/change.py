"""Change of one person's score: its size towards better, its interval, and the word for it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from proms.instruments.scales import Mic, Scale

# Normal quantile of the 95 % interval (Jacobson & Truax 1991, doi 10.1037/0022-006X.59.1.12).
Z = 1.96


class Word(StrEnum):
    """The words for change; pages translate them."""

    CLEARLY_BETTER = "clearly better"
    PROBABLY_BETTER = "probably better"
    UNCHANGED = "unchanged"
    PROBABLY_WORSE = "probably worse"
    CLEARLY_WORSE = "clearly worse"
    UNCERTAIN = "cannot say"


@dataclass(frozen=True)
class Measured:
    """A score as change reads it."""

    value: float
    standard_error: float | None = None


@dataclass(frozen=True)
class Change:
    """The difference towards better, its 95 % interval, the MIC it was held against, the word.

    Without standard errors there is neither interval nor word; without a MIC in the direction of
    the difference there is no word.
    """

    difference: float
    interval: tuple[float, float] | None
    mic: Mic | None
    word: Word | None


class NoDirection(Exception):
    """The scale does not say which way is better."""


def change(scale: Scale, mics: Iterable[Mic], *, baseline: Measured, latest: Measured) -> Change:
    """Return the change from a baseline to the latest score, in words where they can be had.

    `mics` are those of the scale that fit the patient, the preferred first (see `fitting`).

    :raises NoDirection: if the scale does not say which way is better.
    """
    if scale.direction == "none":
        raise NoDirection(scale.code)
    raw = latest.value - baseline.value
    difference = raw if scale.direction == "higher_better" else -raw
    mic, smallest = _important(tuple(mics), difference)
    error = error_of_difference(baseline, latest)
    if error is None:
        return Change(difference, None, mic, None)
    interval = (difference - Z * error, difference + Z * error)
    word = word_for(difference, error, mic.value, smallest) if mic else None
    return Change(difference, interval, mic, word)


def fitting(scale: Scale, *, population: str = "", intervention: str = "") -> tuple[Mic, ...]:
    """Return the scale's MICs for a population and intervention; empty stands for any."""
    return tuple(
        mic
        for mic in scale.mics
        if population in ("", mic.population) and intervention in ("", mic.intervention)
    )


def error_of_difference(baseline: Measured, latest: Measured) -> float | None:
    """Return s = sqrt(SE1^2 + SE2^2), or None where a score has no standard error.

    >>> round(error_of_difference(Measured(50, 3.0), Measured(60, 3.0)), 2)
    4.24
    """
    if baseline.standard_error is None or latest.standard_error is None:
        return None
    return math.hypot(baseline.standard_error, latest.standard_error)


def word_for(difference: float, error: float, mic: float, smallest: float) -> Word:
    """Return the word for a difference towards better with standard error `error`.

    `mic` is that of the difference's direction, `smallest` the smaller of both directions'.
    Criteria are compared rounded to 1e-9, so that no machine decides otherwise.
    """
    size, better = abs(difference), difference > 0
    if _reaches(size, mic) and _reaches(size, Z * error):
        return Word.CLEARLY_BETTER if better else Word.CLEARLY_WORSE
    if _reaches(size, mic) and _reaches(size, error):
        return Word.PROBABLY_BETTER if better else Word.PROBABLY_WORSE
    if not _reaches(size + error, smallest):
        return Word.UNCHANGED
    return Word.UNCERTAIN


def _reaches(size: float, limit: float) -> bool:
    return round(size - limit, 9) >= 0


def _important(mics: tuple[Mic, ...], difference: float) -> tuple[Mic | None, float]:
    """Return the MIC of the difference's direction, and the smallest of both directions'.

    No difference has no direction: the smaller MIC stands for it.
    """
    firsts = [_first(mics, "better"), _first(mics, "worse")]
    known = [mic for mic in firsts if mic is not None]
    if not known:
        return None, 0.0
    smallest = min(known, key=lambda mic: mic.value)
    if difference == 0:
        return smallest, smallest.value
    return firsts[0 if difference > 0 else 1], smallest.value


def _first(mics: tuple[Mic, ...], direction: str) -> Mic | None:
    return next((mic for mic in mics if mic.direction == direction), None)
