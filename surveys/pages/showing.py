"""What a question's page shows: the item in its language, with the answer that may be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from proms.instruments.fields import Text
from proms.instruments.items import Answer as Value
from proms.instruments.items import Item
from surveys.answering import Session
from surveys.pages import progress, vas
from surveys.pages.forms import QuestionForm
from surveys.sheets import Given, Question, Sheet


@dataclass(frozen=True)
class Choice:
    """One option as it is shown."""

    id: str
    code: str
    text: str
    is_chosen: bool
    is_exclusive: bool


@dataclass(frozen=True)
class Line:
    """One question in the review."""

    title: str
    answer: str
    language: str
    url: str
    is_hidden: bool


def question_page(
    sheet: Sheet, question: Question, session: Session, form: QuestionForm
) -> dict[str, Any]:
    """Return what the template of a question needs."""
    language = sheet.language_of(question.part)
    definition = question.part.worded(language)
    item = definition.items_by_code[question.item.code]
    given = sheet.given.get(question.key)
    value = _shown_value(form, given, session)
    before = sheet.before(question)
    section = next((s for s in definition.sections if s.code == item.section), None)
    return {
        "sheet": sheet,
        "item": item,
        "kind": f"surveys/kinds/{item.kind}.html",
        "form": form,
        "text": says(item.text, language) or says(item.title, language),
        "section": says(section.title, language) if section else "",
        "introduction": _introduction(sheet, question, language),
        "instructions": [says(text, language) for text in item.instructions],
        "choices": list(_choices(item, value, language)),
        "value": "" if value is None else value,
        "number": _number(item, language),
        "vas": vas.drawing(item.number, value) if item.kind == "vas" and item.number else None,
        "keeps_language": language != sheet.plan.language_for(session.language),
        "language": language,
        "revision": given.revision if given else 0,
        "is_hidden": bool(given and not session.may_read(given)),
        "is_skipped": bool(given and given.value is None),
        "is_demonstration": definition.demonstration,
        "may_skip": item.skip == "option" or (form.is_bound and form.lacks_answer),
        "progress": progress.at(sheet, question),
        "is_renewed": question.part.code in sheet.renewed,
        "likely_left": sheet.likely_left(question.part),
        "back": _url(sheet, before) if before else reverse("pages:start", args=[sheet.occasion.pk]),
    }


def review_lines(sheet: Sheet, session: Session) -> Iterator[Line]:
    """Return a line for each question, its answer only where this session may read it."""
    for question in sheet.questions:
        language = sheet.language_of(question.part)
        given = sheet.given.get(question.key)
        hidden = bool(given and not session.may_read(given))
        item = question.part.worded(language).items_by_code[question.item.code]
        yield Line(
            title=says(item.text, language) or says(item.title, language),
            answer="" if hidden else in_words(item, given, language),
            language=language,
            url=f"{_url(sheet, question)}?review",
            is_hidden=hidden,
        )


def in_words(item: Item, given: Given | None, language: str) -> str:
    """Return an answer as people read it."""
    if given is None:
        return _("Not answered")
    if given.value is None:
        return _("Skipped")
    if item.options:
        chosen = given.value if isinstance(given.value, tuple) else (str(given.value),)
        return ", ".join(says(item.options_by_code[code].text, language) for code in chosen)
    if item.kind == "date":
        return formats.date_format(date.fromisoformat(str(given.value)), "j F Y")
    if isinstance(given.value, (int, float)):
        return f"{formats.localize(given.value)} {_number(item, language)['unit']}".strip()
    return str(given.value)


def says(text: Text, language: str) -> str:
    return text.get(language, "")


def _url(sheet: Sheet, question: Question) -> str:
    return reverse("pages:question", args=[sheet.occasion.pk, *question.key])


def _shown_value(form: QuestionForm, given: Given | None, session: Session) -> Any:
    """Return what was just filled in, or else the answer that this session may read."""
    if form.is_bound:
        return form["answer"].value() or None
    return given.value if given and session.may_read(given) else None


def _introduction(sheet: Sheet, question: Question, language: str) -> str:
    """Return the instrument's introduction, on the first of its questions."""
    introduction = question.part.worded(language).introduction
    return says(introduction, language) if sheet.opens_part(question) else ""


def _choices(item: Item, value: Value | None, language: str) -> Iterator[Choice]:
    chosen = value if isinstance(value, (tuple, list)) else (value,)
    for place, option in enumerate(item.options):
        yield Choice(
            # The error summary's link leads to the first of them.
            id=f"answer-{option.code}" if place else "answer",
            code=option.code,
            text=says(option.text, language),
            is_chosen=option.code in chosen,
            is_exclusive=option.exclusive,
        )


def _number(item: Item, language: str) -> dict[str, str]:
    number = item.number
    if number is None:
        return {"unit": ""}
    return {
        "min": "" if number.minimum is None else f"{number.minimum:g}",
        "max": "" if number.maximum is None else f"{number.maximum:g}",
        "step": f"{10**-number.decimals:g}",
        "unit": says(number.unit, language),
        "low_text": says(number.low_text, language),
        "high_text": says(number.high_text, language),
    }
