"""Answers as they may be given: checked against the item, and what each is worth."""

import math
from collections.abc import Callable, Mapping
from datetime import date

from proms.instruments import branching
from proms.instruments.definition import Definition
from proms.instruments.items import Answer, Item, Number

# PostgreSQL and every spreadsheet hold this; nobody writes more in one box.
LONGEST_TEXT = 100_000


class InvalidAnswer(ValueError):
    """An answer that its item does not allow."""

    def __init__(self, item: str, problem: str) -> None:
        super().__init__(f"{item}: {problem}")
        self.item = item
        self.problem = problem


def given(definition: Definition, answers: Mapping[str, object]) -> dict[str, Answer]:
    """Return the answers that count: checked, without blank ones and those to hidden items.

    :raises InvalidAnswer: for an unknown item, or an answer that its item does not allow.
    """
    items = definition.items_by_code
    counted: dict[str, Answer] = {}
    for code, answer in answers.items():
        if code not in items:
            raise InvalidAnswer(code, "no such item")
        if answer is not None and answer != "" and answer != ():
            counted[code] = check(items[code], answer)
    return _without_hidden(definition, counted) if definition.branches else counted


def _without_hidden(definition: Definition, answers: dict[str, Answer]) -> dict[str, Answer]:
    shown = {item.code for item in branching.shown(definition, answers)}
    return {code: answer for code, answer in answers.items() if code in shown}


def check(item: Item, answer: object) -> Answer:
    """Return an answer in its stored form: option codes and dates as text, numbers as numbers.

    :raises InvalidAnswer: if the item does not allow it.
    """
    return _CHECKS[item.kind](item, answer)


def worth(definition: Definition, answers: Mapping[str, Answer]) -> dict[str, float]:
    """Return what each answer that has a number is worth to scoring, by item code."""
    items = definition.items_by_code
    numbers = {}
    for code, answer in answers.items():
        number = score_of(items[code], answer)
        if number is not None:
            numbers[code] = number
    return numbers


def score_of(item: Item, answer: Answer) -> float | None:
    """Return what an answer is worth to scoring, or None if it has no number."""
    if item.kind == "single":
        option = item.options_by_code.get(str(answer))
        return option.score if option else None
    if isinstance(answer, (int, float)):
        return _recoded(item.number or Number(), answer)
    return None


def _recoded(number: Number, answer: float) -> float:
    for step in number.recode:
        if step.low <= answer <= step.high:
            return step.score
    return float(answer)


def _single(item: Item, answer: object) -> str:
    code = answer if isinstance(answer, str) else _code(answer)
    if code in item.options_by_code:
        return code
    known = ", ".join(item.options_by_code)
    raise InvalidAnswer(item.code, f"{_short(answer)} is none of the options {known}")


def _code(answer: object) -> str:
    return str(answer) if isinstance(answer, int) and not isinstance(answer, bool) else repr(answer)


def _multiple(item: Item, answer: object) -> tuple[str, ...]:
    if not isinstance(answer, (tuple, list)):
        raise InvalidAnswer(item.code, "a list of option codes is expected")
    chosen = {_single(item, code) for code in answer}
    if len(chosen) < len(answer):
        raise InvalidAnswer(item.code, "an option is chosen twice")
    alone = [option.code for option in item.options if option.exclusive and option.code in chosen]
    if alone and len(chosen) > 1:
        raise InvalidAnswer(item.code, f"{alone[0]} cannot be chosen together with others")
    return tuple(option.code for option in item.options if option.code in chosen)


def _number(item: Item, answer: object) -> int | float:
    value = _parsed(item, answer)
    number = item.number or Number()
    if number.minimum is not None and value < number.minimum:
        raise InvalidAnswer(item.code, f"{_short(answer)} is below {number.minimum:g}")
    if number.maximum is not None and value > number.maximum:
        raise InvalidAnswer(item.code, f"{_short(answer)} is above {number.maximum:g}")
    if round(value, number.decimals) != value:
        raise InvalidAnswer(item.code, f"{_short(answer)} has over {number.decimals} decimals")
    return value if number.decimals else int(value)


def _parsed(item: Item, answer: object) -> float:
    if isinstance(answer, bool) or not isinstance(answer, (int, float, str)):
        raise InvalidAnswer(item.code, "a number is expected")
    if isinstance(answer, str) and "," in answer:
        raise InvalidAnswer(item.code, f"{_short(answer)} has a comma; decimals take a point")
    try:
        value = float(answer)
    except (ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value) or "_" in str(answer):
        raise InvalidAnswer(item.code, f"{_short(answer)} is not a number")
    return value


def _text(item: Item, answer: object) -> str:
    if not isinstance(answer, str):
        raise InvalidAnswer(item.code, "text is expected")
    longest = item.max_length or LONGEST_TEXT
    if len(answer) > longest:
        raise InvalidAnswer(item.code, f"{len(answer)} characters; at most {longest} are kept")
    if "\x00" in answer:
        raise InvalidAnswer(item.code, "a NUL character is not text")
    return answer


def _date(item: Item, answer: object) -> str:
    try:
        return date.fromisoformat(str(answer)).isoformat()
    except ValueError:
        raise InvalidAnswer(item.code, f"{_short(answer)} is not a date YYYY-MM-DD") from None


def _short(answer: object) -> str:
    text = repr(answer)
    return text if len(text) <= 40 else f"{text[:36]}..."


_CHECKS: Mapping[str, Callable[[Item, object], Answer]] = {
    "single": _single,
    "multiple": _multiple,
    "number": _number,
    "vas": _number,
    "text": _text,
    "date": _date,
}
