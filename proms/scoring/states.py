"""EQ-5D health states: five levels, their order, and tables over all of them."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = ("MO", "SC", "UA", "PD", "AD")

Levels = NDArray[np.int8]
Floats = NDArray[np.float64]


@cache
def all_states(levels: int) -> Levels:
    """Return every state in rising order, one row each: shape (levels ** 5, 5), values 1..levels.

    >>> all_states(3)[[0, 1, -1]].tolist()
    [[1, 1, 1, 1, 1], [1, 1, 1, 1, 2], [3, 3, 3, 3, 3]]
    """
    rows = np.indices((levels,) * 5, dtype=np.int8).reshape(5, -1).T + np.int8(1)
    rows.flags.writeable = False
    return rows


def parse(profile: str, levels: int) -> list[int]:
    """Return the five levels of a profile.

    :raises ValueError: if it is not five digits from 1 to `levels`.

    >>> parse("11135", 5)
    [1, 1, 1, 3, 5]
    """
    known = "12345"[:levels]
    if len(profile) != 5 or any(digit not in known for digit in profile):
        raise ValueError(f"{profile[:20]!r} is not five digits from 1 to {levels}")
    return [int(digit) for digit in profile]


def number(state: Sequence[int], levels: int) -> int:
    """Return the row of a state in `all_states`.

    >>> number([1, 1, 1, 1, 2], 5)
    1
    """
    place = 0
    for level in state:
        place = place * levels + level - 1
    return place


def numbers(profiles: Levels, levels: int) -> NDArray[np.intp]:
    """Return the rows in `all_states` of many profiles, shape (n, 5).

    :raises ValueError: if a level is not 1..levels.
    """
    if profiles.size and (profiles.min() < 1 or profiles.max() > levels):
        raise ValueError(f"levels must be 1 to {levels}")
    places = np.zeros(len(profiles), dtype=np.intp)
    for dimension in range(5):
        places *= levels
        places += profiles[:, dimension]
        places -= 1
    return places
