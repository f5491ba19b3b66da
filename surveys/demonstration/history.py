"""Two years of invented lives: people enrolled, asked, answering or not, by past clocks."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from notifications import delivery
from notifications.models import Delivery, Message
from proms.models import ApiClient, Unit
from surveys import answering, closing, enrolling, planning, schedule, texts
from surveys.demonstration import people
from surveys.event_reports import EventReport
from surveys.links import Level, inbox_query
from surveys.models import Enrolment, Occasion

# How far from "no problems" people are before surgery, by dimension, and what surgery leaves.
BURDEN = {"MO": 2.4, "SC": 1.2, "UA": 2.2, "PD": 2.6, "AD": 1.0}
LEFT = 0.4
ANSWERING = 0.85


def live(units: list[Unit], *, client: ApiClient, survey: str, now: datetime) -> None:
    """Let every patient of the demonstration live through the survey, up to `now`."""
    chance = random.Random(2)  # noqa: S311 - invented lives, the same on every machine
    for place, number in enumerate(people.PATIENTS):
        begins = now - timedelta(days=730 - 19 * place, hours=chance.randrange(8))
        report = _report(number, place, units[place % len(units)], survey, begins)
        enrolment = enrolling.enrol(report, client=client, now=begins).enrolment
        _live(enrolment, chance, now)


def _report(number: str, place: int, unit: Unit, survey: str, begins: datetime) -> EventReport:
    return EventReport(
        survey=survey,
        person_id=number,
        unit=unit.hsa_id,
        event="surgery",
        date=schedule.stockholm_date(begins),
        event_id=f"{survey}-{place + 1}",
        attributes={"side": "left" if place % 2 else "right"},
        contact={"name": people.name(place, "male" if int(number[10]) % 2 else "female")},
    )


def _live(enrolment: Enrolment, chance: random.Random, now: datetime) -> None:
    """Go through the occasions that have opened by `now`, one after the other."""
    burden = {item: max(0.0, chance.gauss(mean, 0.8)) for item, mean in BURDEN.items()}
    for visit, occasion in enumerate(_opened(enrolment, now)):
        planned = Occasion.objects.due(now).filter(pk=occasion.pk)
        planning.open_batch(planned, now=occasion.opens_at)
        _deliver(occasion, now=occasion.opens_at)
        answers_at = occasion.opens_at + timedelta(days=chance.randrange(1, 12))
        if chance.random() < ANSWERING and answers_at < now:
            _answer(occasion, _answers(burden, visit, chance), now=answers_at)
        elif occasion.closes_at <= now:
            closing.end(
                [occasion.pk],
                status=Occasion.Status.UNANSWERED,
                now=occasion.closes_at,
                reason="",
                because=closing.CLOSED,
            )


def _opened(enrolment: Enrolment, now: datetime) -> list[Occasion]:
    return list(enrolment.occasions.filter(opens_at__lte=now).order_by("opens_at"))


def _deliver(occasion: Occasion, *, now: datetime) -> None:
    """Note the invitation as delivered then: no peer is called for the past."""
    invitation = Message.objects.get(invitation__occasion=occasion, kind=planning.INVITATION)
    with transaction.atomic():
        message = delivery.claim(invitation.pk, now=now)
        if message is None:
            return
        prepared = delivery.prepare(
            message,
            channel="inbox",
            channel_reason="first in the survey's order",
            address=occasion.enrolment.patient.number,
            content=texts.inbox(occasion, is_reminder=False, link=inbox_query(occasion.pk)),
            now=now,
        )
    sent = {"status": Message.Status.SENT, "ended_at": now}
    delivery.settle(prepared, Delivery.Outcome.SENT, then=sent, now=now)


@transaction.atomic
def _answer(occasion: Occasion, answers: Mapping[str, str | int], *, now: datetime) -> None:
    session = answering.enter(occasion.pk, level=Level.STRONG, language="sv", now=now)
    sheet = answering.sheet_to_change(session, now=now)
    for question in sheet.questions:
        value = answers[question.item.code]
        saved = answering.answer(sheet, question, value=value, seen=0, by=session, now=now)
        sheet = saved.sheet
    answering.submit(session, now=now)


def _answers(
    burden: Mapping[str, float], visit: int, chance: random.Random
) -> dict[str, str | int]:
    """Return EQ-5D-5L answers: the burden as it is before surgery, or as surgery left it."""
    left = LEFT**visit
    felt = {item: each * left + chance.gauss(0, 0.4) for item, each in burden.items()}
    levels = {item: min(5, max(1, round(1 + each))) for item, each in felt.items()}
    vas = 97 - 4.5 * sum(level - 1 for level in levels.values()) + chance.gauss(0, 6)
    return {
        **{item: str(level) for item, level in levels.items()},
        "VAS": min(100, max(5, round(vas))),
    }
