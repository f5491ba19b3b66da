"""Sums, means and what is made from them, with the developer's rule for missing answers."""

from proms.instruments.scales import Scale
from proms.scoring.scores import MISSING, Case, Score


def value(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the answer to the scale's one item."""
    given = tuple(case.given(scale).values())
    if not given:
        return (case.score(scale, None, reason=MISSING),)
    return (case.score(scale, given[0]),)
