"""A bank as an adaptive test needs it: what each answer means, under one calibration."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from proms.adaptive.graded_response import Floats, Table

# HealthMeasures: no T-score from fewer answers than this.
ENOUGH = 4
SKIPPED = -1

Answer = Hashable


class InvalidAnswer(ValueError):
    """An answer to an item that the bank lacks, or that its item does not allow."""

    def __init__(self, item: str, problem: str) -> None:
        super().__init__(f"{item}: {problem}")
        self.item = item
        self.problem = problem


@dataclass(frozen=True, eq=False)
class Bank:
    """The items of one calibration, in the order that settles ties.

    Parameters are those of one (bank, version, language, item). `options` says for each item
    which category of the model, from 0, each answer stands for: reversed options count down,
    collapsed ones share a category, and an option without one (`SKIPPED`) is no answer.
    """

    code: str
    version: str
    language: str
    set_id: str
    table: Table
    prior: Floats
    options: Mapping[str, Mapping[Answer, int]]
    healthiest: Literal["lowest", "highest", "unknown"] = "unknown"
    needed: int = ENOUGH

    @property
    def key(self) -> tuple[str, str, str]:
        """What the parameters of an item are kept under, beside its code."""
        return self.code, self.version, self.language

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each item in the bank, by code."""
        return self.table.places

    def category(self, item: str, answer: Answer) -> int:
        """Return the category that an answer stands for, or `SKIPPED`.

        :raises InvalidAnswer: for an unknown item, or an answer that its item does not allow.
        """
        options = self.options.get(item)
        if options is None:
            raise InvalidAnswer(item, f"no such item in {self.code}")
        if answer is None:
            return SKIPPED
        if answer not in options:
            known = ", ".join(map(str, options))
            raise InvalidAnswer(item, f"{str(answer)[:40]!r} is none of the options {known}")
        return options[answer]

    def is_healthiest(self, place: int, category: int) -> bool:
        """Whether this is the best that one can answer to the item."""
        return bool(self.healthiest_categories[place] == category)

    @cached_property
    def healthiest_categories(self) -> Floats:
        """The healthiest category of each item; none where higher is neither better nor worse."""
        if self.healthiest == "lowest":
            return np.zeros(len(self.table.codes))
        if self.healthiest == "highest":
            return np.asarray(self.table.categories - 1.0)
        return np.full(len(self.table.codes), np.nan)
