"""The terms of EQ-5D value set formulae, each 1, 0 or a count per state."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proms.scoring.states import DIMENSIONS, Floats, Levels

Applied = NDArray[Any]
Term = Callable[[Levels], Applied]

# One dimension at one level, or several such pairs together (MO3SC3: both).
_LEVELS = re.compile(r"^((MO|SC|UA|PD|AD)[1-5])+$")
_PAIR = re.compile(r"(MO|SC|UA|PD|AD)([1-5])")
# Canada 5L: a dimension at level 4 or 5.
_SEVERE = re.compile(r"^(MO|SC|UA|PD|AD)45$")
# Singapore 5L: the product of how far two dimensions are from level 1.
_PRODUCT = re.compile(r"^(MO|SC|UA|PD|AD)(MO|SC|UA|PD|AD)$")


def term(name: str, states: Levels) -> Floats:
    """Return how much of a term applies to each state, shape (n,).

    :raises KeyError: if no value set of ours has such a term.
    """
    applied: Floats = _which(name, states).astype(np.float64)
    return applied


def _which(name: str, states: Levels) -> Applied:
    if _LEVELS.match(name):
        pairs = [_column(code, states) == int(level) for code, level in _PAIR.findall(name)]
        return np.asarray(np.all(pairs, axis=0))
    if severe := _SEVERE.match(name):
        return np.asarray(_column(severe[1], states) >= 4)
    if product := _PRODUCT.match(name):
        return np.asarray((_column(product[1], states) - 1) * (_column(product[2], states) - 1))
    return _NAMED[name](states)


def _column(code: str, states: Levels) -> Applied:
    return states[:, DIMENSIONS.index(code)]


def _count(states: Levels, *levels: int) -> Applied:
    """Return the number of dimensions at any of these levels (n2, n3 in the papers)."""
    count: Applied = np.isin(states, levels).sum(axis=1, dtype=np.int8)
    return count


def _beyond_first(states: Levels, *levels: int) -> Applied:
    return np.asarray(np.maximum(_count(states, *levels) - np.int8(1), 0))


def _reaches(level: int) -> Term:
    """Any dimension at this level or a worse one."""
    return lambda states: states.max(axis=1) >= level


def _only(level: int) -> Term:
    """The levels present are exactly 1 and this one, or all are this one."""
    return lambda states: (_count(states, 1, level) == 5) & (_count(states, level) > 0)


def _both_2_and_3(states: Levels) -> Applied:
    return (_count(states, 2) > 0) & (_count(states, 3) > 0)


def _severe_squared(states: Levels) -> Applied:
    return np.square(_beyond_first(states, 4, 5))


_NAMED: Mapping[str, Term] = {
    "Intercept": _reaches(2),
    "AtLeastOne2Or3": _reaches(2),
    "AtLeastOne3": _reaches(3),
    "N2": _reaches(2),
    "N3": _reaches(3),
    "N4": _reaches(4),
    "N5": _reaches(5),
    "Num45sq": _severe_squared,
    "D1": lambda states: _beyond_first(states, 2, 3),
    "I2": lambda states: _beyond_first(states, 2),
    "I2square": lambda states: np.square(_beyond_first(states, 2)),
    "I3": lambda states: _beyond_first(states, 3),
    "I3square": lambda states: np.square(_beyond_first(states, 3)),
    "C2square": lambda states: np.square(_count(states, 2)),
    "C3square": lambda states: np.square(_count(states, 3)),
    "O2": _only(2),
    "O3": _only(3),
    "Z2": _both_2_and_3,
    "Z3": lambda states: _count(states, 2) * (_count(states, 3) > 0),
    "X5": lambda states: _count(states, 2, 3) == 5,
    # Yang 2022, doi 10.1007/s40273-022-01216-9; read differently elsewhere, so the set is disputed.
    "A3": lambda states: _count(states, 3) == 5,
}
