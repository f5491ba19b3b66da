"""Value sets that a Questionnaire contains, those that they include followed to the end."""

from collections.abc import Mapping
from typing import Any

from proms.instruments.fhir.extensions import TRANSLATION, Part
from proms.instruments.incoming import InvalidFile


def contained(document: Part) -> dict[str, list[Part]]:
    """Return the codings of each contained value set, by id.

    :raises InvalidFile: if value sets include each other in a circle.
    """
    sets = {
        str(each.get("id", "")): each
        for each in document.get("contained", ())
        if each.get("resourceType") == "ValueSet"
    }
    known: dict[str, list[Part]] = {}
    for name in sets:
        _follow(name, sets, known, ())
    return known


def _follow(
    name: str, sets: Mapping[str, Part], known: dict[str, list[Part]], above: tuple[str, ...]
) -> list[Part]:
    path = f"$.contained[{list(sets).index(name)}].compose.include"
    if name in above:
        circle = " -> ".join([*above[above.index(name) :], name])[:120]
        raise InvalidFile(path, f"a circular reference: {circle}", "Let no set include itself")
    if name in known:
        return known[name]
    found: list[Part] = []
    for include in sets[name].get("compose", {}).get("include", ()):
        found += [_coding(concept) for concept in include.get("concept", ())]
        for reference in include.get("valueSet", ()):
            inner = str(reference).removeprefix("#")
            if inner not in sets:
                raise InvalidFile(path, f"{inner[:80]} is not in the file", "Contain it too")
            found += _follow(inner, sets, known, (*above, name))
    known[name] = found
    return found


def _coding(concept: Mapping[str, Any]) -> Part:
    """Return a concept as a coding, its designations as translations."""
    spoken = [
        {
            "url": TRANSLATION,
            "extension": [
                {"url": "lang", "valueCode": each["language"]},
                {"url": "content", "valueString": each["value"]},
            ],
        }
        for each in concept.get("designation", ())
        if "language" in each
    ]
    coding = {name: concept[name] for name in ("code", "display", "extension") if name in concept}
    return coding | ({"_display": {"extension": spoken}} if spoken else {})
