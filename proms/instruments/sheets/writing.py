"""Definitions to a table of items, CSV or Excel: the form that staff fill in."""

from collections.abc import Iterable, Iterator
from typing import Any

from proms.instruments import documents, exchange, tables
from proms.instruments.definition import Definition
from proms.instruments.exchange import Exported
from proms.instruments.fields import Text
from proms.instruments.items import Condition, Item, Number, Option, Section
from proms.instruments.sheets.columns import HEADINGS, INSTRUMENT, PLAIN, SECTION, SPOKEN, unique
from proms.instruments.sheets.reading import read


def csv(definition: Definition) -> Exported:
    """Return a definition's items as CSV."""
    content = tables.write_csv(header(definition), rows(definition))
    return exchange.exported(definition, content, read)


def excel(definition: Definition) -> Exported:
    """Return a definition's items as an Excel workbook."""
    content = tables.write_excel("Items", header(definition), rows(definition))
    return exchange.exported(definition, content, read)


def header(definition: Definition) -> tuple[str, ...]:
    """Return the columns that a definition's items need; every language has its own."""
    used = {name for row in rows(definition) for name, cell in row.items() if cell}
    spoken = [f"{name}:{language}" for name in SPOKEN for language in unique(definition.languages)]
    others = sorted(name for name in used if ":" in name and name not in spoken)
    wanted = [*HEADINGS, *spoken, *others, *PLAIN]
    return tuple(name for name in wanted if name in used or name in HEADINGS)


def rows(definition: Definition) -> Iterator[dict[str, str]]:
    """Return the rows of the table: the instrument, its sections, its items."""
    yield {
        "kind": INSTRUMENT,
        "code": definition.code,
        "details": "\n".join(f"{name} = {_flat(value)}" for name, value in _details(definition)),
        **_spoken("text", definition.introduction),
        **_spoken("title", definition.title),
    }
    for section in definition.sections:
        yield {"kind": SECTION, "code": section.code, **_section(section)}
    for item in definition.items:
        yield {"kind": item.kind, "code": item.code, **_item(item), **_choices(item.options)}


def _spoken(name: str, text: Text) -> dict[str, str]:
    return {f"{name}:{language}": words for language, words in text.items()}


def _details(definition: Definition) -> Iterator[tuple[str, Any]]:
    """Return what is said once of the whole, as the document has it."""
    document = documents.write(definition)
    for name in ("version", "name", "languages", "modes", "visibility", "span", "citation"):
        if name in document:
            yield name, document[name]
    for name in ("licence", "ages"):
        yield from ((f"{name}.{key}", value) for key, value in document.get(name, {}).items())
    if definition.recall:
        yield "recall.period", definition.recall.period
        yield from ((f"recall.{key}", text) for key, text in definition.recall.text.items())


def _flat(value: Any) -> str:
    listed = isinstance(value, list)
    return " | ".join(map(_escaped, value)) if listed else _escaped(str(value))


def _section(section: Section) -> dict[str, str]:
    return {**_spoken("title", section.title), **_spoken("text", section.introduction)}


def _item(item: Item) -> dict[str, str]:
    number = item.number or Number()
    cells = {
        "section": item.section,
        "option_set": item.option_set,
        "skip": item.skip,
        "max_length": _figure(item.max_length),
        "show_if": "\n".join(map(_condition, item.show_if)),
        "show_when": item.show_when if len(item.show_if) > 1 else "",
        **_spoken("text", item.text),
        **_spoken("title", item.title),
        **_listed("instructions", [("", text) for text in item.instructions]),
    }
    return {**cells, **_number(number)} if item.number else cells


def _number(number: Number) -> dict[str, str]:
    return {
        "minimum": _figure(number.minimum),
        "maximum": _figure(number.maximum),
        "decimals": _figure(number.decimals),
        "recode": "\n".join(
            f"{_figure(step.low)}..{_figure(step.high)} = {_figure(step.score)}"
            for step in number.recode
        ),
        **_spoken("unit", number.unit),
        **_spoken("low_text", number.low_text),
        **_spoken("high_text", number.high_text),
    }


def _choices(options: tuple[Option, ...]) -> dict[str, str]:
    scored = [option for option in options if option.score is not None]
    return {
        "scores": "\n".join(f"{option.code} = {_figure(option.score)}" for option in scored),
        "exclusive": "\n".join(option.code for option in options if option.exclusive),
        "not_applicable": "\n".join(option.code for option in options if option.not_applicable),
        **_listed("options", [(option.code, option.text) for option in options]),
    }


def _listed(name: str, texts: Iterable[tuple[str, Text]]) -> dict[str, str]:
    """Return texts with their codes, a line each, in a column per language."""
    texts = list(texts)
    languages = unique(language for _, text in texts for language in text)
    return {
        f"{name}:{language}": "\n".join(
            f"{code} = {_escaped(text.get(language, ''))}"
            if code
            else _escaped(text.get(language, ""))
            for code, text in texts
        )
        for language in languages
    }


def _condition(condition: Condition) -> str:
    value = condition.value
    said = _figure(value) if isinstance(value, float) else str(value or "")
    return f"{condition.item} {condition.operator} {said}".strip()


def _figure(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")
