"""The registry of scoring rules: kind -> function."""

from collections.abc import Callable, Mapping

from proms.instruments.scales import Scale
from proms.scoring import eq5d, sums, tscores
from proms.scoring.scores import Case, Score

Scorer = Callable[[Scale, Case], tuple[Score, ...]]

SCORERS: Mapping[str, Scorer] = {
    "value": sums.value,
    "profile": eq5d.profile,
    "level_sum": eq5d.level_sum,
    "level_frequencies": eq5d.level_frequencies,
    "index": eq5d.index,
    "sum": sums.total,
    "mean": sums.mean,
    "rescaled": sums.rescaled,
    "weighted": sums.weighted,
    "mean_of_scales": sums.mean_of_scales,
    "pattern_t": tscores.by_pattern,
    "sum_t": tscores.by_sum,
}
