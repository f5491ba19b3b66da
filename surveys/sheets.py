"""An occasion's questions and the answers given: which show, in what language, what is next."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from proms import adopting
from proms.adaptive import recording, session, stopping
from proms.adaptive.banks import Bank
from proms.adaptive.session import Ask, Path
from proms.adaptive.stopping import Rules
from proms.instruments import branching
from proms.instruments.definition import Definition
from proms.instruments.items import Answer as Value
from proms.instruments.items import Item
from proms.models import InstrumentVersion, Mode, Unit
from proms.scoring import banks
from surveys.models import Answer, Occasion, SurveyVersion
from surveys.models.answer import AnswerQuerySet
from surveys.plan import Plan
from surveys.schedule import stockholm_date

Key = tuple[str, str]
_COLUMNS = (
    "instrument",
    "item",
    "revision",
    "value",
    "language",
    "level",
    "session",
    "answered_at",
)
_TABLES = ("enrolment__survey_version", "enrolment__event__unit")
_NEEDED = (
    *("status", "opens_at", "closes_at", "ended_at", "submitted_session"),
    *("enrolment__survey_version__sha256", "enrolment__event__unit__name"),
    *("enrolment__event__unit__phone", "enrolment__event__unit__phone_hours"),
)
_parts: dict[tuple[int, str], tuple["Part", ...]] = {}


class UnknownQuestion(Exception):
    """The survey has no such question, or it does not show after the answers given."""


@dataclass(frozen=True)
class Part:
    """One instrument of a survey, with its frozen version in each language.

    One with a `rule` is asked as an adaptive test, which that rule stops.
    """

    code: str
    is_key: bool
    rule: str
    versions: Mapping[str, InstrumentVersion]

    @cached_property
    def definition(self) -> Definition:
        """What every language shares: items, options, branching, scoring; not the words."""
        return adopting.definition_of(next(iter(self.versions.values())))

    def worded(self, language: str) -> Definition:
        """Return the definition that holds the words of a language."""
        return adopting.definition_of(self.versions[language])

    def bank(self, language: str) -> Bank:
        """Return the bank of an adaptive test under the calibration of a language."""
        return banks.bank(self.worded(language), language)

    @property
    def rules(self) -> Rules:
        return stopping.NAMED[self.rule]


@dataclass(frozen=True)
class Question:
    """An item in its place in the survey."""

    part: Part
    item: Item

    @property
    def key(self) -> Key:
        return self.part.code, self.item.code


@dataclass(frozen=True)
class Given:
    """The answer that stands to one question; no value where it was skipped."""

    value: Value | None
    revision: int
    language: str
    level: str
    session: str
    answered_at: datetime


@dataclass(frozen=True)
class Sheet:
    """One occasion as it stands.

    `language` is wished for, where nothing was begun in another. `renewed` names the instruments
    that begin anew, as too long has gone by since their first answer.
    """

    occasion: Occasion
    parts: Sequence[Part]
    given: Mapping[Key, Given]
    language: str = ""
    renewed: frozenset[str] = frozenset()

    @property
    def plan(self) -> Plan:
        return self.occasion.enrolment.survey_version.plan

    @property
    def unit(self) -> Unit:
        return self.occasion.enrolment.event.unit

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions that show after the answers given, in order.

        Of an adaptive test: those on its path, and the one that comes next.
        """
        return tuple(Question(part, item) for part in self.parts for item in self._shown(part))

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        """The way through each adaptive test that the answers make, by instrument."""
        return {part.code: self._path(part) for part in self.parts if part.rule}

    def is_over(self, part: Part) -> bool:
        """Whether it is certain which questions an instrument asks: no test is under way."""
        return not part.rule or not isinstance(self.paths[part.code].next, Ask)

    def likely_left(self, part: Part) -> int:
        """Return how many questions an adaptive test is likely to ask yet."""
        following = self.paths[part.code].next if part.rule else None
        return following.why.likely_left if isinstance(following, Ask) else 0

    def trace(self, part: Part) -> dict[str, Any] | None:
        """Return what is kept of an adaptive test; of other instruments nothing is."""
        if not part.rule:
            return None
        path, bank = self.paths[part.code], part.bank(self.language_of(part))
        edited = bool(path.dropped) or not self._was_walked_in_order(part, path)
        return recording.trace(bank, part.rules, path, is_edited=edited)

    def values(self, part: Part) -> dict[str, Value]:
        """Return the answers to one instrument, without skipped items."""
        return {
            item: given.value
            for (code, item), given in self.given.items()
            if code == part.code and given.value is not None
        }

    def find(self, key: Key) -> Question:
        """Return a question that shows.

        :raises UnknownQuestion: if none does under that key.
        """
        for question in self.questions:
            if question.key == key:
                return question
        raise UnknownQuestion(key)

    def first_unanswered(self) -> Question | None:
        return next((each for each in self.questions if each.key not in self.given), None)

    def before(self, question: Question) -> Question | None:
        place = self.questions.index(question)
        return self.questions[place - 1] if place else None

    def opens_part(self, question: Question) -> bool:
        """Whether a question is the first of its instrument."""
        before = self.before(question)
        return before is None or before.part is not question.part

    def after(self, question: Question) -> tuple[Question, ...]:
        return self.questions[self.questions.index(question) + 1 :]

    def language_of(self, part: Part) -> str:
        """Return the language that an instrument was begun in, else the wished one."""
        begun = (given.language for (code, _), given in self.given.items() if code == part.code)
        wished = self.language if self.language in part.versions else next(iter(part.versions))
        return next(begun, wished)

    def spoken(self, language: str) -> "Sheet":
        """Return the sheet as it is for someone who wishes a language."""
        return replace(self, language=language)

    def at(self, now: datetime) -> "Sheet":
        """Return the sheet as it can be gone on with: what was begun too long ago begins anew."""
        sheet = self
        for part in self.parts:
            if self._is_unfinished(part) and self.is_past_span(part, now):
                sheet = sheet.without(part)
        return sheet

    def is_past_span(self, part: Part, now: datetime) -> bool:
        """Whether an answer now would come too long after the instrument's first."""
        given = (given.answered_at for (code, _), given in self.given.items() if code == part.code)
        first, limit = min(given, default=now), part.definition.span_limit
        return stockholm_date(first) < stockholm_date(now) if limit is None else now - first > limit

    def without(self, part: Part) -> "Sheet":
        """Return the sheet without the answers to one instrument, which begins anew."""
        kept = {key: given for key, given in self.given.items() if key[0] != part.code}
        return replace(self, given=kept, renewed=self.renewed | {part.code})

    def with_answer(self, question: Question, given: Given) -> "Sheet":
        return replace(self, given={**self.given, question.key: given})

    def _is_unfinished(self, part: Part) -> bool:
        return any(each.part is part and each.key not in self.given for each in self.questions)

    def _shown(self, part: Part) -> Iterable[Item]:
        if not part.rule:
            return branching.shown(part.definition, self.values(part))
        path, items = self.paths[part.code], part.definition.items_by_code
        following = [path.next.item] if isinstance(path.next, Ask) else []
        return (items[code] for code in [*path.asked, *following])

    def _path(self, part: Part) -> Path:
        answers = {
            item: given.value for (code, item), given in self.given.items() if code == part.code
        }
        return session.replay(part.bank(self.language_of(part)), answers, part.rules)

    def _was_walked_in_order(self, part: Part, path: Path) -> bool:
        times = [self.given[part.code, item].answered_at for item in path.asked]
        return times == sorted(times)


