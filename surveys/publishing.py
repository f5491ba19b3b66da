"""Publish a survey: check it, freeze it, number and hash it."""

from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from proms import adopting, licensing
from proms.instruments import exchange, library
from proms.models import InstrumentVersion, Staff
from surveys import inviting
from surveys.models import Survey, SurveyInstrument, SurveyVersion, TimePoint
from surveys.plan import Plan, PlannedInstrument, sha256
from surveys.schedule import TimePoint as PlannedTimePoint
from surveys.schedule import stockholm_date

Versions = list[InstrumentVersion]


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
    chosen = _chosen(survey, asked, stockholm_date(now))
    if problems := list(_problems(survey, asked, points, chosen, stockholm_date(now))):
        raise CannotPublish(problems)
    plan = _plan(survey, asked, points, chosen)
    document = plan.to_json()
    version = SurveyVersion.objects.create(
        survey=survey,
        number=plan.number,
        definition=document,
        sha256=sha256(document),
        published_at=now,
        published_by=by,
    )
    version.instrument_versions.set(each for versions in chosen for each in versions)
    return version


def current(survey: Survey) -> SurveyVersion | None:
    """Return the version that new enrolments follow, if one was published."""
    return survey.versions.order_by("-number").first()


def _chosen(survey: Survey, asked: list[SurveyInstrument], today: date) -> list[Versions]:
    """Return the versions to ask of each instrument, one for each language of the survey."""
    try:
        return [
            [
                licensing.version_to_ask(each.instrument, language=language, today=today)
                for language in survey.languages
            ]
            for each in asked
        ]
    except library.UnknownInstrument as error:
        lost = _("The library has no instrument %(code)s.") % {"code": error}
        raise CannotPublish([lost]) from error


def _problems(
    survey: Survey,
    asked: list[SurveyInstrument],
    points: list[TimePoint],
    chosen: list[Versions],
    today: date,
) -> Iterator[str]:
    if not asked:
        yield _("Add at least one instrument.")
    elif not any(each.is_key for each in asked):
        yield _("Mark one instrument as the key instrument.")
    if not points:
        yield _("Add at least one time point.")
    yield from _list_problems(survey)
    for versions in chosen:
        yield from _wording_problems(versions)
        yield from _licence_problems(versions, today)


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


def _wording_problems(versions: Versions) -> Iterator[str]:
    definitions = {each.language: adopting.definition_of(each) for each in versions}
    name = versions[0].instrument.name if versions else ""
    for language, definition in sorted(definitions.items()):
        if language not in definition.languages:
            yield _(
                "%(name)s has no text in the language %(language)s: leave the language out."
            ) % {"name": name, "language": language}
    shown_as_ours = any(definition.demonstration for definition in definitions.values())
    if shown_as_ours and not settings.ALLOW_DEMONSTRATION_WORDING:
        yield _(
            "%(name)s has demonstration wording only: import the licensed text with its licence."
        ) % {"name": name}
    structures = {exchange.structure(definition) for definition in definitions.values()}
    if len(structures) > 1:
        yield _("%(name)s does not have the same questions in every language.") % {"name": name}


def _licence_problems(versions: Versions, today: date) -> Iterator[str]:
    wanted = [need for version in versions for need in licensing.needs(version)]
    for need in licensing.lacking(wanted, today=today):
        yield _(
            "%(name)s has no licence in force for: %(scope)s (%(language)s). Add it, or renew it."
        ) % {"name": need.name, "scope": need.scope.label, "language": need.language}


def _plan(
    survey: Survey,
    asked: list[SurveyInstrument],
    points: list[TimePoint],
    chosen: list[Versions],
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
            _instrument(each, versions[0]) for each, versions in zip(asked, chosen, strict=True)
        ),
        time_points=tuple(_time_point(point) for point in points),
    )


def _instrument(asked: SurveyInstrument, version: InstrumentVersion) -> PlannedInstrument:
    is_adaptive = adopting.definition_of(version).adaptive
    rule = asked.rule if is_adaptive else ""
    return PlannedInstrument(asked.instrument.code, version.version, asked.is_key, rule)


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
