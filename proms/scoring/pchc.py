"""Paretian classification of health change (Devlin, Parkin & Browne 2010, doi 10.1002/hec.1608)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from proms.scoring.states import DIMENSIONS, Levels


class Class(StrEnum):
    """What happened between two profiles."""

    NO_PROBLEMS = "no problems"
    NO_CHANGE = "no change"
    IMPROVE = "improve"
    WORSEN = "worsen"
    MIXED = "mixed"


@dataclass(frozen=True)
class Shares:
    """How many pairs fell in each class."""

    n: int
    counts: Mapping[Class, int]

    def share(self, name: Class) -> float | None:
        """Return the share of all pairs, or None without pairs."""
        return self.counts[name] / self.n if self.n else None


def classify(before: Levels, after: Levels) -> NDArray[np.str_]:
    """Return the class of each pair of complete profiles, both of shape (n, dimensions)."""
    better = (after < before).any(axis=1)
    worse = (after > before).any(axis=1)
    healthy = (before == 1).all(axis=1) & (after == 1).all(axis=1)
    return np.select(
        [better & worse, better, worse, healthy],
        [Class.MIXED.value, Class.IMPROVE.value, Class.WORSEN.value, Class.NO_PROBLEMS.value],
        default=Class.NO_CHANGE.value,
    )


def shares(before: Levels, after: Levels) -> Shares:
    """Return the count of each class, with those without problems at both times apart."""
    classes = classify(before, after)
    return Shares(len(classes), {name: int((classes == name.value).sum()) for name in Class})


def shares_with_problems(before: Levels, after: Levels) -> Shares:
    """Return the counts among those who had a problem at either time: the class left out."""
    all_pairs = shares(before, after)
    healthy = all_pairs.counts[Class.NO_PROBLEMS]
    return Shares(all_pairs.n - healthy, {**all_pairs.counts, Class.NO_PROBLEMS: 0})


def by_dimension(before: Levels, after: Levels) -> Mapping[str, Shares]:
    """Return the count of each class per dimension (one dimension is never mixed)."""
    return {
        code: shares(before[:, [place]], after[:, [place]]) for place, code in enumerate(DIMENSIONS)
    }


def probability_of_superiority(before: Levels, after: Levels) -> Mapping[str, float | None]:
    """Return, per dimension, the share that improved plus half the share that stayed the same.

    Above one half more people improved than worsened (Devlin, Parkin & Janssen 2020, 3.2,
    doi 10.1007/978-3-030-47622-9).
    """
    if not len(before):
        return dict.fromkeys(DIMENSIONS)
    improved = (after < before).mean(axis=0)
    same = (after == before).mean(axis=0)
    return dict(zip(DIMENSIONS, (improved + same / 2).tolist(), strict=True))


def changed_dimensions(before: str, after: str) -> Mapping[str, tuple[int, int]]:
    """Return the dimensions of one person's two profiles that differ, with both levels.

    >>> changed_dimensions("11231", "11221")
    {'PD': (3, 2)}
    """
    levels = zip(DIMENSIONS, map(int, before), map(int, after), strict=True)
    return {code: (first, second) for code, first, second in levels if first != second}


def class_of(before: str, after: str) -> Class:
    """Return the class of one person's two profiles.

    >>> class_of("11231", "12221")
    <Class.MIXED: 'mixed'>
    """
    pair = np.array([[int(level) for level in profile] for profile in (before, after)], np.int8)
    return Class(str(classify(pair[:1], pair[1:])[0]))