def read(occasion_id: uuid.UUID) -> Sheet:
    """Return an occasion with its answers, in one statement.

    :raises Occasion.DoesNotExist: if there is no such occasion.
    """
    answers = _current(OuterRef("pk")).values(row=JSONObject(**{name: name for name in _COLUMNS}))
    occasion = _occasions().annotate(rows=ArraySubquery(answers)).get(pk=occasion_id)
    return _sheet(occasion, [_parsed(row) for row in occasion.rows])


def lock(occasion_id: uuid.UUID) -> Sheet:
    """Return an occasion that nobody else changes until this transaction ends.

    The answers are read by a statement of their own: one that waits for the lock would still
    see them as they were before the wait.

    :raises Occasion.DoesNotExist: if there is no such occasion.
    """
    occasion = _occasions().select_for_update(of=("self",)).get(pk=occasion_id)
    return _sheet(occasion, _current(occasion_id).values(*_COLUMNS))


def _occasions() -> Any:
    """Select what every page needs, and no more: this is the service's busiest query."""
    return Occasion.objects.select_related(*_TABLES).only(*_NEEDED)


def _current(occasion: Any) -> AnswerQuerySet:
    return Answer.objects.current().filter(occasion=occasion)


def _sheet(occasion: Occasion, rows: Iterable[Mapping[str, Any]]) -> Sheet:
    given = {(row["instrument"], row["item"]): _given(row) for row in rows}
    return Sheet(occasion, _parts_of(occasion.enrolment.survey_version), given)


def _given(row: Mapping[str, Any]) -> Given:
    value = tuple(row["value"]) if isinstance(row["value"], list) else row["value"]
    stored = {name: row[name] for name in _COLUMNS if name not in ("instrument", "item")}
    return Given(**{**stored, "value": value})


def _parsed(row: Any) -> dict[str, Any]:
    fields = json.loads(row) if isinstance(row, str) else row
    return {**fields, "answered_at": datetime.fromisoformat(fields["answered_at"])}


def _parts_of(version: SurveyVersion) -> tuple[Part, ...]:
    """Return a version's instruments, read once per process: it is frozen."""
    key = version.pk, version.sha256
    if key not in _parts:
        stored = version.instrument_versions.filter(mode=Mode.SELF).select_related("instrument")
        _parts[key] = _built(version, list(stored))
    return _parts[key]


def _built(version: SurveyVersion, stored: list[InstrumentVersion]) -> tuple[Part, ...]:
    by_key = {(each.instrument.code, each.language): each for each in stored}
    plan = version.plan
    return tuple(
        Part(
            code=planned.code,
            is_key=planned.is_key,
            rule=planned.rule,
            versions={language: by_key[planned.code, language] for language in plan.languages},
        )
        for planned in plan.instruments
    )
