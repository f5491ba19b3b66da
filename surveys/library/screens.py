"""Every question of an instrument as a patient meets it, drawn by the patient's own templates."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from proms.instruments.definition import Definition
from proms.models import InstrumentVersion, Unit
from surveys.answering import Session
from surveys.links import Level
from surveys.models import Occasion
from surveys.pages import showing
from surveys.pages.forms import QuestionForm
from surveys.plan import Plan
from surveys.sheets import Part, Question, Sheet

PAGE, FRAGMENT = "surveys/question.html", "surveys/question_main.html"
NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True)
class Screen:
    """One question, drawn."""

    code: str
    html: str


@dataclass(frozen=True)
class _ShownPart(Part):
    """A part whose words come from a definition in hand, stored or not."""

    shown: Definition

    @cached_property
    def definition(self) -> Definition:
        return self.shown

    def worded(self, language: str) -> Definition:
        return self.shown


@dataclass(frozen=True)
class _ShownSheet(Sheet):
    """A sheet of nobody's, with every question, those after certain answers too."""

    language: str

    @property
    def plan(self) -> Plan:
        return Plan(
            survey="preview",
            number=1,
            register="",
            role="care",
            event="",
            names={},
            attributes=(),
            languages=(self.language,),
            channels=(),
            reminders=(),
            identity_level="strong",
            instruments=(),
            time_points=(),
        )

    @property
    def unit(self) -> Unit:
        return Unit(name=_("The clinic"), phone="010-000 00 00")

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(Question(part, item) for part in self.parts for item in part.definition.items)


def drawn(
    definition: Definition, *, language: str, request: HttpRequest, whole: bool = False
) -> Iterator[Screen]:
    """Return a screen for each question: its part of the page, or the whole page."""
    versions = {language: InstrumentVersion(language=language)}
    part = _ShownPart(definition.code, is_key=True, rule="", versions=versions, shown=definition)
    sheet = _ShownSheet(Occasion(pk=NOBODY), (part,), {}, language)
    session = Session("preview", NOBODY, Level.STRONG, language)
    with translation.override(language):
        for question in sheet.questions:
            form = QuestionForm(question.item, may_be_empty=True)
            context = showing.question_page(sheet, question, session, form)
            html = render_to_string(PAGE if whole else FRAGMENT, context, request)
            yield Screen(question.item.code, html)
