"""What is asked: items, their options, and when they show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Literal

from proms.instruments.fields import CODE, Says, Text

Answer = str | int | float | tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """One response option; reversed, collapsed and recoded options differ in score only."""

    code: Annotated[str, Says("what is stored as the answer", pattern=CODE)]
    score: Annotated[float | None, Says("what scoring reads; null counts as not answered")] = None
    text: Text = field(default_factory=dict)
    exclusive: Annotated[bool, Says("cannot be chosen together with others")] = False
    not_applicable: Annotated[bool, Says('"not relevant": counted apart, never scored')] = False


@dataclass(frozen=True)
class Condition:
    """A test of an earlier answer."""

    item: Annotated[str, Says("code of an earlier item", pattern=CODE)]
    operator: Literal["is", "is_not", "at_least", "at_most", "answered"]
    value: Annotated[str | float | None, Says("option code, number or date")] = None


@dataclass(frozen=True)
class Recode:
    """The score of a number between two limits, both included."""

    low: float
    high: float
    score: float


@dataclass(frozen=True)
class Number:
    """Range, precision and unit of a number or a visual analogue scale."""

    minimum: float | None = None
    maximum: float | None = None
    decimals: Annotated[int, Says("decimals that may be given", minimum=0)] = 0
    unit: Text = field(default_factory=dict)
    low_text: Annotated[Text, Says("what the lowest end of a VAS stands for")] = field(
        default_factory=dict
    )
    high_text: Annotated[Text, Says("what the highest end of a VAS stands for")] = field(
        default_factory=dict
    )
    recode: Annotated[tuple[Recode, ...], Says("scores by range, where not the number")] = ()


Kind = Literal["single", "multiple", "number", "text", "vas", "date"]
Skip = Literal["soft", "none", "option"]


@dataclass(frozen=True)
class Item:
    """One question."""

    code: Annotated[str, Says("what answers are stored under", pattern=CODE)]
    kind: Kind
    text: Text = field(default_factory=dict)
    title: Annotated[Text, Says("a few words, for tables and charts")] = field(default_factory=dict)
    instructions: Annotated[tuple[Text, ...], Says("separate points beside the question")] = ()
    option_set: Annotated[str, Says("name of shared options, in place of `options`")] = ""
    options: tuple[Option, ...] = ()
    number: Annotated[Number | None, Says("for numbers and VAS")] = None
    max_length: Annotated[int | None, Says("longest text", minimum=1)] = None
    section: Annotated[str, Says("code of the section it stands in")] = ""
    skip: Annotated[
        Skip,
        Says("soft: asked once more, then let go; none: required; option: may say 'rather not'"),
    ] = "soft"
    show_if: Annotated[tuple[Condition, ...], Says("shown only where these hold")] = ()
    show_when: Annotated[Literal["all", "any"], Says("how several conditions join")] = "all"

    @cached_property
    def options_by_code(self) -> Mapping[str, Option]:
        """The options, to be found by code."""
        return {option.code: option for option in self.options}


@dataclass(frozen=True)
class Section:
    """Items that stand together under a heading."""

    code: Annotated[str, Says("what items name it by", pattern=CODE)]
    title: Text = field(default_factory=dict)
    introduction: Text = field(default_factory=dict)
