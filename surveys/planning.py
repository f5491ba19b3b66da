"""Open what is due: the occasion, its records and the messages that ask, together."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from notifications import outbox
from notifications.outbox import Draft
from proms import records
from proms.models import Record
from surveys import schedule
from surveys.models import Invitation, Occasion
from surveys.models.occasion import OccasionQuerySet

INVITATION = "invitation"
REMINDER = "reminder"
BATCH = 500
# Why an occasion ends before it opens.
REGISTERED_LATE = "registered late"
DEAD = "dead"
DEREGISTERED = "deregistered"
STOPPED = "stopped"


def open_due(*, now: datetime) -> int:
    """Open every planned occasion whose time has come, and return how many opened.

    A batch is one transaction; two sweeps at once share the work, as a row that one of them
    holds is skipped by the other.
    """
    opened = 0
    while batch := open_batch(Occasion.objects.due(now), now=now):
        opened += batch
    return opened


@transaction.atomic
def open_batch(due: OccasionQuerySet, *, now: datetime) -> int:
    """Open up to a batch of these occasions with their messages; return how many were taken."""
    locked = due.select_for_update(skip_locked=True, of=("self",)).order_by("opens_at", "pk")
    taken = list(
        locked.select_related(
            "enrolment__patient", "enrolment__survey_version", "enrolment__event"
        )[:BATCH]
    )
    if not taken:
        return 0
    reasons = {occasion: _why_not(occasion, now) for occasion in taken}
    _open([occasion for occasion, reason in reasons.items() if not reason], now)
    for occasion, reason in reasons.items():
        if reason:
            _withdraw(occasion, reason, now)
    return len(taken)


def _open(occasions: Sequence[Occasion], now: datetime) -> None:
    ids = [occasion.pk for occasion in occasions]
    Occasion.objects.filter(pk__in=ids).update(status=Occasion.Status.OPEN)
    records.expect(ids)
    steps = [
        (occasion, step, draft)
        for occasion in occasions
        for step, draft in _messages(occasion, now)
    ]
    messages = outbox.enqueue_all([draft for _, _, draft in steps], now=now)
    Invitation.objects.bulk_create(
        (
            Invitation(occasion=occasion, step=step, message=message)
            for (occasion, step, _), message in zip(steps, messages, strict=True)
        ),
        ignore_conflicts=True,
    )


def _messages(occasion: Occasion, now: datetime) -> list[tuple[str, Draft]]:
    """Return the steps of an occasion that opens now: the invitation, then its reminders."""
    plan = occasion.enrolment.survey_version.plan
    window = schedule.Window(occasion.time_point, occasion.opens_at, occasion.closes_at)
    reminders = schedule.reminders(window, opened_at=now, days=plan.reminders)
    due = [(INVITATION, INVITATION, now)]
    due += [(f"{REMINDER}-{n}", REMINDER, moment) for n, moment in enumerate(reminders, start=1)]
    return [
        (step, Draft(f"{occasion.pk}:{step}", kind, due_at, not_after=occasion.closes_at))
        for step, kind, due_at in due
    ]


def _why_not(occasion: Occasion, now: datetime) -> str:
    """Return why an occasion that is due may not open, or nothing."""
    enrolment, patient = occasion.enrolment, occasion.enrolment.patient
    today = schedule.stockholm_date(now)
    reasons = {
        REGISTERED_LATE: occasion.closes_at <= now,
        DEAD: patient.died_on is not None and patient.died_on <= today,
        DEREGISTERED: patient.deregistered_on is not None and patient.deregistered_on <= today,
        STOPPED: enrolment.stopped_at is not None,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _withdraw(occasion: Occasion, reason: str, now: datetime) -> None:
    Occasion.objects.filter(pk=occasion.pk).update(
        status=Occasion.Status.WITHDRAWN, reason=reason, ended_at=now
    )
    records.end([occasion.pk], status=Record.Status.WITHDRAWN, reason=reason, now=now)
