"""The options of commands over a bank: which calibration, which rules, which grid."""

import re
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from proms.adaptive import stopping
from proms.adaptive.banks import Bank
from proms.adaptive.selection import CRITERIA
from proms.adaptive.stopping import Rules
from proms.instruments import library
from proms.instruments.definition import Definition
from proms.instruments.rules import Grid
from proms.scoring import banks

MOST_POINTS = 10_001
# A standard error of T below this is one of theta, meant by mistake; no bank comes so far.
SMALLEST_SE_T = 1.0

LIMITS = ("select", "min_items", "max_items", "stop_se_t")

Options = Mapping[str, object]


def add_bank(parser: ArgumentParser) -> None:
    """Add the bank, its calibration and its grid."""
    parser.add_argument("bank", help="such as promis-anxiety")
    parser.add_argument("--language", default="", help="chooses item parameters")
    parser.add_argument("--grid", default="", metavar="LO:HI:STEP", help="-4:4:0.1 by default")
    # Else argparse takes the grid's minus sign for an option.
    parser._negative_number_matcher = re.compile(r"^-[0-9.]")


def add_limits(parser: ArgumentParser) -> None:
    """Add what may differ from the rules."""
    parser.add_argument("--select", choices=list(CRITERIA), help="how items are chosen")
    parser.add_argument("--min", type=int, dest="min_items", help="fewest answers")
    parser.add_argument("--max", type=int, dest="max_items", help="most items asked")
    parser.add_argument("--se", type=float, dest="stop_se_t", help="of T; 3.0 is 0.3 of theta")


def definition_of(options: Options) -> Definition:
    """Return the bank's definition, on the grid asked for.

    :raises CommandError: if there is no such bank or language, or the grid is none.
    """
    try:
        definition = library.get(str(options["bank"]))
    except library.UnknownInstrument as error:
        raise CommandError(f"There is no bank {error}; there are: {_known()}.") from error
    if not definition.adaptive:
        raise CommandError(f"{definition.code} is no bank; there are: {_known()}.")
    grid = _grid(str(options["grid"]))
    return banks.on_grid(definition, grid) if grid else definition


def bank_of(definition: Definition, options: Options) -> Bank:
    """Return the bank in the language asked for.

    :raises CommandError: if it has no such language.
    """
    language = str(options["language"])
    if language and language not in definition.languages:
        known = ", ".join(definition.languages)
        raise CommandError(f"{definition.code} has no language {language}; it has: {known}.")
    return banks.bank(definition, language)


def rules_of(definition: Definition, name: str, options: Options) -> Rules:
    """Return the named rules, or the bank's own, with the limits that were given.

    :raises CommandError: if the limits contradict each other.
    """
    rules = stopping.NAMED[name] if name else banks.rules(definition)
    limits: dict[str, Any] = {key: options[key] for key in LIMITS if options[key] is not None}
    rules = rules._replace(**limits)
    if not 1 <= rules.min_items <= rules.max_items:
        raise CommandError(f"--min {rules.min_items} and --max {rules.max_items} leave no test.")
    if rules.stop_se_t < 0 or 0 < rules.stop_se_t < SMALLEST_SE_T:
        raise CommandError(
            f"--se {rules.stop_se_t:g} is no limit of T: 3 is 0.3 of theta; 0: none."
        )
    return rules


def _known() -> str:
    return ", ".join(code for code in library.codes() if library.get(code).adaptive)


def _grid(text: str) -> Grid | None:
    if not text:
        return None
    try:
        low, high, step = map(float, text.split(":"))
        points = (high - low) / step + 1
    except (ValueError, ZeroDivisionError):
        raise CommandError(f"--grid {text} is not LO:HI:STEP, such as -4:4:0.1.") from None
    if step <= 0 or not 2 <= points <= MOST_POINTS:
        raise CommandError(f"--grid {text} does not have 2 to {MOST_POINTS:,} points.")
    return Grid(low, high, step)
