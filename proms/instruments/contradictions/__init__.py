"""What a JSON Schema cannot see: parts of a definition that contradict each other."""

from collections.abc import Callable, Iterator

from proms.instruments.contradictions import asking, calibration, scoring
from proms.instruments.contradictions.problems import Problem
from proms.instruments.definition import Definition

CHECKS: tuple[Callable[[Definition], Iterator[Problem]], ...] = (
    asking.codes_are_unique,
    asking.items_suit_their_kind,
    asking.ranges_rise,
    asking.sections_exist,
    asking.conditions_look_back,
    asking.texts_are_whole,
    asking.licence_is_named,
    scoring.scales_read_what_exists,
    scoring.rules_fit_their_scale,
    scoring.bands_rise,
    scoring.changes_have_a_direction,
    calibration.bank_covers_its_scales,
    calibration.grids_have_points,
    calibration.parameters_fit_their_items,
    calibration.short_forms_are_in_the_bank,
    calibration.languages_differ,
)


def find(definition: Definition) -> tuple[Problem, ...]:
    """Return every contradiction, in the order of the checks."""
    return tuple(problem for check in CHECKS for problem in check(definition))
