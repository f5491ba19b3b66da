"""Sums, means and what is made from them, with the developer's rule for missing answers."""

from collections.abc import Collection

from proms.instruments.rules import MeanOfScales, Rescaled, Weighted
from proms.instruments.scales import Scale
from proms.scoring.scores import MISSING, TOO_FEW, Case, Score


def value(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the answer to the scale's one item."""
    given = case.given(scale)
    if not given:
        return _without(scale, case, given)
    return (case.score(scale, given[scale.items[0]]),)


def total(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the sum, where each answer allowed to be missing stands for the mean of the others."""
    given = case.given(scale)
    if _too_few(scale, given):
        return _without(scale, case, given)
    return (case.score(scale, sum(given.values()) * len(scale.items) / len(given)),)


def mean(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the mean of the answered items."""
    given = case.given(scale)
    if _too_few(scale, given):
        return _without(scale, case, given)
    return (case.score(scale, sum(given.values()) / len(given)),)


def rescaled(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the mean of the answered items on 0-100."""
    rule = scale.rule
    assert isinstance(rule, Rescaled)
    given = case.given(scale)
    if _too_few(scale, given):
        return _without(scale, case, given)
    share = (sum(given.values()) / len(given) - rule.lowest) / (rule.highest - rule.lowest)
    return (case.score(scale, 100 * (1 - share if rule.reversed else share)),)


def weighted(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the weighted mean, the weights re-normalised over the answered items."""
    rule = scale.rule
    assert isinstance(rule, Weighted)
    given = case.given(scale)
    if _too_few(scale, given):
        return _without(scale, case, given)
    weights = {code: rule.weights.get(code, 1.0) for code in given}
    points = sum(weights[code] * worth for code, worth in given.items())
    return (case.score(scale, points / sum(weights.values())),)


def mean_of_scales(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the mean of scales scored before this one; without one of them there is none."""
    rule = scale.rule
    assert isinstance(rule, MeanOfScales)
    parts = {code: case.earlier[code].value for code in rule.scales}
    numbers = [
        100 - part if code in rule.turned else part
        for code, part in parts.items()
        if isinstance(part, float)
    ]
    if len(numbers) < len(parts):
        return (case.score(scale, None, reason=TOO_FEW if numbers else MISSING),)
    return (case.score(scale, sum(numbers) / len(numbers)),)


def _too_few(scale: Scale, given: Collection[str]) -> bool:
    return len(given) < max(1, scale.missing.needed(len(scale.items)))


def _without(scale: Scale, case: Case, given: Collection[str]) -> tuple[Score, ...]:
    """Return no score: `missing` where every answer was needed or none came, else `too_few`."""
    reason = TOO_FEW if given and scale.missing.rule != "all" else MISSING
    return (case.score(scale, None, reason=reason),)
