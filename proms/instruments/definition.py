"""The one format of every instrument: a definition is data, read into these frozen classes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Literal

from proms.instruments.banks import Bank
from proms.instruments.fields import CODE, LANGUAGE, Says, Text
from proms.instruments.items import Item, Option, Section
from proms.instruments.scales import Scale

Mode = Literal["self", "interview", "proxy1", "proxy2"]
DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"
SPAN = r"^(day|P[0-9]+D|PT[0-9]+H)$"


@dataclass(frozen=True)
class Licence:
    """Who holds the rights, and whose words these are."""

    holder: Annotated[str, Says("holder of the rights to the instrument", filled=True)]
    wording: Annotated[
        Literal["demonstration", "own", "official"],
        Says("plain words of ours that nobody may publish with, our own items, or licensed text"),
    ]
    terms: str = ""
    reference: Annotated[str, Says("the licence's number, for official wording")] = ""
    until: Annotated[str, Says("last day of the licence as imported", pattern=DAY)] = ""


@dataclass(frozen=True)
class Recall:
    """The time that the questions ask about."""

    period: Annotated[str, Says("ISO 8601; P0D is today", pattern=r"^P(\d+[DWMY])+$")]
    text: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Ages:
    """Ages in years that the instrument is made for, both included."""

    minimum: Annotated[int | None, Says("youngest", minimum=0)] = None
    maximum: Annotated[int | None, Says("oldest", minimum=0)] = None


@dataclass(frozen=True)
class Definition:
    """One version of one instrument, in every language it has."""

    code: Annotated[str, Says("lower-case id, kept for ever", pattern=r"^[a-z0-9][a-z0-9-]*$")]
    version: Annotated[str, Says("immutable once used", pattern=CODE)]
    name: Annotated[str, Says("the name people know", filled=True)]
    items: Annotated[tuple[Item, ...], Says("in the order asked", filled=True)]
    scales: tuple[Scale, ...]
    languages: Annotated[tuple[str, ...], Says("that every text exists in", LANGUAGE, filled=True)]
    licence: Licence
    citation: Annotated[tuple[str, ...], Says("publications, with DOI")] = ()
    title: Annotated[Text, Says("the name in each language")] = field(default_factory=dict)
    introduction: Text = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    option_sets: Annotated[Mapping[str, tuple[Option, ...]], Says("options shared by items")] = (
        field(default_factory=dict)
    )
    modes: Annotated[tuple[Mode, ...], Says("who may answer, and how", filled=True)] = ("self",)
    visibility: Annotated[
        Literal["individual", "aggregate"],
        Says("aggregate: never shown per person to those who gave the care"),
    ] = "individual"
    recall: Recall | None = None
    span: Annotated[str, Says("longest time between first and last answer", pattern=SPAN)] = "P7D"
    ages: Ages = Ages()
    bank: Annotated[Bank | None, Says("item parameters, for banks and their short forms")] = None

    def __hash__(self) -> int:
        return hash((self.code, self.version))

    @property
    def demonstration(self) -> bool:
        """Whether every page must say that the wording is ours, not the official one."""
        return self.licence.wording == "demonstration"

    @property
    def adaptive(self) -> bool:
        """Whether this is a bank, asked one item at a time as an adaptive test."""
        return self.bank is not None and not self.bank.short_form_of

    @property
    def span_limit(self) -> timedelta | None:
        """The longest time between first and last answer; None is the same Stockholm day."""
        if self.span == "day":
            return None
        number = int(re.sub(r"\D", "", self.span))
        return timedelta(hours=number) if self.span.endswith("H") else timedelta(days=number)

    @cached_property
    def branches(self) -> bool:
        """Whether any item shows only after certain answers."""
        return any(item.show_if for item in self.items)

    @cached_property
    def items_by_code(self) -> Mapping[str, Item]:
        """The items, to be found by code."""
        return {item.code: item for item in self.items}

    @cached_property
    def scales_by_code(self) -> Mapping[str, Scale]:
        """The scales, to be found by code."""
        return {scale.code: scale for scale in self.scales}
