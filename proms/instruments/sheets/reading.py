"""Definitions from a table of items, CSV or Excel, every fault named by row and column."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from proms.instruments import parsing, tables
from proms.instruments.definition import Definition
from proms.instruments.fields import LANGUAGE
from proms.instruments.incoming import InvalidFile
from proms.instruments.sheets.columns import (
    ALIASES,
    HEADINGS,
    INSTRUMENT,
    KINDS,
    PLAIN,
    SECTION,
    SPOKEN,
    unique,
)
from proms.instruments.tables import Row

_LINE = re.compile(r"([^\s=]+)\s*=(.*)", re.DOTALL)
_CONDITION = re.compile(r"(\S+) (is_not|is|at_least|at_most|answered)(?: (\S+))?")


def read(content: bytes, **whole: str) -> Definition:
    """Return the definition in a table; `whole` says what a table without an instrument row lacks.

    :raises InvalidFile: naming the row and column.
    :raises parsing.InvalidDefinition: naming the JSON path, where the parts contradict.
    """
    table = [_renamed(row) for row in tables.read(content)]
    document: dict[str, Any] = {"items": [], "scales": [], "sections": [], "option_sets": {}}
    document |= _whole({}, whole)
    for row in table:
        _take(row, document)
    if not document["items"]:
        raise InvalidFile("file", "no row is an item", f"Let `kind` be one of {', '.join(KINDS)}")
    document.setdefault("languages", _spoken_in(document["items"]))
    return parsing.validated({name: part for name, part in document.items() if part or _kept(name)})


def _kept(name: str) -> bool:
    return name in ("items", "scales", "licence")


def _renamed(row: Row) -> Row:
    def named(cells: Mapping[str, str]) -> dict[str, str]:
        return {ALIASES.get(name, name): cell for name, cell in cells.items()}

    renamed = Row(named(row.cells), named(row.places), row.place)
    for name in renamed.cells:
        column, colon, language = name.partition(":")
        spoken = column in SPOKEN and bool(colon) and re.match(LANGUAGE, language)
        if not spoken and name not in (*HEADINGS, *PLAIN):
            raise row.refuse(name, f"no column is called {name[:60]}", "See the exported table")
    return renamed


def _take(row: Row, document: dict[str, Any]) -> None:
    kind = row.get("kind").lower() or ("single" if _said(row, "options") else "text")
    if kind == INSTRUMENT:
        document |= _whole(document, dict(_details_of(row)))
        document |= {"code": row.get("code"), "title": _said(row, "title")}
        document["introduction"] = _said(row, "text")
    elif kind == SECTION:
        introduction = {"introduction": _said(row, "text")} if _said(row, "text") else {}
        section = {"code": row.get("code"), "title": _said(row, "title"), **introduction}
        document["sections"].append(section)
    elif kind in KINDS:
        document["items"].append(_item_of(row, kind, document))
    else:
        raise row.refuse("kind", f"there is no kind {kind[:40]}", f"One of {', '.join(KINDS)}")


def _said(row: Row, name: str) -> dict[str, str]:
    start = f"{name}:"
    return {
        column.removeprefix(start): cell
        for column, cell in row.cells.items()
        if column.startswith(start) and cell
    }


def _details_of(row: Row) -> Iterator[tuple[str, str]]:
    for line in filter(None, row.get("details").split("\n")):
        found = _LINE.fullmatch(line.strip())
        if not found:
            raise row.refuse("details", f"{line[:40]} is not `name = value`")
        yield found[1], found[2].strip()


def _whole(document: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    """Return what is said once of the whole, nested as the document has it."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        owner, dot, key = name.partition(".")
        if name in ("languages", "modes", "citation"):
            found[name] = [_unescaped(part) for part in value.split(" | ")]
        elif not dot:
            found[name] = _unescaped(value)
        else:
            place = found.setdefault(owner, dict(document.get(owner, {})))
            _put(place, owner, key, _unescaped(value))
    return found


def _put(place: dict[str, Any], owner: str, key: str, value: str) -> None:
    if owner == "ages":
        place[key] = int(value) if value.isdecimal() else value
    elif owner == "recall" and key != "period":
        place.setdefault("text", {})[key] = value
    else:
        place[key] = value


def _item_of(row: Row, kind: str, document: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"code": row.get("code"), "kind": kind, "text": _said(row, "text")}
    for name in ("section", "skip", "show_when"):
        if row.get(name):
            item[name] = row.get(name)
    item |= {"title": title} if (title := _said(row, "title")) else {}
    item |= {"max_length": int(length)} if (length := _number_in(row, "max_length")) else {}
    item |= {"instructions": points} if (points := _instructions(row)) else {}
    item |= {"show_if": [_condition_in(row, line) for line in _lines(row, "show_if")]}
    item |= {"number": number} if (number := _number_of(row)) else {}
    return _with_options(row, {name: part for name, part in item.items() if part}, document)


