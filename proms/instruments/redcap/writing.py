"""Definitions to a REDCap data dictionary, in one language, which is all that it holds."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from proms.instruments import exchange, tables
from proms.instruments.definition import Definition
from proms.instruments.exchange import Exported
from proms.instruments.items import Condition, Item, Number
from proms.instruments.redcap import columns
from proms.instruments.redcap.columns import field_name
from proms.instruments.redcap.reading import read

JOINED = {"all": " and ", "any": " or "}


def dictionary(definition: Definition, *, language: str) -> Exported:
    """Return a definition's items as a data dictionary in one language."""
    rows = list(_rows(definition, language))
    content = tables.write_csv(columns.HEADINGS, rows)
    spoken = exchange.in_language(definition, language)
    export = exchange.exported(spoken, content, partial(read, language=language))
    others = [f"every text in {each}" for each in definition.languages if each != language]
    return Exported(content, (*others, *export.left_out))


def _rows(definition: Definition, language: str) -> Iterator[dict[str, str]]:
    titles = {section.code: section.title.get(language, "") for section in definition.sections}
    section = ""
    for item in definition.items:
        header = item.section if item.section != section else ""
        section = item.section or section
        cells = {
            columns.FIELD: field_name(item.code),
            columns.FORM: field_name(definition.code),
            columns.HEADER: titles.get(header, ""),
            columns.LABEL: item.text.get(language, ""),
            columns.NOTE: "\n".join(point.get(language, "") for point in item.instructions),
            columns.BRANCHING: _branching(definition, item),
            columns.REQUIRED: "y" if item.skip == "none" else "",
            columns.ANNOTATION: " ".join(_annotations(item, header)),
        }
        yield cells | _KINDS[item.kind](item, language)


def _annotations(item: Item, section: str) -> Iterator[str]:
    if field_name(item.code) != item.code:
        yield f"{columns.CODE_TAG}='{item.code}'"
    if section:
        yield f"{columns.SECTION_TAG}='{section}'"
    alone = ",".join(option.code for option in item.options if option.exclusive)
    if alone:
        yield f"{columns.ALONE_TAG}='{alone}'"


def _choice(kind: str, item: Item, language: str) -> dict[str, str]:
    choices = [f"{option.code}, {option.text.get(language, '')}" for option in item.options]
    # A bar parts the choices; inside a text it becomes the sign that looks like it.
    listed = " | ".join(choice.replace("|", "¦") for choice in choices)
    return {columns.TYPE: kind, columns.CHOICES: listed}


def _number(item: Item, _language: str) -> dict[str, str]:
    number = item.number or Number()
    validation = f"number_{number.decimals}dp" if number.decimals else "integer"
    limits = {columns.LOWEST: _figure(number.minimum), columns.HIGHEST: _figure(number.maximum)}
    return {columns.TYPE: "text", columns.VALIDATION: validation, **limits}


def _slider(item: Item, language: str) -> dict[str, str]:
    number = item.number or Number()
    ends = f"{number.low_text.get(language, '')} |  | {number.high_text.get(language, '')}"
    limits = {columns.LOWEST: _figure(number.minimum), columns.HIGHEST: _figure(number.maximum)}
    return {
        columns.TYPE: "slider",
        columns.CHOICES: ends,
        columns.VALIDATION: "number",
        **limits,
    }


def _date(_item: Item, _language: str) -> dict[str, str]:
    return {columns.TYPE: "text", columns.VALIDATION: "date_ymd"}


def _text(_item: Item, _language: str) -> dict[str, str]:
    return {columns.TYPE: "notes"}


_KINDS: Mapping[str, Callable[[Item, str], dict[str, str]]] = {
    "single": partial(_choice, "radio"),
    "multiple": partial(_choice, "checkbox"),
    "number": _number,
    "vas": _slider,
    "date": _date,
    "text": _text,
}


def _branching(definition: Definition, item: Item) -> str:
    tests = [_test(definition, condition) for condition in item.show_if]
    return JOINED[item.show_when].join(tests)


def _test(definition: Definition, condition: Condition) -> str:
    """Return a condition as REDCap tests it; its <> also holds for blank, ours does not."""
    field, value = field_name(condition.item), condition.value
    said = _figure(value) if isinstance(value, float) else str(value)
    multiple = definition.items_by_code[condition.item].kind == "multiple"
    if condition.operator == "answered":
        return f"[{field}] <> ''"
    if multiple:
        return f"[{field}({said})] = '{1 if condition.operator == 'is' else 0}'"
    if condition.operator == "is":
        return f"[{field}] = '{said}'"
    if condition.operator == "is_not":
        return f"([{field}] <> '{said}' and [{field}] <> '')"
    return f"[{field}] {'>=' if condition.operator == 'at_least' else '<='} {said}"


def _figure(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if float(number).is_integer() else repr(float(number))
