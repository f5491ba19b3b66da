"""The kinds of scoring rule that a scale may name, each with its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from proms.instruments.fields import Says


@dataclass(frozen=True)
class Missing:
    """How many answers a scale needs before it has a score."""

    rule: Annotated[
        Literal["all", "half", "at_least"],
        Says("every item, at least half of them, or at least `minimum` of them"),
    ] = "all"
    minimum: Annotated[int, Says("answers needed under `at_least`", minimum=0)] = 0

    def needed(self, items: int) -> int:
        """Return the number of answers that a scale of so many items needs.

        >>> Missing("half").needed(5)
        3
        """
        return {"all": items, "half": (items + 1) // 2, "at_least": self.minimum}[self.rule]


@dataclass(frozen=True)
class Grid:
    """Evenly spaced points of theta."""

    low: float = -4.0
    high: float = 4.0
    step: Annotated[float, Says("distance between points", above=0)] = 0.1


@dataclass(frozen=True)
class Prior:
    """The normal distribution of theta before any answer."""

    mean: float = 0.0
    sd: Annotated[float, Says("standard deviation", above=0)] = 1.0


@dataclass(frozen=True)
class Value:
    """The answer to one item, as it is."""

    kind: Literal["value"] = "value"


@dataclass(frozen=True)
class Profile:
    """The levels of the items in a row, as text."""

    kind: Literal["profile"] = "profile"


@dataclass(frozen=True)
class LevelSum:
    """The sum of the levels of a profile."""

    kind: Literal["level_sum"] = "level_sum"


@dataclass(frozen=True)
class LevelFrequencies:
    """How many items stand at each level, as text with leading zeros."""

    kind: Literal["level_frequencies"] = "level_frequencies"


@dataclass(frozen=True)
class Index:
    """The value of a profile under published value sets."""

    instrument: Annotated[str, Says("the value sets' name of the descriptive system")]
    default_sets: Annotated[tuple[str, ...], Says("value sets used where none is named")] = ()
    no_set: Annotated[str, Says("reason given where no set is named or default")] = "no_value_set"
    kind: Literal["index"] = "index"


@dataclass(frozen=True)
class Sum:
    """The sum of option scores; missing ones stand for the mean of the answered."""

    kind: Literal["sum"] = "sum"


@dataclass(frozen=True)
class Mean:
    """The mean of the option scores of the answered items."""

    kind: Literal["mean"] = "mean"


@dataclass(frozen=True)
class Rescaled:
    """The mean of the answered items, moved linearly to 0-100."""

    lowest: Annotated[float, Says("the mean that becomes 0, or 100 where reversed")]
    highest: Annotated[float, Says("the mean that becomes 100, or 0 where reversed")]
    reversed: bool = False
    kind: Literal["rescaled"] = "rescaled"


@dataclass(frozen=True)
class Weighted:
    """The weighted mean of option values, weights re-normalised over answered items."""

    weights: Annotated[Mapping[str, float], Says("weight by item code; 1 where not named")] = field(
        default_factory=dict
    )
    positive_from: Annotated[float, Says("option values from here on count as positive")] = 75.0
    kind: Literal["weighted"] = "weighted"


@dataclass(frozen=True)
class MeanOfScales:
    """The mean of other scales of the same definition, all of which must have a score."""

    scales: Annotated[tuple[str, ...], Says("codes of scales listed before this one", filled=True)]
    turned: Annotated[tuple[str, ...], Says("those of them that enter as 100 minus score")] = ()
    kind: Literal["mean_of_scales"] = "mean_of_scales"


@dataclass(frozen=True)
class PatternT:
    """T-score by response pattern: EAP under the graded response model."""

    grid: Grid = Grid()
    prior: Prior = Prior()
    kind: Literal["pattern_t"] = "pattern_t"


@dataclass(frozen=True)
class SumT:
    """T-score by sum score: EAP of the sum by the Lord-Wingersky recursion."""

    grid: Grid = Grid(low=-4.5, high=4.5)
    prior: Prior = Prior()
    kind: Literal["sum_t"] = "sum_t"


Rule = (
    Value
    | Profile
    | LevelSum
    | LevelFrequencies
    | Index
    | Sum
    | Mean
    | Rescaled
    | Weighted
    | MeanOfScales
    | PatternT
    | SumT
)
