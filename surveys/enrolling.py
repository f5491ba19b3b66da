"""Take an index event: enrol the patient, plan the occasions, open what is due at once."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from notifications.sealing import lookup_hash
from proms import records
from proms.models import ApiClient, CareProvider, Event, Register
from surveys import correcting, introducing, planning, resolving, schedule
from surveys.event_reports import EventReport
from surveys.models import Enrolment, Occasion, Survey
from surveys.resolving import Directory, Refused, Resolved


class Conflict(Refused):
    """The event contradicts one that was taken before."""


@dataclass(frozen=True)
class Taken:
    """What became of a report: `is_new`, or known before (and corrected where it differed)."""

    enrolment: Enrolment
    is_new: bool


@transaction.atomic
def enrol(report: EventReport, *, client: ApiClient, now: datetime) -> Taken:
    """Enrol by a reported event, once per event id, and open what is due at once.

    The same event again changes nothing; other content under the same id is a correction, and
    re-plans what is not sent yet.

    :raises Refused: if a field cannot be right.
    :raises Conflict: if the event contradicts one that was taken before.
    """
    known = _locked(report, client)
    if known and _is_same(known, report):
        return Taken(known, is_new=False)
    resolved = resolving.resolve(report, directory=Directory(client), now=now)
    try:
        with transaction.atomic():
            if known:
                return Taken(_repeat(known, resolved, now), is_new=False)
            (enrolment,) = _enrol([resolved], client, now)
            return Taken(enrolment, is_new=True)
    except IntegrityError as error:
        return Taken(_taken_meanwhile(error, resolved, client, now), is_new=False)


@transaction.atomic
def enrol_all(
    reports: Sequence[EventReport], *, client: ApiClient, now: datetime
) -> list[Taken | Refused]:
    """Take each report as `enrol` would, those of new events together in few statements."""
    outcomes: dict[int, Taken | Refused] = {}
    fresh = _fresh(reports, client, now)
    try:
        with transaction.atomic():
            enrolments = _enrol(list(fresh.values()), client, now)
        for place, enrolment in zip(fresh, enrolments, strict=True):
            outcomes[place] = Taken(enrolment, is_new=True)
    except IntegrityError:
        # Someone else took one of them meanwhile: one by one shows which.
        pass
    for place, report in enumerate(reports):
        if place not in outcomes:
            outcomes[place] = _taken_or_refused(report, client, now)
    return [outcomes[place] for place in range(len(reports))]


def _taken_or_refused(report: EventReport, client: ApiClient, now: datetime) -> Taken | Refused:
    try:
        return enrol(report, client=client, now=now)
    except Refused as refused:
        return refused


def _fresh(reports: Sequence[EventReport], client: ApiClient, now: datetime) -> dict[int, Resolved]:
    """Return the reports of events that are new and unlike each other, by their place."""
    ids = [report.event_id for report in reports]
    mine = Enrolment.objects.filter(client=client, sender_event_id__in=ids)
    seen = set(mine.values_list("sender_event_id", flat=True))
    directory, fresh = Directory(client), dict[str, tuple[int, Resolved]]()
    for place, report in enumerate(reports):
        if report.event_id not in seen:
            with suppress(Refused):
                resolved = resolving.resolve(report, directory=directory, now=now)
                fresh.setdefault(_event_hash(resolved), (place, resolved))
        seen.add(report.event_id)
    known = Enrolment.objects.filter(event_hash__in=fresh, stopped_at=None)
    for event_hash in known.values_list("event_hash", flat=True):
        del fresh[event_hash]
    return dict(fresh.values())


def _locked(report: EventReport, client: ApiClient) -> Enrolment | None:
    """Return the enrolment that the sender's event id stands for, locked."""
    same_id = Enrolment.objects.filter(client=client, sender_event_id=report.event_id)
    return same_id.select_for_update().first()


def _taken_meanwhile(
    error: IntegrityError, resolved: Resolved, client: ApiClient, now: datetime
) -> Enrolment:
    """Return the enrolment that another request made meanwhile by the same event id.

    :raises Conflict: if it is the event itself that was taken before, under another id.
    """
    same_event = Enrolment.objects.filter(event_hash=_event_hash(resolved), stopped_at=None)
    known = _locked(resolved.report, client)
    if known:
        same_event = same_event.exclude(pk=known.pk)
    if twin := same_event.first():
        under = f"under the event_id {twin.sender_event_id}: send it under that id to correct it"
        said = under if twin.client_id == client.pk else "by another sender: do not send it again"
        raise Conflict("event_id", f"This event was taken before, {said}.") from error
    if known is None:
        raise error
    return _repeat(known, resolved, now)


