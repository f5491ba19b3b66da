"""An instrument's definition as the adaptive engine takes it: its bank, and its own rules."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Literal

from proms.adaptive.banks import SKIPPED, Answer, Bank
from proms.adaptive.stopping import Rules
from proms.instruments.definition import Definition
from proms.instruments.items import Item
from proms.instruments.rules import Grid, PatternT
from proms.scoring import tscores

# The scale of a bank that response patterns are scored on.
SCALE = "t"
OWN = "bank"
HEALTHIEST: Mapping[str, Literal["lowest", "highest", "unknown"]] = {
    "higher_worse": "lowest",
    "higher_better": "highest",
    "none": "unknown",
}


@cache
def bank(definition: Definition, language: str = "") -> Bank:
    """Return the bank under the calibration of a language, built once per process."""
    scale = definition.scales_by_code[SCALE]
    model = tscores.calibration(definition, SCALE, language)
    return Bank(
        code=definition.code,
        version=definition.version,
        language=language,
        set_id=model.set_id,
        table=model.table,
        prior=model.prior,
        options={code: _options(definition.items_by_code[code]) for code in scale.items},
        healthiest=HEALTHIEST[scale.direction],
        needed=scale.missing.needed(len(scale.items)),
    )


def rules(definition: Definition) -> Rules:
    """Return the bank's own rules, the engine's default."""
    assert definition.bank is not None
    own = definition.bank.rules
    return Rules(OWN, own.select, own.min_items, own.max_items, own.stop_se_t)


def on_grid(definition: Definition, grid: Grid) -> Definition:
    """Return the same bank with its patterns scored on another grid of theta."""
    scales = tuple(
        replace(scale, rule=replace(scale.rule, grid=grid))
        if isinstance(scale.rule, PatternT)
        else scale
        for scale in definition.scales
    )
    return replace(definition, scales=scales)


def _options(item: Item) -> Mapping[Answer, int]:
    """Return the category of each option: its score, from 1, less one."""
    return {
        option.code: SKIPPED if option.score is None else int(option.score) - 1
        for option in item.options
    }
