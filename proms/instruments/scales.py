"""What is scored: scales with their rule, direction, bands, references and meaningful change."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from proms.instruments.fields import CODE, Says, Text
from proms.instruments.rules import Missing, Rule


@dataclass(frozen=True)
class Band:
    """A named stretch of a scale, from its lowest value up to the next band."""

    code: Annotated[str, Says("stored name of the band", pattern=CODE)]
    low: Annotated[float | None, Says("lowest value inside; null for the first band")]
    title: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Thresholds:
    """Bands of a scale, in rising order, with the source that drew them."""

    bands: Annotated[tuple[Band, ...], Says("in rising order", filled=True)]
    source: Annotated[str, Says("who drew the lines, with DOI", filled=True)]
    population: Annotated[str, Says("whom the lines were drawn for")] = ""
    country: Annotated[str, Says("country code of that population")] = ""


@dataclass(frozen=True)
class Reference:
    """How a population scored: what a single score may be compared with."""

    population: Annotated[str, Says("who was measured", filled=True)]
    country: Annotated[str, Says("country code", filled=True)]
    source: Annotated[str, Says("publication, with DOI", filled=True)]
    year: int | None = None
    n: Annotated[int | None, Says("number of people", minimum=1)] = None
    mean: float | None = None
    sd: Annotated[float | None, Says("standard deviation", above=0)] = None


@dataclass(frozen=True)
class Mic:
    """A minimal important change, as one study found it."""

    value: Annotated[float, Says("size of the change, without sign", above=0)]
    direction: Annotated[Literal["better", "worse"], Says("the way of the change")]
    population: Annotated[str, Says("who was studied", filled=True)]
    method: Annotated[str, Says("how the value was found", filled=True)]
    source: Annotated[str, Says("publication, with DOI", filled=True)]
    intervention: str = ""


Direction = Literal["higher_better", "higher_worse", "none"]


@dataclass(frozen=True)
class Scale:
    """One score: the items it reads and the rule that makes it."""

    code: Annotated[str, Says("stored name of the score", pattern=CODE)]
    rule: Rule
    items: Annotated[tuple[str, ...], Says("codes of the items it reads")] = ()
    title: Text = field(default_factory=dict)
    direction: Annotated[Direction, Says("which way is better")] = "none"
    missing: Missing = Missing()
    minimum: float | None = None
    maximum: float | None = None
    decimals: Annotated[
        int, Says("decimals shown to people; scores are kept unrounded", minimum=0)
    ] = 0
    unit: str = ""
    thresholds: tuple[Thresholds, ...] = ()
    references: tuple[Reference, ...] = ()
    mics: tuple[Mic, ...] = ()
