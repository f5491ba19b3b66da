"""Publish a survey: check it, freeze it, number and hash it."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from proms import adopting
from proms.instruments import library
from proms.instruments.definition import Definition
from proms.models import Staff
from surveys import inviting
from surveys.models import Survey, SurveyInstrument, SurveyVersion, TimePoint
from surveys.plan import Plan, PlannedInstrument, sha256
from surveys.schedule import TimePoint as PlannedTimePoint


class CannotPublish(Exception):
    """The survey is not ready; `problems` says what is wrong, and how to mend each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@transaction.atomic
def publish(survey: Survey, *, by: Staff | None, now: datetime) -> SurveyVersion:
    """Freeze the survey as its next version, which new enrolments follow.

    :raises CannotPublish: if something is lacking, or the wording may not be used.
    """
    # Two publications at once get two numbers.
    Survey.objects.select_for_update().get(pk=survey.pk)
    asked = list(survey.instruments.select_related("instrument").order_by("position"))
    points = list(survey.time_points.order_by("pk"))
    definitions = _definitions(asked)
    if problems := list(_problems(survey, asked, points, definitions)):
        raise CannotPublish(problems)
    plan = _plan(survey, asked, points, definitions)
    document = plan.to_json()
    version = SurveyVersion.objects.create(
        survey=survey,
        number=plan.number,
        definition=document,
        sha256=sha256(document),
        published_at=now,
        published_by=by,
    )
    version.instrument_versions.set(
        adopting.adopt(definition.code, language=language, version=definition.version)
        for definition in definitions
        for language in survey.languages
    )
    return version


def current(survey: Survey) -> SurveyVersion | None:
    """Return the version that new enrolments follow, if one was published."""
    return survey.versions.order_by("-number").first()


def _definitions(asked: list[SurveyInstrument]) -> list[Definition]:
    try:
        return [library.get(each.instrument.code) for each in asked]
    except library.UnknownInstrument as error:
        lost = _("The library has no instrument %(code)s.") % {"code": error}
        raise CannotPublish([lost]) from error


def _problems(
    survey: Survey,
    asked: list[SurveyInstrument],
    points: list[TimePoint],
    definitions: list[Definition],
) -> Iterator[str]:
    if not asked:
        yield _("Add at least one instrument.")
    elif not any(each.is_key for each in asked):
        yield _("Mark one instrument as the key instrument.")
    if not points:
        yield _("Add at least one time point.")
    yield from _list_problems(survey)
    for definition in definitions:
        yield from _wording_problems(survey, definition)


def _list_problems(survey: Survey) -> Iterator[str]:
    if not survey.languages:
        yield _("Add at least one language.")
    if not survey.channels:
        yield _("Add at least one channel.")
    for channel in sorted(set(survey.channels) - set(inviting.CHANNELS)):
        yield _("There is no channel %(channel)s: choose among %(known)s.") % {
            "channel": channel,
            "known": ", ".join(inviting.CHANNELS),
        }


def _wording_problems(survey: Survey, definition: Definition) -> Iterator[str]:
    for language in sorted(set(survey.languages) - set(definition.languages)):
        yield _("%(name)s has no text in the language %(language)s: leave the language out.") % {
            "name": definition.name,
            "language": language,
        }
    if definition.demonstration and not settings.ALLOW_DEMONSTRATION_WORDING:
        yield _(
            "%(name)s has demonstration wording only: import the licensed text with its licence."
        ) % {"name": definition.name}


def _plan(
    survey: Survey,
    asked: list[SurveyInstrument],
    points: list[TimePoint],
    definitions: list[Definition],
) -> Plan:
    return Plan(
        survey=survey.code,
        number=survey.versions.count() + 1,
        register=survey.register.code,
        role=survey.role,
        event=survey.event,
        names=_names(survey.name, survey.name_en),
        attributes=tuple(survey.attributes),
        languages=tuple(survey.languages),
        channels=tuple(survey.channels),
        reminders=tuple(survey.reminders),
        identity_level=survey.identity_level,
        instruments=tuple(
            PlannedInstrument(definition.code, definition.version, each.is_key)
            for each, definition in zip(asked, definitions, strict=True)
        ),
        time_points=tuple(_time_point(point) for point in points),
    )


def _time_point(point: TimePoint) -> PlannedTimePoint:
    return PlannedTimePoint(
        code=point.code,
        anchor=point.anchor,
        offset=point.offset,
        offset_unit=point.offset_unit,
        open_days=point.open_days,
        send_at=point.send_at.isoformat("minutes") if point.send_at else "",
        names=_names(point.name, point.name_en),
    )


def _names(swedish: str, english: str) -> dict[str, str]:
    return {"sv": swedish, "en": english or swedish}
