"""Definitions from FHIR R4 Questionnaires: bounded, checked by the models of `fhir.resources`."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from proms.instruments import documents, exchange, incoming, parsing
from proms.instruments.definition import Definition
from proms.instruments.fhir import extensions, value_sets
from proms.instruments.fhir.extensions import Part, read, value
from proms.instruments.incoming import InvalidFile

_KINDS = {
    "choice": "single",
    "boolean": "single",
    "integer": "number",
    "decimal": "number",
    "quantity": "number",
    "string": "text",
    "text": "text",
    "date": "date",
}
_OPERATORS = {"=": "is", "!=": "is_not", ">=": "at_least", "<=": "at_most"}
# Six decimals are more than anyone gives; FHIR itself sets no limit.
_ANY_DECIMALS = 6


def questionnaire(content: bytes, **whole: str) -> Definition:
    """Return the definition in a Questionnaire; `whole` says what another system's file lacks.

    :raises InvalidFile: naming the place in the file.
    :raises parsing.InvalidDefinition: naming the JSON path, where the parts contradict.
    """
    document = incoming.document(content)
    _check(document)
    found = exchange.parts(definition_in(document, **whole)) | _remainder(document)
    try:
        return parsing.validated(exchange.document(found))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, parsing.InvalidDefinition):
            raise
        problem = f"our extension does not fit the questionnaire: {error}"
        raise InvalidFile("$.extension", problem, "Take it out, or export anew") from None


def _check(document: Any) -> None:
    if not isinstance(document, dict) or document.get("resourceType") != "Questionnaire":
        raise InvalidFile("$.resourceType", "not a Questionnaire", "Export one from its system")
    # Half a second to import: only who reads FHIR pays it.
    from fhir.resources.R4B.questionnaire import Questionnaire
    from pydantic import ValidationError

    try:
        Questionnaire.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidFile(_path(first["loc"]), first["msg"][:200], "See FHIR R4") from None


def _path(place: tuple[int | str, ...]) -> str:
    return "$" + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place)


def _remainder(document: Part) -> Part:
    """Return the parts that our own extension holds."""
    held = value(document, extensions.REMAINDER)
    if held is None:
        return {}
    try:
        parts = json.loads(held)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidFile("$.extension", "our extension is no JSON", "Export anew") from error
    if not isinstance(parts, dict):
        raise InvalidFile("$.extension", "our extension is no object", "Export anew")
    return parts


def definition_in(document: Part, **whole: str) -> Definition:
    """Return what the standard parts of a Questionnaire say, unchecked against itself.

    :raises InvalidFile: naming the JSON path of what cannot be asked.
    """
    language = str(document.get("language") or whole.get("language") or "sv")
    name = read(document, "title", language)
    plain = str(name.pop(language, "") or document.get("name") or whole.get("name") or "unnamed")
    found: dict[str, Any] = {
        "code": whole.get("code") or _slug(str(document.get("id") or plain)),
        "version": str(document.get("version") or "1"),
        "name": plain,
        "title": name,
        "introduction": read(document, "description", language),
        "licence": _licence(document, whole),
        "scales": [],
        "sections": [],
        "items": [],
    }
    _gather(document.get("item", []), found, language, valued=value_sets.contained(document))
    found["languages"] = _languages(found["items"], language)
    return documents.read(found)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "unnamed"


def _licence(document: Part, whole: Mapping[str, str]) -> Part:
    terms = {"terms": document["copyright"]} if document.get("copyright") else {}
    return {
        "holder": str(document.get("publisher") or whole.get("holder") or "not stated"),
        "wording": whole.get("wording") or "demonstration",
        **terms,
    }


def _languages(items: list[Part], language: str) -> list[str]:
    """Return the languages that every question is asked in, the file's own first."""
    spoken = dict.fromkeys([language, *(each for item in items for each in item["text"])])
    shared = [each for each in spoken if all(each in item["text"] for item in items)]
    return shared or [language]


def _gather(
    parts: list[Part],
    found: dict[str, Any],
    language: str,
    *,
    valued: Mapping[str, list[Part]],
    path: str = "$",
    section: str = "",
) -> None:
    for place, part in enumerate(parts):
        here = f"{path}.item[{place}]"
        if part["type"] == "group":
            code = _code(part["linkId"])
            found["sections"].append({"code": code, "title": read(part, "text", language)})
            inner = part.get("item", [])
            _gather(inner, found, language, valued=valued, path=here, section=code)
        elif part["type"] != "display":
            item = _item(part, here, language, valued)
            found["items"].append({**item, "section": section} if section else item)


