"""A table of full response patterns in, the adaptive test each would have taken out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from proms.adaptive import session
from proms.adaptive.banks import Bank, InvalidAnswer
from proms.adaptive.stopping import Rules
from proms.scoring.rows import BadRow, is_text

ID = "id"
COLUMNS = ("id", "step", "item", "answer", "theta", "se")

Cells = list[str]
Answers = dict[str, str | None]


class Pattern(NamedTuple):
    """One person's answer to every item of a bank; None where it was skipped."""

    id: str
    answers: Answers


class Layout(NamedTuple):
    """Which column holds the id, and which each item."""

    width: int
    id: int
    items: Mapping[str, int]


def patterns(
    bank: Bank, rows: Iterable[tuple[int, Cells | BadRow]]
) -> Iterator[tuple[int, Pattern | BadRow]]:
    """Return each person's answers, or what is wrong with the row.

    :raises BadRow: if the header cannot be used, so that no row can be read.
    """
    numbered = iter(rows)
    layout = _layout(bank, next(numbered, (1, BadRow(1, "", "the file is empty")))[1])
    return ((line, _read(bank, layout, line, row)) for line, row in numbered)


def _read(bank: Bank, layout: Layout, line: int, row: Cells | BadRow) -> Pattern | BadRow:
    try:
        return _pattern(bank, layout, line, row)
    except InvalidAnswer as error:
        return BadRow(line, error.item, error.problem)
    except BadRow as bad:
        return bad


def steps(bank: Bank, rules: Rules, person: Pattern) -> Iterator[Cells]:
    """Return a row for each item that the test would have asked."""
    path = session.replay(bank, person.answers, rules)
    for number, step in enumerate(path.steps, start=1):
        answer = "" if step.answer is None else str(step.answer)
        yield [person.id, str(number), step.item, answer, _cell(step.theta), _cell(step.se)]


def categories(bank: Bank, people: Iterable[Pattern]) -> NDArray[np.intp]:
    """Return the answers of people as the model has them: shape (people, items)."""
    rows = [[bank.category(*answer) for answer in person.answers.items()] for person in people]
    return np.array(rows, dtype=np.intp).reshape(len(rows), len(bank.places))


def _cell(number: float) -> str:
    return f"{number:z.12f}"


def _layout(bank: Bank, header: Cells | BadRow) -> Layout:
    if isinstance(header, BadRow):
        raise header
    if not all(map(is_text, header)):
        raise BadRow(1, "", "the header is not UTF-8; save the file as UTF-8")
    names = [name.strip().lower() for name in header]
    wanted = {ID: ID, **{code: code.lower() for code in bank.places}}
    for code, name in wanted.items():
        if names.count(name) != 1:
            raise BadRow(1, code, "has two columns" if name in names else "has no column")
    places = {code: names.index(name) for code, name in wanted.items()}
    return Layout(len(header), places.pop(ID), places)


def _pattern(bank: Bank, layout: Layout, line: int, row: Cells | BadRow) -> Pattern:
    if isinstance(row, BadRow):
        raise row
    if len(row) > layout.width:
        raise BadRow(line, "", f"{len(row)} cells under {layout.width} columns")
    cells = [cell.strip() for cell in row] + [""] * (layout.width - len(row))
    if not is_text(cells[layout.id]) or not cells[layout.id]:
        raise BadRow(line, ID, "the row has no id in UTF-8")
    answers = {item: _answer(cells[place]) for item, place in layout.items.items()}
    for item, answer in answers.items():
        bank.category(item, answer)
    return Pattern(cells[layout.id], answers)


def _answer(cell: str) -> str | None:
    """Return an answer; statistics programs write 2 as 2.0 where a column has empty cells."""
    return cell.removesuffix(".0") or None