def _enrol(batch: Sequence[Resolved], client: ApiClient, now: datetime) -> list[Enrolment]:
    """Enrol by new events, and open what is due at once."""
    patients = introducing.patients(batch, now=now)
    events = Event.objects.bulk_create(
        Event(
            patient=patients[resolved.lookup],
            unit=resolved.unit,
            kind=resolved.report.event,
            date=resolved.report.date,
        )
        for resolved in batch
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            survey_version=resolved.version,
            patient=event.patient,
            event=event,
            client=client,
            sender_event_id=resolved.report.event_id,
            created_at=now,
            **_as_told(resolved),
        )
        for resolved, event in zip(batch, events, strict=True)
    )
    _plan(enrolments, now)
    return enrolments


def _as_told(resolved: Resolved) -> dict[str, Any]:
    """Return the columns of an enrolment that a correction replaces."""
    report = resolved.report
    informed = {f"informed_{name}": value for name, value in report.informed.items()}
    return {
        "event_hash": _event_hash(resolved),
        "content_hash": _content_hash(report),
        "attributes": dict(report.attributes),
        **informed,
    }


def _plan(enrolments: Sequence[Enrolment], now: datetime) -> None:
    occasions = Occasion.objects.bulk_create(
        Occasion(
            enrolment=enrolment,
            time_point=window.time_point,
            due_at=window.opens_at,
            opens_at=window.opens_at,
            closes_at=window.closes_at,
        )
        for enrolment in enrolments
        for window in schedule.windows(
            enrolment.survey_version.plan.time_points,
            event_date=enrolment.event.date,
            registered_at=now,
        )
    )
    records.plan(_planned(occasion) for occasion in occasions)
    mine = Occasion.objects.due(now).filter(enrolment__in=enrolments)
    while planning.open_batch(mine, now=now):
        pass


def _planned(occasion: Occasion) -> records.Plan:
    enrolment = occasion.enrolment
    plan = enrolment.survey_version.plan
    return records.Plan(
        event=enrolment.event,
        holders=_holders(enrolment),
        occasion_id=occasion.pk,
        survey=plan.survey,
        survey_version=plan.number,
        time_point=occasion.time_point,
        time_point_names=plan.time_point(occasion.time_point).names,
        opens_at=occasion.opens_at,
        closes_at=occasion.closes_at,
    )


def _holders(enrolment: Enrolment) -> list[CareProvider | Register]:
    """Return who keeps a record of the answers, as the survey's role says."""
    survey = enrolment.survey_version.survey
    holders: dict[str, list[CareProvider | Register]] = {
        Survey.Role.CARE: [enrolment.event.unit.care_provider],
        Survey.Role.REGISTER: [survey.register],
        Survey.Role.BOTH: [enrolment.event.unit.care_provider, survey.register],
    }
    return holders[enrolment.survey_version.plan.role]


def _repeat(known: Enrolment, resolved: Resolved, now: datetime) -> Enrolment:
    """Return the enrolment of an event id that was used before, corrected where it differs."""
    if _is_same(known, resolved.report):
        return known
    if known.patient.lookup != resolved.lookup:
        raise Conflict("person_id", "This event_id belongs to another person: send a new event_id.")
    if known.survey_version.survey_id != resolved.version.survey_id:
        raise Conflict("survey", "This event_id belongs to another survey: send a new event_id.")
    correcting.correct(known, resolved, told=_as_told(resolved), now=now)
    return known


def _event_hash(resolved: Resolved) -> str:
    """Return what two reports of one event share, whatever ids they were sent under."""
    report = resolved.report
    event = {
        "survey": resolved.version.survey_id,
        "patient": resolved.lookup,
        "unit": resolved.unit.pk,
        "event": report.event,
        "date": report.date.isoformat(),
        "attributes": dict(report.attributes),
    }
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()


def _is_same(known: Enrolment, report: EventReport) -> bool:
    return hmac.compare_digest(known.content_hash, _content_hash(report))


def _content_hash(report: EventReport) -> str:
    """Return a keyed hash of the whole report: it holds a number, so a plain one would tell it."""
    content = json.dumps(asdict(report), sort_keys=True, default=str)
    return lookup_hash(content, purpose="event report")
