"""The families of EQ-5D value set formulae: coefficients in, a value per state out."""

from collections.abc import Callable, Mapping

import numpy as np

from proms.scoring import terms
from proms.scoring.states import Floats, Levels

Coefficients = Mapping[str, float]
Formula = Callable[[float, Coefficients, Levels], Floats]


def additive(start: float, coefficients: Coefficients, states: Levels) -> Floats:
    """Return start + the sum of every applicable term (decrements are negative)."""
    applied = [value * terms.term(name, states) for name, value in coefficients.items()]
    return np.asarray(start + np.sum(applied, axis=0))


def multiplicative(start: float, coefficients: Coefficients, states: Levels) -> Floats:
    """Return start times every applicable term (Germany, VAS)."""
    applied = [value ** terms.term(name, states) for name, value in coefficients.items()]
    return np.asarray(start * np.prod(applied, axis=0))


def power(start: float, coefficients: Coefficients, states: Levels) -> Floats:
    """Return start - (sum of the positive decrements) ** Power (Indonesia, EQ-5D-Y-3L).

    Fitriana 2022, doi 10.1007/s40273-022-01210-1.
    """
    decrements = {name: -value for name, value in coefficients.items() if name != "Power"}
    return start - additive(0.0, decrements, states) ** coefficients["Power"]


FORMULAS: Mapping[str, Formula] = {
    "additive": additive,
    "multiplicative": multiplicative,
    "power": power,
}
