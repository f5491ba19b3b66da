"""Group statistics of EQ-5D profiles (Devlin, Parkin & Janssen 2020, 10.1007/978-3-030-47622-9)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proms.scoring import states, tariffs
from proms.scoring.states import DIMENSIONS, Floats, Levels


def level_table(profiles: Levels, levels: int) -> Mapping[str, tuple[int, ...]]:
    """Return, per dimension, how many people are at each level, from level 1 on."""
    return {
        code: tuple(np.bincount(profiles[:, place], minlength=levels + 1)[1:].tolist())
        for place, code in enumerate(DIMENSIONS)
    }


@dataclass(frozen=True)
class DensityCurve:
    """The health state density curve (HSDC) and its index.

    Point i is the share of people (`people`) found in the i most frequent states, out of the k
    states observed (`states`). HSDI is 1 where all are equally frequent (Zamora et al. 2018,
    doi 10.1007/s10198-018-0953-4).
    """

    states: tuple[float, ...]
    people: tuple[float, ...]
    index: float | None


def density_curve(profiles: Levels, levels: int) -> DensityCurve:
    """Return HSDC and HSDI = sum of p_i (i/k + (i-1)/k), states by falling frequency."""
    counts = _frequencies(profiles, levels)
    if not counts.size:
        return DensityCurve((), (), None)
    shares = np.sort(counts)[::-1] / counts.sum()
    reached = np.arange(1, len(shares) + 1) / len(shares)
    index = float((shares * (2 * reached - 1 / len(shares))).sum())
    return DensityCurve(tuple(reached.tolist()), tuple(np.cumsum(shares).tolist()), index)


@dataclass(frozen=True)
class Shannon:
    """Shannon's index H' in bits, and J' = H' / log2(number of possible categories)."""

    h: float | None
    j: float | None


def shannon_of_profiles(profiles: Levels, levels: int) -> Shannon:
    """Return how evenly people are spread over all states of the instrument."""
    return _shannon(_frequencies(profiles, levels), levels**5)


def shannon_by_dimension(profiles: Levels, levels: int) -> Mapping[str, Shannon]:
    """Return how evenly people are spread over the levels of each dimension."""
    tables = level_table(profiles, levels)
    return {code: _shannon(np.array(counts), levels) for code, counts in tables.items()}


def _shannon(counts: NDArray[np.intp], categories: int) -> Shannon:
    total = counts.sum()
    if not total:
        return Shannon(None, None)
    shares = counts[counts > 0] / total
    h = float(-(shares * np.log2(shares)).sum()) + 0.0
    return Shannon(h, h / float(np.log2(categories)))


def health_profile_grid(
    before: Levels, after: Levels, *, set_id: str, instrument: str
) -> NDArray[np.intp]:
    """Return the rank of each profile under a value set, 1 the best: shape (n, 2).

    States of equal value share the better rank.
    """
    ranks = state_ranks(set_id, instrument)
    levels = tariffs.get(set_id, instrument).levels
    places = [states.numbers(profiles, levels) for profiles in (before, after)]
    return np.column_stack([ranks[place] for place in places])


def state_ranks(set_id: str, instrument: str) -> NDArray[np.intp]:
    """Return each state's rank under a value set: one more than the states above it."""
    values: Floats = tariffs.get(set_id, instrument).values.round(9)
    above = np.searchsorted(np.sort(-values), -values)
    return np.asarray(above + 1)


def _frequencies(profiles: Levels, levels: int) -> NDArray[np.intp]:
    return np.unique(states.numbers(profiles, levels), return_counts=True)[1]