def _code(link_id: str) -> str:
    """Return a linkId as a code of ours; many systems have slashes in theirs."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", link_id).lstrip("_.-") or "item"


def _item(part: Part, path: str, language: str, valued: Mapping[str, list[Part]]) -> Part:
    kind = _KINDS.get(part["type"])
    if kind is None:
        raise InvalidFile(f"{path}.type", f"{part['type']} cannot be asked", f"One of {_known()}")
    if any(inner["type"] != "display" for inner in part.get("item", ())):
        raise InvalidFile(f"{path}.item", "a question inside a question", "Use enableWhen")
    kind = "multiple" if kind == "single" and part.get("repeats") else kind
    item = {
        "code": _code(part["linkId"]),
        "kind": kind,
        "text": read(part, "text", language),
        "skip": "none" if part.get("required") else "soft",
        "options": list(_options(part, path, language, valued)),
        "instructions": list(_beside(part, "help", language)),
        "show_if": [_condition(each, f"{path}.enableWhen") for each in part.get("enableWhen", ())],
        "show_when": part.get("enableBehavior") or "all",
    }
    if kind == "number":
        item |= _number(part, language)
    if kind == "text" and part.get("maxLength"):
        item["max_length"] = part["maxLength"]
    return {name: said for name, said in item.items() if said not in ([], {})}


def _known() -> str:
    return ", ".join(["group", "display", *_KINDS])


def _number(part: Part, language: str) -> Part:
    ends = {
        "minimum": _limit(part, extensions.LOWEST),
        "maximum": _limit(part, extensions.HIGHEST),
        "unit": read(value(part, extensions.UNIT) or {}, "display", language),
        "low_text": next(_beside(part, "lower", language), None),
        "high_text": next(_beside(part, "upper", language), None),
    }
    if part["type"] != "integer":
        ends["decimals"] = value(part, extensions.DECIMALS) or _ANY_DECIMALS
    number = {name: said for name, said in ends.items() if said not in (None, {})}
    if extensions.control_of(part) == "slider" and {"minimum", "maximum"} <= set(number):
        return {"kind": "vas", "number": number}
    return {"number": number} if number else {}


def _limit(part: Part, url: str) -> float | None:
    held = value(part, url)
    return float(held) if isinstance(held, (int, float)) else None


def _beside(part: Part, role: str, language: str) -> Iterator[dict[str, str]]:
    """Return the texts that stand beside a question in one role."""
    for inner in part.get("item", ()):
        if extensions.control_of(inner) == role:
            yield read(inner, "text", language)


def _options(
    part: Part, path: str, language: str, valued: Mapping[str, list[Part]]
) -> Iterator[Part]:
    if part["type"] == "boolean":
        yield {"code": "true", "text": {"sv": "Ja", "en": "Yes"}}
        yield {"code": "false", "text": {"sv": "Nej", "en": "No"}}
    elif "answerValueSet" in part:
        for coding in _contained(part["answerValueSet"], path, valued):
            yield _option({"valueCoding": coding}, path, language)
    else:
        for place, option in enumerate(part.get("answerOption", ())):
            yield _option(option, f"{path}.answerOption[{place}]", language)


def _contained(reference: str, path: str, valued: Mapping[str, list[Part]]) -> list[Part]:
    if reference.removeprefix("#") not in valued or not reference.startswith("#"):
        cure = "Let the file contain the value set, or list the options"
        raise InvalidFile(f"{path}.answerValueSet", f"{reference[:80]} is not in the file", cure)
    return valued[reference.removeprefix("#")]


def _option(option: Part, path: str, language: str) -> Part:
    coding = option.get("valueCoding") or {
        "code": str(option.get("valueString", option.get("valueInteger", ""))),
        "display": str(option.get("valueString", option.get("valueInteger", ""))),
    }
    text = read(coding, "display", language)
    found = {
        "code": _code(str(coding.get("code") or text.get(language, ""))),
        "text": text,
        "score": _score(option, coding, path),
        "exclusive": bool(value(option, extensions.EXCLUSIVE)),
    }
    return {name: said for name, said in found.items() if said is not None and said is not False}


def _score(option: Part, coding: Part, path: str) -> float | None:
    """Return an option's score, written once or several times alike.

    :raises InvalidFile: if it is written in two ways that differ.
    """
    scores = {
        float(held)
        for part in (option, coding)
        for url in (extensions.WEIGHT, extensions.ORDINAL)
        for held in [value(part, url)]
        if isinstance(held, (int, float))
    }
    if len(scores) > 1:
        raise InvalidFile(path, f"two scores: {', '.join(map(str, sorted(scores)))}", "Keep one")
    return scores.pop() if scores else None


def _condition(when: Part, path: str) -> Part:
    answer = next((held for name, held in when.items() if name.startswith("answer")), None)
    item, operator = _code(when["question"]), when["operator"]
    if operator == "exists" and answer is True:
        return {"item": item, "operator": "answered"}
    if operator not in _OPERATORS:
        problem = f"the operator {operator} {answer} cannot be asked"
        raise InvalidFile(path, problem, f"One of {', '.join(_OPERATORS)}, exists true")
    if isinstance(answer, dict):
        answer = _code(str(answer.get("code", answer.get("value", ""))))
    if isinstance(answer, bool):
        answer = str(answer).lower()
    return {"item": item, "operator": _OPERATORS[operator], "value": answer}
