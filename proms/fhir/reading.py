"""A QuestionnaireResponse that comes in: which test it belongs to, and the answers given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from proms.adaptive.banks import Answer
from proms.fhir import terms
from proms.fhir.choosing import Wanted
from proms.instruments.definition import Definition
from proms.instruments.fhir import extensions
from proms.instruments.fhir.extensions import Part
from proms.instruments.items import Item
from proms.problems import Problem

PARAMETER = "questionnaire-response"
GOES_ON = ("in-progress", "completed", "amended")


@dataclass(frozen=True)
class Incoming:
    """A response and where it stands in the body, as FHIRPath."""

    response: Part
    root: str

    def refused(self, place: str, detail: str) -> Problem:
        """Return the problem of one element of the response."""
        return Problem(detail, field=f"{self.root}.{place}", status_code=422)


def incoming(document: Any) -> Incoming:
    """Return the response in a body: by itself, or in the operation's Parameters.

    :raises Problem: if the body is neither, or no valid R4 resource.
    """
    kind = document.get("resourceType") if isinstance(document, dict) else None
    if kind == "QuestionnaireResponse":
        _check(document, kind)
        found = Incoming(document, kind)
    elif kind == "Parameters":
        _check(document, kind)
        found = _in_parameters(document)
    else:
        raise Problem("Send a QuestionnaireResponse, or Parameters that hold one.")
    if found.response.get("status") not in GOES_ON:
        raise found.refused("status", f"Only these go on: {', '.join(GOES_ON)}.")
    return found


def _in_parameters(document: Part) -> Incoming:
    for place, parameter in enumerate(document.get("parameter", ())):
        resource = parameter.get("resource", {})
        if parameter.get("name") == PARAMETER:
            root = f"Parameters.parameter[{place}].resource"
            if resource.get("resourceType") != "QuestionnaireResponse":
                raise Problem("Give a QuestionnaireResponse here.", field=root)
            return Incoming(resource, root)
    raise Problem(f"There is no parameter {PARAMETER}.", field="Parameters.parameter")


def _check(document: Part, kind: str) -> None:
    # Half a second to import: only who speaks FHIR pays it.
    from fhir.resources.R4B.parameters import Parameters
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
    from pydantic import ValidationError

    if place := next(_nulls(document, kind), ""):
        raise Problem("FHIR knows no null: leave the element out.", field=place)
    model = Parameters if kind == "Parameters" else QuestionnaireResponse
    try:
        model.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        raise Problem(first["msg"][:200], field=_path(kind, first["loc"])) from None
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Problem(f"This is no valid R4 {kind}: {str(error)[:200]}", field=kind) from None


def _nulls(part: Any, path: str) -> Iterator[str]:
    """Return the elements that are null, as FHIRPath; in a list null stands for a place."""
    if isinstance(part, dict):
        for name, value in part.items():
            if value is None:
                yield f"{path}.{name}"
            yield from _nulls(value, f"{path}.{name}")
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from _nulls(value, f"{path}[{place}]")


def _path(kind: str, place: tuple[int | str, ...]) -> str:
    return kind + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place)


def wanted_by(found: Incoming, *, base: str, code: str = "") -> Wanted:
    """Return which test a response belongs to; `code` is the one that the address names.

    :raises Problem: if it does not say, or says two things.
    """
    place, held = _questionnaire(found)
    named, version = _canonical(found, held, base)
    if named and code and named.lower() != code.lower():
        raise found.refused(place, f"This is of {named[:64]}, and the address says {code[:64]}.")
    if not (named or code):
        raise found.refused(place, f"Name a questionnaire: {base}/Questionnaire/<code>.")
    return Wanted(
        code=named or code,
        version=version or str(held.get("version", "")),
        language=_language(found, held),
        rule=str(extensions.value(held, terms.RULE) or ""),
        place=f"{found.root}.{place}",
    )


def _questionnaire(found: Incoming) -> tuple[str, Part]:
    """Return the contained questionnaire and its place; an empty one where there is none."""
    reference = str(found.response.get("questionnaire", ""))
    for place, resource in enumerate(found.response.get("contained", ())):
        is_meant = reference in ("", f"#{resource.get('id')}")
        if resource.get("resourceType") == "Questionnaire" and is_meant:
            return f"contained[{place}]", resource
    if reference.startswith("#"):
        raise found.refused("questionnaire", f"No contained Questionnaire is {reference[:64]}.")
    return "questionnaire", {}


def _canonical(found: Incoming, held: Part, base: str) -> tuple[str, str]:
    """Return the code and version in the canonical address, where one is given.

    The contained questionnaire says what it derives from; one that a client copied has its url.
    """
    own = str(found.response.get("questionnaire", ""))
    derived = next((each for each in held.get("derivedFrom", ()) if each), "")
    canonical = str(derived or held.get("url") or ("" if own.startswith("#") else own))
    if not canonical:
        return "", ""
    address, _, version = canonical.partition("|")
    prefix = f"{base}/Questionnaire/"
    if not address.startswith(prefix):
        raise found.refused("questionnaire", f"{address[:100]} is not ours: {prefix}<code> is.")
    return address.removeprefix(prefix), version


def _language(found: Incoming, held: Part) -> str:
    spoken = {str(part["language"]) for part in (held, found.response) if part.get("language")}
    if len(spoken) > 1:
        said = " and ".join(sorted(spoken))
        raise found.refused("language", f"A test is taken in one language, not {said[:60]}.")
    return next(iter(spoken), "")


def answers(found: Incoming, definition: Definition) -> Mapping[str, Answer | None]:
    """Return the answers by item; None where an item stands without one: it was skipped.

    :raises Problem: naming the item that cannot be taken, as FHIRPath.
    """
    given: dict[str, Answer | None] = {}
    for place, part in enumerate(found.response.get("item", ())):
        code, here = str(part.get("linkId", "")), f"item[{place}]"
        if terms.is_ours(code):
            continue
        item = definition.items_by_code.get(code)
        if item is None:
            raise found.refused(f"{here}.linkId", f"{definition.code} has no item {code[:60]}.")
        if code in given:
            raise found.refused(f"{here}.linkId", f"{code} stands twice.")
        given[code] = _answer(found, here, part, item)
    return given


def _answer(found: Incoming, here: str, part: Part, item: Item) -> Answer | None:
    held = part.get("answer", [])
    if part.get("item") or any(each.get("item") for each in held):
        raise found.refused(f"{here}.item", f"{item.code} has no items inside.")
    if len(held) > 1:
        raise found.refused(f"{here}.answer", f"{item.code} takes one answer, not {len(held)}.")
    if not held:
        if item.skip == "none":
            raise found.refused(here, f"{item.code} must be answered.")
        return None
    coding = held[0].get("valueCoding", {})
    if coding.get("system") or coding.get("code") not in item.options_by_code:
        known = ", ".join(item.options_by_code)
        raise found.refused(
            f"{here}.answer[0].value", f"{item.code} takes a Coding with one of the codes {known}."
        )
    return str(coding["code"])
