"""Find the survey, unit and person of a reported event, and refuse what cannot be right."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from proms import person_ids
from proms.models import ApiClient, Patient, Unit
from proms.person_ids import PersonId
from surveys import publishing, schedule
from surveys.event_reports import EventReport
from surveys.models import Survey, SurveyVersion

EARLIEST = date(1950, 1, 1)
YEARS_AHEAD = 2


class Refused(Exception):
    """The event cannot be taken; `field` is where, and the text says what would mend it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


@dataclass(frozen=True)
class Resolved:
    """A report whose survey, unit and person are found."""

    report: EventReport
    version: SurveyVersion
    unit: Unit
    person_id: PersonId

    @cached_property
    def lookup(self) -> str:
        """The keyed hash that finds the patient."""
        return Patient.lookup_of(self.person_id)


@dataclass
class Directory:
    """What the ids in a client's reports stand for, each looked up once."""

    client: ApiClient
    versions: dict[str, SurveyVersion | None] = field(default_factory=dict)
    units: dict[str, Unit | None] = field(default_factory=dict)

    def version(self, code: str) -> SurveyVersion | None:
        """Return the version that new enrolments in the register's survey follow."""
        if code not in self.versions:
            surveys = Survey.objects.filter(register=self.client.register_id, code=code)
            survey = surveys.select_related("register").first()
            self.versions[code] = publishing.current(survey) if survey else None
        return self.versions[code]

    def unit(self, hsa_id: str) -> Unit | None:
        if hsa_id not in self.units:
            units = Unit.objects.select_related("care_provider").filter(hsa_id__iexact=hsa_id)
            self.units[hsa_id] = units.first()
        return self.units[hsa_id]


def resolve(report: EventReport, *, directory: Directory, now: datetime) -> Resolved:
    """Return the report with what its ids stand for.

    :raises Refused: if an id is unknown, or a field cannot be right.
    """
    today = schedule.stockholm_date(now)
    if not report.event_id:
        raise Refused("event_id", "Give an event_id, or in the API an Idempotency-Key instead.")
    version = directory.version(report.survey)
    if version is None:
        raise Refused("survey", f"The register has no published survey {report.survey}.")
    unit = directory.unit(report.unit)
    if unit is None:
        raise Refused("unit", f"No unit has the HSA id {report.unit}.")
    try:
        person_id = person_ids.parse(report.person_id, type=report.person_id_type, today=today)
    except person_ids.NotAPersonId as error:
        raise Refused("person_id", f"Not a person's number: {error}.") from error
    resolved = Resolved(report, version, unit, person_id)
    _check_date(resolved, today)
    _check_event(resolved)
    return resolved


def _check_date(resolved: Resolved, today: date) -> None:
    day = resolved.report.date
    born = resolved.person_id.birth_date
    if day < EARLIEST:
        raise Refused("date", f"{day} is too early: events are taken from {EARLIEST} on.")
    if born and day < born:
        raise Refused("date", f"{day} is too early: the person was born {born}.")
    if day > _same_day_in(today, today.year + YEARS_AHEAD):
        raise Refused("date", f"{day} is more than {YEARS_AHEAD} years ahead.")
    if day > today and not resolved.version.plan.asks_before_the_event:
        raise Refused(
            "date", f"{day} is ahead, and this survey asks nothing before the event: send it then."
        )


def _same_day_in(day: date, year: int) -> date:
    """Return the same day of another year; 29 February becomes 28 where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _check_event(resolved: Resolved) -> None:
    report, plan = resolved.report, resolved.version.plan
    if report.event != plan.event:
        raise Refused("event", f"The survey counts from {plan.event}, not from {report.event}.")
    if unknown := sorted(set(report.attributes) - set(plan.attributes)):
        declared = ", ".join(plan.attributes) or "none"
        raise Refused(
            f"attributes.{unknown[0]}", f"The survey does not declare it. Declared: {declared}."
        )
    if not report.informed and not resolved.version.survey.register.invitation_informs:
        raise Refused("informed", "Say how, on which day and by which version of the text.")
