"""Definitions to FHIR R4 Questionnaires, with the extensions of structured data capture (SDC)."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from proms.instruments import exchange
from proms.instruments.definition import Definition
from proms.instruments.exchange import Exported
from proms.instruments.fhir import extensions, reading
from proms.instruments.fhir.extensions import Part, written
from proms.instruments.items import Condition, Item, Number, Option

_TYPES = {
    "single": "choice",
    "multiple": "choice",
    "text": "text",
    "date": "date",
}
_OPERATORS = {"is": "=", "is_not": "!=", "at_least": ">=", "at_most": "<=", "answered": "exists"}


def questionnaire(definition: Definition) -> Exported:
    """Return a definition as a Questionnaire; the import gives the same definition back.

    What FHIR has no place for, such as scoring, is named in the report: it goes along in an
    extension that only we read.
    """
    document = _document(definition)
    left_out = exchange.differences(definition, reading.definition_in(document))
    if left_out:
        remainder = json.dumps(left_out, ensure_ascii=False)
        held = {"url": extensions.REMAINDER, "valueString": remainder}
        document["extension"] = [held]
    content = json.dumps(document, ensure_ascii=False, indent=1).encode()
    return Exported(content, exchange.report(left_out))


def _document(definition: Definition) -> Part:
    language, licence = definition.languages[0], definition.licence
    name = {**definition.title, language: definition.name}
    return {
        "resourceType": "Questionnaire",
        "id": definition.code[:64],
        "language": language,
        "version": definition.version,
        **written("title", name, language),
        "status": "draft" if definition.demonstration else "active",
        "subjectType": ["Patient"],
        "publisher": licence.holder,
        **written("description", definition.introduction, language),
        **({"copyright": licence.terms} if licence.terms else {}),
        "item": list(_items(definition, language)),
    }


def _items(definition: Definition, language: str) -> Iterator[Part]:
    """Return the items, those of a section as a group; a section that comes back is not one."""
    runs = [(code, list(run)) for code, run in groupby(definition.items, lambda item: item.section)]
    titles = {section.code: section.title for section in definition.sections}
    begun = {item.code for item in definition.items}
    for code, run in runs:
        items = [_item(definition, item, language) for item in run]
        if not code or code in begun:
            yield from items
            continue
        begun.add(code)
        named = written("text", titles.get(code, {}), language)
        yield {"linkId": code, **named, "type": "group", "item": items}


def _item(definition: Definition, item: Item, language: str) -> Part:
    number = item.number or Number()
    part: Part = {
        "linkId": item.code,
        **written("text", item.text, language),
        "type": _TYPES.get(item.kind) or ("decimal" if number.decimals else "integer"),
        **({"repeats": True} if item.kind == "multiple" else {}),
        **({"required": True} if item.skip == "none" else {}),
        **({"maxLength": item.max_length} if item.max_length else {}),
    }
    if item.kind in ("number", "vas"):
        part["extension"] = list(_range(item, number, language))
    if item.options:
        part["answerOption"] = [_option(option, language) for option in item.options]
    conditions = [_condition(definition, condition) for condition in item.show_if]
    if conditions and all(conditions):
        part["enableWhen"], part["enableBehavior"] = conditions, item.show_when
    beside = list(_beside(item, number, language))
    return {**part, "item": beside} if beside else _without_empty(part)


def _without_empty(part: Part) -> Part:
    return {name: value for name, value in part.items() if value != []}


def _range(item: Item, number: Number, language: str) -> Iterator[Part]:
    kind = "valueDecimal" if number.decimals else "valueInteger"
    if item.kind == "vas":
        yield extensions.control("slider")
    for url, limit in ((extensions.LOWEST, number.minimum), (extensions.HIGHEST, number.maximum)):
        if limit is not None:
            yield {"url": url, kind: limit if number.decimals else int(limit)}
    if number.decimals:
        yield {"url": extensions.DECIMALS, "valueInteger": number.decimals}
    if number.unit:
        unit = written("display", number.unit, language)
        yield {"url": extensions.UNIT, "valueCoding": unit}


def _beside(item: Item, number: Number, language: str) -> Iterator[Part]:
    """Return what stands beside a question: points to heed, and the ends of a scale."""
    roles = [("help", text) for text in item.instructions]
    roles += [("lower", number.low_text), ("upper", number.high_text)]
    for place, (role, text) in enumerate(roles, start=1):
        if text:
            yield {
                "linkId": f"{item.code}.{role}{place}",
                "extension": [extensions.control(role)],
                **written("text", text, language),
                "type": "display",
            }


def _option(option: Option, language: str) -> Part:
    coding: Part = {"code": option.code, **written("display", option.text, language)}
    held: list[Part] = []
    if option.score is not None:
        coding["extension"] = [{"url": extensions.ORDINAL, "valueDecimal": option.score}]
        held.append({"url": extensions.WEIGHT, "valueDecimal": option.score})
    if option.exclusive:
        held.append({"url": extensions.EXCLUSIVE, "valueBoolean": True})
    return {"extension": held, "valueCoding": coding} if held else {"valueCoding": coding}


def _condition(definition: Definition, condition: Condition) -> Part:
    """Return a condition, or nothing where FHIR cannot say it: options have no order there."""
    answer = _answer(definition.items_by_code[condition.item], condition)
    if not answer:
        return {}
    operator = _OPERATORS[condition.operator]
    return {"question": condition.item, "operator": operator, **answer}


def _answer(item: Item, condition: Condition) -> Part:
    value: Any = condition.value
    if condition.operator == "answered":
        return {"answerBoolean": True}
    if item.options:
        ordered = condition.operator in ("at_least", "at_most")
        return {} if ordered else {"answerCoding": {"code": str(value)}}
    if item.kind == "text":
        return {"answerString": str(value)}
    if item.kind == "date":
        return {"answerDate": str(value)}
    return _number_answer(item.number or Number(), value)


def _number_answer(number: Number, value: Any) -> Part:
    try:
        figure = float(value)
    except ValueError:
        return {}
    if number.decimals:
        return {"answerDecimal": figure}
    return {"answerInteger": int(figure)} if figure.is_integer() else {}
