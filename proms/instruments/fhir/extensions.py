"""The FHIR R4 extensions that questionnaires use, and how texts stand in several languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from proms.instruments.fields import Text

Part = dict[str, Any]

_CORE = "http://hl7.org/fhir/StructureDefinition/"
TRANSLATION = f"{_CORE}translation"
# R4 has the score on the Coding, the SDC guide of today on the answer option: both are written.
ORDINAL = f"{_CORE}ordinalValue"
WEIGHT = f"{_CORE}itemWeight"
LOWEST, HIGHEST = f"{_CORE}minValue", f"{_CORE}maxValue"
DECIMALS = f"{_CORE}maxDecimalPlaces"
UNIT = f"{_CORE}questionnaire-unit"
CONTROL = f"{_CORE}questionnaire-itemControl"
EXCLUSIVE = f"{_CORE}questionnaire-optionExclusive"
# What FHIR has no place for: read by us, ignored by others.
REMAINDER = "urn:utfall:instrument-definition"
CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"


def control(code: str) -> Part:
    """Return how an item is to be drawn."""
    return {
        "url": CONTROL,
        "valueCodeableConcept": {"coding": [{"system": CONTROLS, "code": code}]},
    }


def control_of(item: Mapping[str, Any]) -> str:
    """Return the code of how an item is to be drawn, or nothing."""
    for each in of(item, CONTROL):
        for coding in each.get("valueCodeableConcept", {}).get("coding", ()):
            return str(coding.get("code", ""))
    return ""


def of(part: Mapping[str, Any], url: str) -> Iterator[Mapping[str, Any]]:
    """Return a part's extensions of one kind."""
    return (each for each in part.get("extension", ()) if each.get("url") == url)


def value(part: Mapping[str, Any], url: str) -> Any:
    """Return the value of a part's extension, or None."""
    for each in of(part, url):
        return next((held for name, held in each.items() if name.startswith("value")), None)
    return None


def written(name: str, text: Text, language: str) -> Part:
    """Return a text as the element `name`, its other languages as translations."""
    others = [
        {
            "url": TRANSLATION,
            "extension": [
                {"url": "lang", "valueCode": spoken},
                {"url": "content", "valueString": words},
            ],
        }
        for spoken, words in text.items()
        if spoken != language
    ]
    element = {name: text[language]} if language in text else {}
    return element | ({f"_{name}": {"extension": others}} if others else {})


def read(part: Mapping[str, Any], name: str, language: str) -> dict[str, str]:
    """Return the element `name` in every language that it has."""
    text = {language: str(part[name])} if part.get(name) else {}
    for each in of(part.get(f"_{name}", {}), TRANSLATION):
        spoken, words = value(each, "lang"), value(each, "content")
        if spoken and words:
            text[str(spoken)] = str(words)
    return text
