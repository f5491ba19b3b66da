"""T-scores under the graded response model: T = 50 + 10 theta, by pattern and by sum score."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from proms.adaptive import estimation, graded_response
from proms.adaptive.graded_response import Floats, ItemParameters, Table
from proms.instruments.definition import Definition
from proms.instruments.rules import PatternT, SumT
from proms.instruments.scales import Scale
from proms.scoring.scores import MISSING, TOO_FEW, Case, Score


class Calibration(NamedTuple):
    """The tabulated items of one scale in one language, with the prior of its rule."""

    set_id: str
    table: Table
    prior: Floats


def to_t(theta: float) -> float:
    """Return theta on the T metric.

    >>> to_t(-0.5)
    45.0
    """
    return 50.0 + 10.0 * theta


@cache
def calibration(definition: Definition, scale: str, language: str = "") -> Calibration:
    """Return the item tables that a T-score scale is made with, built once per process."""
    assert definition.bank is not None
    rule = definition.scales_by_code[scale].rule
    assert isinstance(rule, PatternT | SumT)
    set_id, parameters = definition.bank.parameters(language)
    items = {
        code: ItemParameters(parameters[code].discrimination, parameters[code].thresholds)
        for code in definition.scales_by_code[scale].items
    }
    points = estimation.grid(rule.grid.low, rule.grid.high, rule.grid.step)
    prior = estimation.normal_prior(points, rule.prior.mean, rule.prior.sd)
    return Calibration(set_id, graded_response.tabulate(items, points), prior)


def by_pattern(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the EAP of the answered items; needs as many as the scale's missing-data rule."""
    model = calibration(case.definition, scale.code, case.language)
    given = case.given(scale)
    if len(given) < scale.missing.needed(len(scale.items)):
        reason = TOO_FEW if given else MISSING
        return (case.score(scale, None, set_id=model.set_id, reason=reason),)
    answered = [given.get(code, 0) - 1 for code in scale.items]
    theta, se = estimation.pattern_eap(
        model.table, np.array([answered], dtype=np.intp), model.prior
    )
    return (_t(scale, case, model, float(theta[0]), float(se[0])),)


def by_sum(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the EAP of the sum score; needs every answer."""
    model = calibration(case.definition, scale.code, case.language)
    given = case.given(scale)
    if len(given) < len(scale.items):
        return (case.score(scale, None, set_id=model.set_id, reason=MISSING),)
    theta, se = conversion(case.definition, scale.code, case.language)[
        int(sum(given.values())) - len(given)
    ]
    return (_t(scale, case, model, theta, se),)


@cache
def conversion(
    definition: Definition, scale: str, language: str = ""
) -> tuple[tuple[float, float], ...]:
    """Return theta and SE of every sum score, from the lowest possible on."""
    model = calibration(definition, scale, language)
    theta, se = estimation.sum_score_eap(model.table, model.prior)
    return tuple(zip(theta.tolist(), se.tolist(), strict=True))


def pattern_values(
    definition: Definition, scores: NDArray[np.intp], *, language: str = ""
) -> tuple[Floats, Floats]:
    """Return T and its SE for many people at once.

    `scores` has shape (n, items of the scale `t`): option scores from 1, and 0 where not
    answered. Fewer answers than the scale needs give NaN.
    """
    scale = definition.scales_by_code["t"]
    model = calibration(definition, "t", language)
    theta, se = estimation.pattern_eap(model.table, scores - 1, model.prior)
    enough = (scores > 0).sum(axis=1) >= scale.missing.needed(len(scale.items))
    return np.where(enough, 50 + 10 * theta, np.nan), np.where(enough, 10 * se, np.nan)


def _t(scale: Scale, case: Case, model: Calibration, theta: float, se: float) -> Score:
    return case.score(scale, to_t(theta), 10 * se, set_id=model.set_id)
