"""Which items show, given the answers so far."""

from collections.abc import Mapping

from proms.instruments.definition import Definition
from proms.instruments.items import Answer, Condition, Item


def shown(definition: Definition, answers: Mapping[str, Answer]) -> tuple[Item, ...]:
    """Return the items to ask, in order; the answer to a hidden item opens nothing."""
    seen: dict[str, Answer] = {}
    items = []
    for item in definition.items:
        if is_shown(item, seen):
            items.append(item)
            if item.code in answers:
                seen[item.code] = answers[item.code]
    return tuple(items)


def is_shown(item: Item, answers: Mapping[str, Answer]) -> bool:
    """Whether an item's conditions hold for the answers to the items before it."""
    if not item.show_if:
        return True
    join = all if item.show_when == "all" else any
    return join(holds(condition, answers.get(condition.item)) for condition in item.show_if)


def holds(condition: Condition, answer: Answer | None) -> bool:
    """Whether a condition holds; without an answer none does.

    >>> holds(Condition("pain", "at_least", 4), 7)
    True
    """
    if answer is None:
        return False
    if condition.operator == "answered":
        return True
    if condition.operator in ("is", "is_not"):
        return _is(answer, condition.value) == (condition.operator == "is")
    difference = _ordered(answer, condition.value)
    return difference >= 0 if condition.operator == "at_least" else difference <= 0


def _is(answer: Answer, value: str | float | None) -> bool:
    if isinstance(answer, tuple):
        return value in answer
    return _ordered(answer, value) == 0


def _ordered(answer: Answer, value: str | float | None) -> float:
    """Return a number below, at or above zero as the answer is below, at or above the value."""
    try:
        return float(str(answer)) - float(str(value))
    except ValueError:
        return (str(answer) > str(value)) - (str(answer) < str(value))
