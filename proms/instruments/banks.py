"""What makes an instrument a bank: item parameters, rules of its adaptive test, short forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from proms.instruments.fields import CODE, Says


@dataclass(frozen=True)
class Parameters:
    """Graded response parameters of one item, logistic, D = 1 (Samejima 1969)."""

    discrimination: Annotated[float, Says("slope a", above=0)]
    thresholds: Annotated[tuple[float, ...], Says("b, strictly rising", filled=True)]


@dataclass(frozen=True)
class ParameterSet:
    """One calibration of a bank; another language names only the items that differ."""

    id: Annotated[str, Says("kept with every score", pattern=CODE)]
    items: Annotated[Mapping[str, Parameters], Says("parameters by item code")]
    language: Annotated[str, Says("empty: every language without a set of its own")] = ""
    source: Annotated[str, Says("publication, with DOI")] = ""


@dataclass(frozen=True)
class AdaptiveRules:
    """How the bank's own adaptive test chooses and stops."""

    select: Literal["mpwi", "mfi", "mepv", "mepv-plugin"] = "mpwi"
    min_items: Annotated[int, Says("fewest items", minimum=1)] = 4
    max_items: Annotated[int, Says("most items", minimum=1)] = 12
    stop_se_t: Annotated[float, Says("stop at this standard error of T or below", above=0)] = 3.0


@dataclass(frozen=True)
class Bank:
    """Calibrations, rules and short forms of a bank."""

    parameter_sets: Annotated[tuple[ParameterSet, ...], Says("the general one first", filled=True)]
    rules: AdaptiveRules = AdaptiveRules()
    short_forms: Annotated[Mapping[str, tuple[str, ...]], Says("item codes by suffix")] = field(
        default_factory=dict
    )
    short_form_of: Annotated[str, Says("bank that these items were taken from")] = ""

    def parameters(self, language: str = "") -> tuple[str, Mapping[str, Parameters]]:
        """Return the id and the parameters in force for answers in a language.

        Items without differing parameters anchor a language's set to the general one.
        """
        general = self.parameter_sets[0]
        own = next((s for s in self.parameter_sets[1:] if s.language == language), None)
        if own is None:
            return general.id, general.items
        return own.id, {**general.items, **own.items}
