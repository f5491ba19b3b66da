"""Contradictions in what is asked: items, options, ranges, branching, texts."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from proms.instruments.contradictions.problems import Problem, items, repeated, span, unknown
from proms.instruments.definition import Definition
from proms.instruments.fields import Text
from proms.instruments.items import Condition, Item, Number


def codes_are_unique(definition: Definition) -> Iterator[Problem]:
    """No code stands twice in its list."""
    yield from repeated("$.items", (item.code for item in definition.items))
    yield from repeated("$.scales", (scale.code for scale in definition.scales))
    yield from repeated("$.sections", (section.code for section in definition.sections))
    yield from repeated("$.languages", definition.languages)
    for path, item in items(definition):
        yield from repeated(f"{path}.options", (option.code for option in item.options))


def items_suit_their_kind(definition: Definition) -> Iterator[Problem]:
    """Choices have options, numbers have ranges, and nothing else has either."""
    for path, item in items(definition):
        choice = item.kind in ("single", "multiple")
        if choice and not item.options:
            yield Problem(path, f"a {item.kind} choice has no options", "List options")
        if not choice and item.options:
            yield Problem(f"{path}.options", f"a {item.kind} has no options", "Remove them")
        if item.kind == "vas" and _open_ended(item.number):
            yield Problem(f"{path}.number", "a VAS needs both ends", "Give minimum and maximum")
        if item.number and item.kind not in ("number", "vas"):
            yield Problem(f"{path}.number", f"a {item.kind} has no range", "Remove it")


def _open_ended(number: Number | None) -> bool:
    return number is None or None in (number.minimum, number.maximum)


def ranges_rise(definition: Definition) -> Iterator[Problem]:
    """The low end of a range is below its high end, and recoded ranges do not overlap."""
    yield from span("$.ages", definition.ages.minimum, definition.ages.maximum)
    for path, item in items(definition):
        if item.number is not None:
            yield from span(f"{path}.number", item.number.minimum, item.number.maximum)
            yield from _recodes(f"{path}.number.recode", item.number)


def _recodes(path: str, number: Number) -> Iterator[Problem]:
    for place, (former, latter) in enumerate(pairwise(number.recode), start=1):
        if latter.low <= former.high:
            yield Problem(f"{path}[{place}].low", "overlaps the range before", "Let ranges rise")


def sections_exist(definition: Definition) -> Iterator[Problem]:
    """Every section that an item names is listed."""
    known = {section.code for section in definition.sections}
    for path, item in items(definition):
        if item.section and item.section not in known:
            yield unknown(f"{path}.section", "section", item.section)


def conditions_look_back(definition: Definition) -> Iterator[Problem]:
    """Conditions test answers that can have been given when the item's turn comes."""
    before: dict[str, Item] = {}
    for path, item in items(definition):
        for place, condition in enumerate(item.show_if):
            yield from _condition(f"{path}.show_if[{place}]", condition, before)
        before[item.code] = item


def _condition(path: str, condition: Condition, before: Mapping[str, Item]) -> Iterator[Problem]:
    asked = before.get(condition.item)
    if asked is None:
        cure = "Name an item that is asked before this one"
        yield Problem(f"{path}.item", f"{condition.item} is not asked before this item", cure)
    elif condition.operator != "answered" and condition.value is None:
        yield Problem(f"{path}.value", "there is nothing to compare with", "Give a value")
    elif condition.operator in ("is", "is_not") and not _can_be(asked, condition.value):
        what = f"{condition.item} has no option {condition.value}"
        yield Problem(f"{path}.value", what, "Name one of its options")


def _can_be(item: Item, value: str | float | None) -> bool:
    return not item.options or str(value) in item.options_by_code


def texts_are_whole(definition: Definition) -> Iterator[Problem]:
    """Every question and option has its text in every language of the definition."""
    for path, item in items(definition):
        yield from _text(f"{path}.text", item.text, definition)
        for place, option in enumerate(item.options):
            yield from _text(f"{path}.options[{place}].text", option.text, definition)


def _text(path: str, text: Text, definition: Definition) -> Iterator[Problem]:
    for language in definition.languages:
        if not text.get(language):
            cure = f"Write it, or take {language} out of $.languages"
            yield Problem(f"{path}.{language}", f"no text in {language}", cure)


def licence_is_named(definition: Definition) -> Iterator[Problem]:
    """Official wording says by which licence."""
    if definition.licence.wording == "official" and not definition.licence.reference:
        what = "official wording without a licence"
        yield Problem("$.licence.reference", what, "Give the licence's reference")
