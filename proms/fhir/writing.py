"""What goes out: an adaptive questionnaire's shell, and a response with its next question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, override

from proms.adaptive.banks import Answer, Bank
from proms.adaptive.session import Ask, Path, Step, Stop
from proms.adaptive.stopping import Rules
from proms.fhir import terms
from proms.instruments.definition import Definition
from proms.instruments.fhir.extensions import Part, control
from proms.instruments.items import Item
from proms.scoring import banks

# More than any estimate is good for, and the same on every machine.
DECIMALS = 9
CONTAINED = "questionnaire"
# Of what comes in, rewritten; all else goes back as it came.
_REWRITTEN = ("resourceType", "meta", "text", "contained", "questionnaire", "status", "item")


@dataclass(frozen=True)
class Taken:
    """A test as far as it has come: in which words, by which rules, and the way walked."""

    definition: Definition
    language: str
    bank: Bank
    rules: Rules
    answers: Mapping[str, Answer | None]
    path: Path
    base: str

    @property
    def canonical(self) -> str:
        return f"{self.base}/Questionnaire/{self.definition.code}"


def shell(definition: Definition, *, language: str, base: str) -> Part:
    """Return the questionnaire as it stands before any question: what a client begins with."""
    return {
        "resourceType": "Questionnaire",
        "id": definition.code[:64],
        "meta": {"profile": [terms.SHELL_PROFILE]},
        "url": f"{base}/Questionnaire/{definition.code}",
        **_head(definition, language, base, rule=banks.OWN),
    }


def response(taken: Taken, received: Part) -> Part:
    """Return a response with the next question in its questionnaire, or completed with scores."""
    held = received.get("contained", [])
    before = [each for each in held if each["resourceType"] == "Questionnaire"]
    others = [each for each in held if each["resourceType"] != "Questionnaire"]
    own_id = str(next((each["id"] for each in before if each.get("id")), CONTAINED))
    over = isinstance(taken.path.next, Stop)
    return {
        "resourceType": "QuestionnaireResponse",
        "meta": _meta(received),
        **{name: value for name, value in received.items() if name not in _REWRITTEN},
        "language": taken.language,
        "contained": [_contained(taken, own_id), *others],
        "questionnaire": f"#{own_id}",
        "status": "completed" if over else "in-progress",
        **_filled("item", list(_given(taken))),
    }


def _meta(received: Part) -> Part:
    meta = received.get("meta", {})
    profiles = dict.fromkeys([*meta.get("profile", ()), terms.RESPONSE_PROFILE])
    return {**meta, "profile": list(profiles)}


def _head(definition: Definition, language: str, base: str, *, rule: str) -> Part:
    marks: list[Part] = [
        {"url": terms.ADAPTIVE, "valueUrl": base},
        {"url": terms.RULE, "valueCode": rule},
    ]
    return {
        "extension": marks + _demonstration(definition),
        "language": language,
        "version": definition.version,
        "title": definition.title.get(language, definition.name),
        "status": "draft" if definition.demonstration else "active",
        "subjectType": ["Patient"],
        "publisher": definition.licence.holder,
        **_filled("copyright", definition.licence.terms),
    }


def _contained(taken: Taken, own_id: str) -> Part:
    definition = taken.definition
    head = _head(definition, taken.language, taken.base, rule=taken.rules.id)
    if isinstance(taken.path.next, Ask):
        left = taken.path.next.why.likely_left
        head["extension"].append({"url": terms.LIKELY_LEFT, "valueInteger": left})
    return {
        "resourceType": "Questionnaire",
        "id": own_id,
        "meta": {"profile": [terms.QUESTIONNAIRE_PROFILE]},
        **head,
        "derivedFrom": [f"{taken.canonical}|{definition.version}"],
        "item": list(_items(taken)),
    }


def _items(taken: Taken) -> Iterator[Part]:
    """Return what is said first, the questions asked, those off the path, and what comes now."""
    yield from _said(taken.definition, taken.language)
    for code in taken.path.asked:
        yield _question(taken, code)
    for code in taken.path.dropped:
        yield _question(taken, code, hidden=True)
    if isinstance(taken.path.next, Ask):
        yield _question(taken, taken.path.next.item)
        return
    for link_id, text, kind, _ in _scores(taken, taken.path.next):
        hidden = [{"url": terms.HIDDEN, "valueBoolean": True}]
        yield {
            "extension": hidden,
            "linkId": link_id,
            "text": text,
            "type": kind,
            "readOnly": True,
        }


def _said(definition: Definition, language: str) -> Iterator[Part]:
    if definition.demonstration:
        with override(language):
            text = gettext("Demonstration wording, not the official text")
        yield _display(terms.SAYS_DEMONSTRATION, text)
    recall = definition.recall.text.get(language, "") if definition.recall else ""
    if text := definition.introduction.get(language, recall):
        yield _display(terms.INTRODUCTION, text)


def _display(link_id: str, text: str) -> Part:
    return {"extension": [control("help")], "linkId": link_id, "text": text, "type": "display"}


def _question(taken: Taken, code: str, *, hidden: bool = False) -> Part:
    item, language = taken.definition.items_by_code[code], taken.language
    marks = _demonstration(taken.definition)
    if hidden:
        marks.append({"url": terms.HIDDEN, "valueBoolean": True})
    options = [
        {"valueCoding": {"code": option.code, "display": option.text[language]}}
        for option in item.options
    ]
    return {
        **_filled("extension", marks),
        "linkId": code,
        "text": item.text[language],
        "type": "choice",
        "required": item.skip == "none",
        "answerOption": options,
    }


def _demonstration(definition: Definition) -> list[Part]:
    return [{"url": terms.DEMONSTRATION, "valueBoolean": True}] if definition.demonstration else []


def _given(taken: Taken) -> Iterator[Part]:
    """Return the answers in the order asked, those off the path, and at the end the scores."""
    for step in taken.path.steps:
        yield _answered(taken, step.item, _estimate(step))
    for code in taken.path.dropped:
        yield _answered(taken, code, {"url": terms.OFF_PATH, "valueBoolean": True})
    if isinstance(taken.path.next, Stop):
        for link_id, text, kind, value in _scores(taken, taken.path.next):
            answer = [{f"value{kind.capitalize()}": value}]
            yield {"linkId": link_id, "text": text, "answer": answer}


def _answered(taken: Taken, code: str, mark: Part) -> Part:
    item = taken.definition.items_by_code[code]
    answer = _coding(item, taken.answers[code], taken.language)
    text = item.text[taken.language]
    return {"extension": [mark], "linkId": code, "text": text, **_filled("answer", answer)}


def _coding(item: Item, answer: Answer | None, language: str) -> list[Part]:
    if answer is None:
        return []
    option = item.options_by_code[str(answer)]
    return [{"valueCoding": {"code": option.code, "display": option.text[language]}}]


def _estimate(step: Step) -> Part:
    figures = (("theta", step.theta), ("se", step.se))
    held = [{"url": name, "valueDecimal": round(value, DECIMALS)} for name, value in figures]
    return {"url": terms.ESTIMATE, "extension": held}


def _scores(taken: Taken, end: Stop) -> Iterator[tuple[str, str, str, Any]]:
    """Return the scores as read-only items: link id, text, type and value, where there is one."""
    score, scale = end.score, taken.definition.scales_by_code[banks.SCALE]
    rows: list[tuple[str, str, str, Any]] = [
        ("t", scale.title.get(taken.language, "T"), "decimal", score.t),
        ("se", "SE (T)", "decimal", score.se_t),
        ("theta", "theta", "decimal", score.theta),
        ("se-theta", "SE (theta)", "decimal", score.se),
        ("answered", "n", "integer", score.answered),
        ("reason", "reason", "string", score.reason or None),
        ("set", "set_id", "string", taken.bank.set_id),
        ("stop", "stop", "string", end.why),
    ]
    for name, text, kind, value in rows:
        if value is not None:
            figure = round(value, DECIMALS) if kind == "decimal" else value
            yield f"{terms.OURS}{name}", text, kind, figure


def _filled(name: str, value: Any) -> Part:
    """Return an element, or nothing: FHIR knows no empty ones."""
    return {name: value} if value else {}
