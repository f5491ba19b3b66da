"""The registry of scoring rules: kind -> function, its module loaded when first needed."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from proms.instruments.scales import Scale
from proms.scoring.scores import Case, Score

Scorer = Callable[[Scale, Case], tuple[Score, ...]]

# By name: NumPy takes longer to import than all the rest, and sums do without it.
SCORERS: Mapping[str, tuple[str, str]] = {
    "value": ("sums", "value"),
    "profile": ("eq5d", "profile"),
    "level_sum": ("eq5d", "level_sum"),
    "level_frequencies": ("eq5d", "level_frequencies"),
    "index": ("eq5d", "index"),
    "sum": ("sums", "total"),
    "mean": ("sums", "mean"),
    "rescaled": ("sums", "rescaled"),
    "weighted": ("sums", "weighted"),
    "mean_of_scales": ("sums", "mean_of_scales"),
    "pattern_t": ("tscores", "by_pattern"),
    "sum_t": ("tscores", "by_sum"),
}


@cache
def scorer(kind: str) -> Scorer:
    """Return the function that scores a kind of rule."""
    module, name = SCORERS[kind]
    found: Scorer = getattr(import_module(f"proms.scoring.{module}"), name)
    return found
