"""A score, what it was made with, and why it is missing where it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from proms.instruments.definition import Definition
from proms.instruments.scales import Scale

MISSING = "missing"
TOO_FEW = "too_few"
DISPUTED = "disputed"
DERIVED = "derived"


class CannotScore(Exception):
    """The caller asked for what cannot be: a set of another instrument, or an unknown one."""


class Score(NamedTuple):
    """One value on one scale.

    `set_id` names the value set or parameter set, `reason` says why `value` is None, and `mark`
    is `disputed` or `derived` where the set's table is.
    """

    scale: str
    value: float | str | None
    standard_error: float | None = None
    set_id: str = ""
    reason: str = ""
    mark: str = ""
    instrument: str = ""
    version: str = ""


@dataclass(frozen=True)
class Case:
    """What one person's answers to one instrument are worth, and how they are to be scored."""

    definition: Definition
    worth: Mapping[str, float]
    value_sets: tuple[str, ...] | None = None
    language: str = ""
    earlier: dict[str, Score] = field(default_factory=dict)

    def given(self, scale: Scale) -> dict[str, float]:
        """Return what the scale's answered items are worth, in the scale's order."""
        worth = self.worth
        return {code: worth[code] for code in scale.items if code in worth}

    def score(
        self,
        scale: Scale,
        value: float | str | None,
        standard_error: float | None = None,
        *,
        set_id: str = "",
        reason: str = "",
        mark: str = "",
    ) -> Score:
        """Return a score that names this instrument and version."""
        made_with = self.definition
        return Score(
            scale.code,
            value,
            standard_error,
            set_id,
            reason,
            mark,
            made_with.code,
            made_with.version,
        )
