"""EQ-5D: profile, level sum, level frequencies and index, for one person and for a million.

Devlin, Parkin & Janssen 2020, doi 10.1007/978-3-030-47622-9. All five answers or nothing: no
imputation.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import itemgetter

from proms.instruments.rules import Index
from proms.instruments.scales import Scale
from proms.scoring import states, tariffs
from proms.scoring.scores import MISSING, Case, Score
from proms.scoring.states import Floats, Levels

# Whole numbers, though option scores are floats: 1.0 finds what 1 does.
State = tuple[float, ...]
# There are 3,125 states at most, and most people are in few of them.
REMEMBERED = 16_384


def profile(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the levels in the order of the items, as text."""
    levels = _levels(scale, case)
    if levels is None:
        return (case.score(scale, None, reason=MISSING),)
    return (case.score(scale, _digits(levels)),)


def level_sum(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the sum of the levels (LSS)."""
    levels = _levels(scale, case)
    if levels is None:
        return (case.score(scale, None, reason=MISSING),)
    return (case.score(scale, float(sum(levels))),)


def level_frequencies(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return how many items stand at level 1, 2, ... as text (LFS)."""
    levels = _levels(scale, case)
    if levels is None:
        return (case.score(scale, None, reason=MISSING),)
    highest = len(case.definition.items_by_code[scale.items[0]].options)
    return (case.score(scale, _frequencies(levels, highest)),)


def index(scale: Scale, case: Case) -> tuple[Score, ...]:
    """Return the value of the profile under each value set asked for, unrounded."""
    rule = scale.rule
    assert isinstance(rule, Index)
    sets = rule.default_sets if case.value_sets is None else case.value_sets
    if not sets:
        return (case.score(scale, None, reason=rule.no_set),)
    levels = _levels(scale, case)
    return tuple(_under(scale, case, rule.instrument, name, levels) for name in sets)


def index_values(profiles: Levels, set_id: str, instrument: str = "EQ-5D-5L") -> Floats:
    """Return the index of many complete profiles, shape (n, 5), under one value set.

    :raises CannotScore: for a set that is unknown or of another instrument.
    :raises ValueError: if a level is out of range.
    """
    tariff = tariffs.get(set_id, instrument)
    return tariff.values[states.numbers(profiles, tariff.levels)]


def _under(scale: Scale, case: Case, instrument: str, name: str, levels: State | None) -> Score:
    tariff = tariffs.get(name, instrument)
    if levels is None:
        return case.score(scale, None, set_id=tariff.id, reason=MISSING, mark=tariff.mark)
    value = float(tariff.values[_row(levels, tariff.levels)])
    return case.score(scale, value, set_id=tariff.id, mark=tariff.mark)


def _levels(scale: Scale, case: Case) -> State | None:
    try:
        return _in_order(scale.items)(case.worth)
    except KeyError:
        return None


@lru_cache(REMEMBERED)
def _in_order(codes: tuple[str, ...]) -> Callable[[Mapping[str, float]], State]:
    return itemgetter(*codes)


@lru_cache(REMEMBERED)
def _row(levels: State, highest: int) -> int:
    return states.number([int(level) for level in levels], highest)


@lru_cache(REMEMBERED)
def _digits(levels: State) -> str:
    return "".join(str(int(level)) for level in levels)


@lru_cache(REMEMBERED)
def _frequencies(levels: State, highest: int) -> str:
    return _digits(tuple(levels.count(level + 1) for level in range(highest)))
