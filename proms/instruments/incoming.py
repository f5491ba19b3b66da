"""Files from outside: bounded, decoded, and refused by place before anyone reads them."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

# A bank of several hundred items in a dozen languages is under one megabyte.
LARGEST = 5_000_000
# Our deepest definition has 8 levels, a FHIR questionnaire with sections 12.
DEEPEST = 20
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')


class InvalidFile(ValueError):
    """A file that cannot be taken in: where, what is wrong, and what mends it."""

    def __init__(self, place: str, problem: str, cure: str = "") -> None:
        super().__init__(f"{place}: {problem}. {cure}".strip() + ("." if cure else ""))
        self.place = place
        self.problem = problem
        self.cure = cure


def text(content: bytes, *, largest: int = LARGEST) -> str:
    """Return a file as text, with or without a byte-order mark.

    :raises InvalidFile: if it is too large, or not UTF-8.
    """
    if len(content) > largest:
        raise InvalidFile("file", f"over {largest} bytes", "Split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        place = f"line {line}, byte {column}"
        raise InvalidFile(place, "not UTF-8", "Save the file as UTF-8") from None


def document(content: bytes) -> Any:
    """Return what a JSON file holds.

    :raises InvalidFile: if it is no JSON, too deep, has a key twice, or NaN.
    """
    written = text(content)
    try:
        held = json.loads(written, parse_constant=_no_number, object_pairs_hook=_once)
    except RecursionError:
        _refuse_depth(_too_deep(written))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidFile(place, f"not JSON: {error.msg}", "Mend it there") from None
    for path, level in _levels(held):
        if level > DEEPEST:
            _refuse_depth(path)
    return held


def _no_number(constant: str) -> NoReturn:
    raise InvalidFile("file", f"{constant} is no number", "Leave the value out")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InvalidFile("file", f"the key {twice[:60]} stands twice in one object", "Keep one")
    return found


def _levels(held: Any) -> Iterator[tuple[str, int]]:
    """Return each part that holds others, with its JSON path and its depth."""
    waiting = [("$", 1, held)]
    while waiting:
        path, level, part = waiting.pop()
        if isinstance(part, dict):
            waiting += [(f"{path}.{key}", level + 1, value) for key, value in part.items()]
        elif isinstance(part, list):
            waiting += [(f"{path}[{n}]", level + 1, value) for n, value in enumerate(part)]
        else:
            continue
        yield path, level


def _too_deep(written: str) -> str:
    level = 0
    for found in _BRACKET.finditer(written):
        level += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if level > DEEPEST:
            line = written.count("\n", 0, found.start()) + 1
            return f"line {line}, column {found.start() - written.rfind(chr(10), 0, found.start())}"
    return "file"


def _refuse_depth(place: str) -> NoReturn:
    raise InvalidFile(place, f"nested too deeply: over {DEEPEST} levels", "Check what the file is")