def _with_options(row: Row, item: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return an item with its options, kept once where several items name the same set."""
    options, name = _options_of(row), row.get("option_set")
    if not name:
        return {**item, "options": options} if options else item
    if document["option_sets"].setdefault(name, options) not in (options, []):
        raise row.refuse("option_set", f"the options of {name} differ from an item before")
    return {**item, "option_set": name}


def _instructions(row: Row) -> list[dict[str, str]]:
    spoken = {language: cell.split("\n") for language, cell in _said(row, "instructions").items()}
    points = [
        {
            language: _unescaped(lines[place])
            for language, lines in spoken.items()
            if place < len(lines) and lines[place]
        }
        for place in range(max(map(len, spoken.values()), default=0))
    ]
    return [point for point in points if point]


def _options_of(row: Row) -> list[dict[str, Any]]:
    options: dict[str, dict[str, Any]] = {}
    for language in _said(row, "options"):
        seen: set[str] = set()
        for code, text in _coded(row, f"options:{language}"):
            if code in seen:
                raise row.refuse(f"options:{language}", f"the option {code} stands twice")
            seen.add(code)
            words = {language: _unescaped(text)} if text else {}
            options.setdefault(code, {"code": code, "text": {}})["text"] |= words
    _mark(row, options)
    return [
        {name: part for name, part in option.items() if part != {}} for option in options.values()
    ]


def _mark(row: Row, options: Mapping[str, dict[str, Any]]) -> None:
    marks = [("scores", code, "score", value) for code, value in _coded(row, "scores")]
    for name in ("exclusive", "not_applicable"):
        marks += [(name, code, name, "") for code in _lines(row, name)]
    for column, code, name, value in marks:
        if code not in options:
            raise row.refuse(column, f"there is no option {code[:40]}", "Add it to the options")
        options[code][name] = _parsed(row, column, value) if name == "score" else True


def _coded(row: Row, column: str) -> Iterator[tuple[str, str]]:
    for place, line in enumerate(_lines(row, column), start=1):
        found = _LINE.fullmatch(line.strip())
        if found:
            yield found[1], found[2].strip()
        elif column == "scores":
            raise row.refuse(column, f"{line[:40]} is not `code = score`")
        else:
            # A plain list, as in most people's tables: numbered in order.
            yield str(place), line.strip()


def _lines(row: Row, column: str) -> list[str]:
    return [line for line in row.get(column).split("\n") if line.strip()]


def _number_of(row: Row) -> dict[str, Any]:
    number: dict[str, Any] = {
        name: _number_in(row, name) for name in ("minimum", "maximum") if row.get(name)
    }
    if row.get("decimals"):
        number["decimals"] = int(_number_in(row, "decimals") or 0)
    number |= {
        name: said for name in ("unit", "low_text", "high_text") if (said := _said(row, name))
    }
    recode = [_step(row, line) for line in _lines(row, "recode")]
    return {**number, "recode": recode} if recode else number


def _step(row: Row, line: str) -> dict[str, float]:
    limits, equals, score = line.partition("=")
    low, dots, high = limits.partition("..")
    if not (equals and dots):
        raise row.refuse("recode", f"{line[:40]} is not `low..high = score`")
    named = {"low": low, "high": high, "score": score}
    return {name: _parsed(row, "recode", value.strip()) for name, value in named.items()}


def _number_in(row: Row, column: str) -> float | None:
    return _parsed(row, column, row.get(column)) if row.get(column) else None


def _parsed(row: Row, column: str, value: str) -> float:
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", value):
        cure = "Write decimals with a point" if "," in value else "Write figures only"
        raise row.refuse(column, f"{value[:40]} is not a number", cure)
    return float(value)


def _condition_in(row: Row, line: str) -> dict[str, Any]:
    found = _CONDITION.fullmatch(" ".join(line.split()))
    if not found:
        problem = f"{line[:60]} is not `item operator value`"
        cure = "The operators are is, is_not, at_least, at_most, answered"
        raise row.refuse("show_if", problem, cure)
    value = {} if found[3] is None else {"value": _comparable(found[2], found[3])}
    return {"item": found[1], "operator": found[2], **value}


def _comparable(operator: str, value: str) -> str | float:
    number = re.fullmatch(r"-?\d+(\.\d+)?", value)
    return float(value) if number and operator.startswith("at_") else value


def _spoken_in(items: list[dict[str, Any]]) -> list[str]:
    """Return the languages that every question is written in."""
    return [
        language
        for language in unique(language for item in items for language in item.get("text", {}))
        if all(language in item.get("text", {}) for item in items)
    ]


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)
