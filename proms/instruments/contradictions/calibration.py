"""Contradictions in a bank: parameters, thresholds, short forms."""

from collections.abc import Iterator

from proms.instruments.banks import Parameters
from proms.instruments.contradictions.problems import Problem, rising, scales, unknown
from proms.instruments.definition import Definition
from proms.instruments.items import Item
from proms.instruments.rules import PatternT, SumT
from proms.instruments.scales import Scale


def bank_covers_its_scales(definition: Definition) -> Iterator[Problem]:
    """Every item of a T-score has parameters."""
    for path, scale in scales(definition):
        if isinstance(scale.rule, PatternT | SumT):
            yield from _calibrated(path, scale, definition)


def _calibrated(path: str, scale: Scale, definition: Definition) -> Iterator[Problem]:
    if definition.bank is None:
        yield Problem(f"{path}.rule", "a T-score needs item parameters", "Add $.bank")
        return
    general = definition.bank.parameter_sets[0].items
    for place, code in enumerate(scale.items):
        if code not in general:
            cure = "Add them to $.bank.parameter_sets[0]"
            yield Problem(f"{path}.items[{place}]", f"{code} has no parameters", cure)


def grids_have_points(definition: Definition) -> Iterator[Problem]:
    """The grid of a T-score runs upwards and is no finer than anyone needs."""
    for path, scale in scales(definition):
        if isinstance(scale.rule, PatternT | SumT):
            grid = scale.rule.grid
            if not 1 <= (grid.high - grid.low) / grid.step <= 10_000:
                yield Problem(
                    f"{path}.rule.grid", "not 2 to 10,001 points", "Mend its ends or step"
                )


def parameters_fit_their_items(definition: Definition) -> Iterator[Problem]:
    """Thresholds rise, one fewer than the item's scores."""
    sets = definition.bank.parameter_sets if definition.bank else ()
    for place, calibration in enumerate(sets):
        for code, parameters in calibration.items.items():
            path = f"$.bank.parameter_sets[{place}].items.{code}"
            item = definition.items_by_code.get(code)
            if item is None:
                yield unknown(path, "item", code)
            else:
                yield from _parameters(path, parameters, item)


def _parameters(path: str, parameters: Parameters, item: Item) -> Iterator[Problem]:
    if not rising(parameters.thresholds):
        yield Problem(f"{path}.thresholds", "thresholds do not rise", "Check their order")
    expected = set(range(1, len(parameters.thresholds) + 2))
    if {option.score for option in item.options if option.score is not None} != expected:
        what = f"{len(parameters.thresholds)} thresholds ask for option scores {sorted(expected)}"
        yield Problem(f"{path}.thresholds", what, "One threshold fewer than scores, scores from 1")


def short_forms_are_in_the_bank(definition: Definition) -> Iterator[Problem]:
    """A short form's items are the bank's."""
    forms = definition.bank.short_forms if definition.bank else {}
    for suffix, codes in forms.items():
        for place, code in enumerate(codes):
            if code not in definition.items_by_code:
                yield unknown(f"$.bank.short_forms.{suffix}[{place}]", "item", code)


def languages_differ(definition: Definition) -> Iterator[Problem]:
    """Only the first calibration stands for every language."""
    sets = definition.bank.parameter_sets if definition.bank else ()
    for place, calibration in enumerate(sets[1:], start=1):
        if not calibration.language:
            path = f"$.bank.parameter_sets[{place}].language"
            yield Problem(path, "a second general calibration", "Name its language")
