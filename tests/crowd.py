"""Enrol many people at once: `python -m tests.crowd COUNT SECONDS [open]`.

Their first occasions fall due evenly over that many seconds from now; the sweeps open them, unless
`open` asks for it here. Nothing is sent.
"""

import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import django

if __name__ == "__main__":
    django.setup()

from django.db import transaction
from django.utils import timezone

from proms import records
from proms.models import ApiClient, Event, Patient, Unit
from proms.person_ids import PERSONAL_NUMBER, PersonId
from surveys import planning
from surveys.demonstration import places
from surveys.demonstration.people import check_digit
from surveys.models import Enrolment, Occasion, SurveyVersion

TIME_POINT = "now"
# Of every day from here on the tax agency's list has the serials 238 and 239.
_BORN = date(1976, 1, 2)


def numbers(count: int) -> Iterator[str]:
    """Return that many official test numbers."""
    for place in range(count):
        digits = f"{_BORN + timedelta(days=place // 2):%Y%m%d}{'239' if place % 2 else '238'}"
        yield digits + check_digit(digits[2:])


@transaction.atomic
def gather(count: int, *, within: timedelta, now: datetime) -> list[Occasion]:
    """Enrol people in a survey of their own, each with one occasion that is planned."""
    units = places.build_organisation((now - timedelta(days=30)).date())
    register = places.build_register(places.HIP, published_at=now - timedelta(days=30))
    version = SurveyVersion.objects.get(survey__register=register)
    patients = Patient.objects.bulk_create(_patient(number, now) for number in numbers(count))
    events = Event.objects.bulk_create(
        Event(patient=patient, unit=units[0], kind=places.HIP.event, date=now.date())
        for patient in patients
    )
    client = register.api_clients.get(name="file")
    enrolments = Enrolment.objects.bulk_create(
        _enrolment(event, version, client, now) for event in events
    )
    opening = [now + within * place / count for place in range(count)]
    occasions = Occasion.objects.bulk_create(
        _occasion(enrolment, opens_at)
        for enrolment, opens_at in zip(enrolments, opening, strict=True)
    )
    for occasion in occasions:
        _plan_record(occasion, units[0], version)
    return occasions


def _patient(number: str, now: datetime) -> Patient:
    person_id = PersonId(number, PERSONAL_NUMBER)
    return Patient(
        number=number,
        number_type=person_id.type,
        lookup=Patient.lookup_of(person_id),
        created_at=now,
    )


def _enrolment(event: Event, version: SurveyVersion, client: ApiClient, now: datetime) -> Enrolment:
    return Enrolment(
        survey_version=version,
        patient=event.patient,
        event=event,
        client=client,
        sender_event_id=str(event.pk),
        event_hash=event.pk.hex,
        content_hash=event.pk.hex,
        created_at=now,
    )


def _occasion(enrolment: Enrolment, opens_at: datetime) -> Occasion:
    return Occasion(
        enrolment=enrolment,
        time_point=TIME_POINT,
        due_at=opens_at,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=90),
    )


def _plan_record(occasion: Occasion, unit: Unit, version: SurveyVersion) -> None:
    plan = records.Plan(
        event=occasion.enrolment.event,
        holders=[unit.care_provider, version.survey.register],
        occasion_id=occasion.pk,
        survey=places.HIP.code,
        survey_version=version.number,
        time_point=occasion.time_point,
        time_point_names={},
        opens_at=occasion.opens_at,
        closes_at=occasion.closes_at,
    )
    records.plan([plan])


if __name__ == "__main__":
    gather(int(sys.argv[1]), within=timedelta(seconds=float(sys.argv[2])), now=timezone.now())
    if "open" in sys.argv:
        planning.open_due(now=timezone.now())
