"""Definitions from a REDCap data dictionary, every fault named by row and column."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from proms.instruments import parsing, tables
from proms.instruments.definition import Definition
from proms.instruments.incoming import InvalidFile
from proms.instruments.redcap import columns
from proms.instruments.tables import Row

_TAG = re.compile(r"(@[A-Z-]+)\s*=\s*'([^']*)'")
_NUMBER = re.compile(r"number(?:_(\d)dp)?(?:_comma_decimal)?")
_NOT = re.compile(r"\(\s*(\[\w+\])\s*<>\s*'([^']+)'\s+and\s+\1\s*<>\s*''\s*\)")
_TEST = re.compile(
    r"\[(\w+)(?:\(([\w.-]+)\))?\]\s*(=|<>|!=|>=|<=)\s*(?:'([^']*)'|\"([^\"]*)\"|(-?[\d.]+))"
)
_OPERATORS = {"=": "is", "<>": "is_not", "!=": "is_not", ">=": "at_least", "<=": "at_most"}
_YES_NO = {
    "yesno": [("1", "Yes", "Ja"), ("0", "No", "Nej")],
    "truefalse": [("1", "True", "Sant"), ("0", "False", "Falskt")],
}
# REDCap shows these; nobody answers them.
_SHOWN_ONLY = ("descriptive",)


def read(content: bytes, *, language: str, **whole: str) -> Definition:
    """Return the definition in a data dictionary; `whole` says what it lacks: code, name, version.

    :raises InvalidFile: naming the row and column.
    :raises parsing.InvalidDefinition: naming the JSON path, where the parts contradict.
    """
    table = tables.read(content)
    if not table:
        raise InvalidFile("file", "no row is a field", "Export the dictionary from REDCap anew")
    _check_header(table[0])
    asked = [row for row in table if _get(row, columns.TYPE) not in _SHOWN_ONLY]
    codes = {_get(row, columns.FIELD): _code(row) for row in asked}
    document: dict[str, Any] = {**_whole(table[0], whole, language), "items": [], "sections": []}
    section = ""
    for row in asked:
        section = _section(row, document, language) or section
        document["items"].append(_item(row, section, codes, language))
    return parsing.validated(document)


def _check_header(row: Row) -> None:
    for name in (columns.FIELD, columns.FORM, columns.TYPE, columns.LABEL, columns.CHOICES):
        if name.lower() not in row.cells:
            cure = "Download the data dictionary from REDCap"
            raise InvalidFile("line 1", f"there is no column {name}", cure)


def _whole(row: Row, whole: Mapping[str, str], language: str) -> dict[str, Any]:
    form = _get(row, columns.FORM)
    return {
        "code": whole.get("code") or form.replace("_", "-"),
        "version": whole.get("version") or "1",
        "name": whole.get("name") or form,
        "languages": [language],
        "licence": {
            "holder": whole.get("holder") or "not stated",
            "wording": whole.get("wording") or "demonstration",
        },
        "scales": [],
    }


def _get(row: Row, column: str) -> str:
    return row.get(column.lower())


def _refused(row: Row, column: str, problem: str, cure: str = "") -> InvalidFile:
    return row.refuse(column.lower(), problem, cure)


def _tags(row: Row) -> dict[str, str]:
    return dict(_TAG.findall(_get(row, columns.ANNOTATION)))


def _code(row: Row) -> str:
    return _tags(row).get(columns.CODE_TAG) or _get(row, columns.FIELD)


def _section(row: Row, document: dict[str, Any], language: str) -> str:
    """Return the code of the section that begins at a row, if one does."""
    title = _get(row, columns.HEADER)
    code = _tags(row).get(columns.SECTION_TAG) or (columns.field_name(title)[:40] if title else "")
    if code and code not in [section["code"] for section in document["sections"]]:
        named = {"title": {language: title}} if title else {}
        document["sections"].append({"code": code, **named})
    return code


def _item(row: Row, section: str, codes: Mapping[str, str], language: str) -> dict[str, Any]:
    item = {
        "code": _code(row),
        "text": {language: _get(row, columns.LABEL)},
        "section": section,
        "skip": "none" if _get(row, columns.REQUIRED).lower() == "y" else "soft",
        "instructions": [
            {language: line} for line in _get(row, columns.NOTE).split("\n") if line.strip()
        ],
        **_answering(row, language),
        **_branching(row, codes),
    }
    return {name: part for name, part in item.items() if part}


def _answering(row: Row, language: str) -> dict[str, Any]:
    kind = columns.KINDS.get(_get(row, columns.TYPE))
    if kind is None:
        problem = f"a field of type {_get(row, columns.TYPE)[:40] or '(empty)'} cannot be asked"
        raise _refused(row, columns.TYPE, problem, f"One of {', '.join(columns.KINDS)}")
    if kind in ("single", "multiple"):
        return {"kind": kind, "options": list(_options(row, language))}
    return {"kind": kind, "number": _slider(row, language)} if kind == "vas" else _text(row)


def _options(row: Row, language: str) -> Iterator[dict[str, Any]]:
    alone = _tags(row).get(columns.ALONE_TAG, "").split(",")
    for code, text in _choices(row, language):
        exclusive = {"exclusive": True} if code in alone else {}
        yield {"code": code, **_score(code), "text": {language: text}, **exclusive}


def _choices(row: Row, language: str) -> Iterator[tuple[str, str]]:
    if fixed := _YES_NO.get(_get(row, columns.TYPE)):
        yield from (
            (code, swedish if language == "sv" else english) for code, english, swedish in fixed
        )
        return
    for choice in _get(row, columns.CHOICES).split("|"):
        code, comma, text = choice.partition(",")
        if not comma:
            problem = f"{choice.strip()[:40]!r} is not `code, text`"
            raise _refused(row, columns.CHOICES, problem, "Part the choices with |")
        yield code.strip(), text.strip().replace("¦", "|")


def _score(code: str) -> dict[str, float]:
    """Return what REDCap calculates with: a code that is a number is its own score."""
    return {"score": float(code)} if re.fullmatch(r"-?\d{1,9}", code) else {}


def _slider(row: Row, language: str) -> dict[str, Any]:
    ends = [part.strip() for part in _get(row, columns.CHOICES).split("|")]
    low, high = _figure(row, columns.LOWEST), _figure(row, columns.HIGHEST)
    number: dict[str, Any] = {
        "minimum": 0.0 if low is None else low,
        "maximum": 100.0 if high is None else high,
    }
    number |= {"low_text": {language: ends[0]}} if ends[0] else {}
    return number | ({"high_text": {language: ends[-1]}} if len(ends) > 1 and ends[-1] else {})


def _text(row: Row) -> dict[str, Any]:
    validation = _get(row, columns.VALIDATION)
    if validation.startswith("date_"):
        return {"kind": "date"}
    decimals = _NUMBER.fullmatch(validation)
    if validation != "integer" and not decimals:
        return {"kind": "text"}
    named = (("minimum", columns.LOWEST), ("maximum", columns.HIGHEST))
    number = {name: _figure(row, column) for name, column in named if _get(row, column)}
    # REDCap's plain `number` takes any decimals; six are more than anyone gives.
    places = int(decimals[1] or 6) if decimals else 0
    return {"kind": "number", "number": number | ({"decimals": places} if places else {})}


def _figure(row: Row, column: str) -> float | None:
    value = _get(row, column)
    if value and not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value):
        raise _refused(row, column, f"{value[:40]} is not a number", "Write decimals with a point")
    return float(value) if value else None


def _branching(row: Row, codes: Mapping[str, str]) -> dict[str, Any]:
    """Return the conditions of a row: tests joined by one word, `and` or `or`."""
    # One space between words: else the patterns below would try every split of a long run.
    logic = _NOT.sub(r"\1 <> '\2'", " ".join(_get(row, columns.BRANCHING).split()))
    if not logic:
        return {}
    parts = re.split(r" (and|or) ", logic, flags=re.IGNORECASE)
    words = {word.lower() for word in parts[1::2]}
    if len(words) > 1:
        cure = "Join the tests with only one of the two"
        raise _refused(row, columns.BRANCHING, "`and` and `or` in one condition", cure)
    when = {"show_when": "any"} if words == {"or"} else {}
    return {"show_if": [_condition(row, part, codes) for part in parts[::2]], **when}


def _condition(row: Row, test: str, codes: Mapping[str, str]) -> dict[str, Any]:
    found = _TEST.fullmatch(test.strip())
    if not found:
        cure = "A test is like [field] = '1', [field(1)] = '1' or [field] >= 2"
        raise _refused(row, columns.BRANCHING, f"{test.strip()[:60]} cannot be read", cure)
    field, choice, sign = found[1], found[2], found[3]
    value = next((part for part in found.groups()[3:] if part is not None), "")
    if field not in codes:
        raise _refused(row, columns.BRANCHING, f"there is no field {field[:60]}")
    if choice:
        operator = "is" if (value == "1") == (sign == "=") else "is_not"
        return {"item": codes[field], "operator": operator, "value": choice}
    if not value and sign in ("<>", "!="):
        return {"item": codes[field], "operator": "answered"}
    number = (
        float(value) if sign in (">=", "<=") and re.fullmatch(r"-?\d+(\.\d+)?", value) else None
    )
    said = value if number is None else number
    return {"item": codes[field], "operator": _OPERATORS[sign], "value": said}
