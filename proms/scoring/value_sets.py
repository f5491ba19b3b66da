"""The EQ-5D value sets: what each is, where it was published, and its value of every state."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from proms.scoring import states
from proms.scoring.formulas import FORMULAS
from proms.scoring.states import Floats

FILE = Path(__file__).with_name("value_sets.json")
LEVELS = {"EQ-5D-3L": 3, "EQ-5D-Y-3L": 3, "EQ-5D-5L": 5}


@dataclass(frozen=True)
class ValueSet:
    """One published set of coefficients; `disputed` says what independent sources disagree on."""

    id: str
    instrument: str
    country: str
    method: str
    family: str
    unit: str
    start: float
    terms: Mapping[str, float]
    value_best_state: float
    min: float
    doi: str
    citation: str
    perspective: str = ""
    overrides: Mapping[str, float] = field(default_factory=dict)
    disputed: str = ""
    note: str = ""


@cache
def document() -> Mapping[str, Any]:
    """Return the data file as it stands."""
    facts: Mapping[str, Any] = json.loads(FILE.read_bytes())
    return facts


@cache
def all_sets() -> Mapping[str, ValueSet]:
    """Return every value set by id, in the order of the data file."""
    return {facts["id"]: ValueSet(**facts) for facts in document()["value_sets"]}


@cache
def table(set_id: str) -> Floats:
    """Return the set's unrounded value of every state, in the order of `states.all_states`.

    :raises KeyError: if there is no such set.
    """
    value_set = all_sets()[set_id]
    levels = LEVELS[value_set.instrument]
    formula = FORMULAS[value_set.family.split("-")[0]]
    values = formula(value_set.start, value_set.terms, states.all_states(levels))
    for state, value in value_set.overrides.items():
        values[states.number(states.parse(state, levels), levels)] = value
    values.flags.writeable = False
    return values
