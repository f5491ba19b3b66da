"""When to stop: a test's rules, the four in common use, and which of them holds."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Machines differ in the last bits of a standard error: it is compared as if rounded to 1e-9.
HALF = 0.5e-9


class Rules(NamedTuple):
    """How a test chooses items and when it stops; 0 turns a limit on the standard error off.

    The standard error counts from `min_items` answers on; a skipped item is not an answer, but
    one of the `max_items` asked. `screen`: the healthiest answer to the first item stops.
    """

    id: str
    select: str = "mpwi"
    min_items: int = 4
    max_items: int = 12
    stop_se_t: float = 3.0
    stop_se_change: float = 0.0
    screen: bool = False


# HealthMeasures' CAT rules. Its SE limit "< 0.3" is inclusive, as in the engines that clinics run.
RECOMMENDED = Rules("recommended", max_items=8, stop_se_change=0.01)
NAMED: Mapping[str, Rules] = {
    "standard": Rules("standard"),
    "recommended": RECOMMENDED,
    "screen-to-cat": RECOMMENDED._replace(id="screen-to-cat", screen=True),
    "paediatric": Rules("paediatric", min_items=5, stop_se_t=4.0),
}

SCREEN = "screen"
SE = "se"
SE_CHANGE = "se_change"
MAX_ITEMS = "max_items"
BANK_EMPTY = "bank_empty"

Flags = bool | NDArray[np.bool_]


class Standing(NamedTuple):
    """What the rules look at, for one person, or as arrays for many.

    `se_change` is what the last answer took off the standard error, below zero where it grew.
    """

    asked: int | NDArray[np.intp]
    answered: int | NDArray[np.intp]
    se: float | NDArray[np.float64]
    se_change: float | NDArray[np.float64]
    healthiest_first: Flags


def holding(rules: Rules, at: Standing, items: int) -> dict[str, Flags]:
    """Return for each reason to stop whether it holds, the one that is named first coming first.

    `items` is the size of the bank.
    """
    enough = at.answered >= rules.min_items
    has_limit = rules.stop_se_change > 0
    return {
        SCREEN: at.healthiest_first & rules.screen,
        SE: enough & (at.se <= rules.stop_se_t / 10 + HALF),
        SE_CHANGE: enough & has_limit & (at.se_change < rules.stop_se_change - HALF),
        MAX_ITEMS: at.asked >= rules.max_items,
        BANK_EMPTY: at.asked >= items,
    }


def reason(rules: Rules, at: Standing, items: int) -> str:
    """Return why one person's test stops, or nothing while it goes on."""
    return next((name for name, holds in holding(rules, at, items).items() if holds), "")
