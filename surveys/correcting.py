"""Correct an enrolment whose event was reported anew: what is not opened yet follows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from proms import records
from surveys import introducing, planning, schedule
from surveys.models import Enrolment, Occasion
from surveys.resolving import Resolved


def correct(
    enrolment: Enrolment, resolved: Resolved, *, told: Mapping[str, Any], now: datetime
) -> None:
    """Take the new content, and move in time and place what has not been opened yet.

    `told` are the enrolment's columns as they now are.
    """
    report, event = resolved.report, enrolment.event
    # Occasions before their records: the order in which opening and answering lock them.
    list(enrolment.occasions.select_for_update().order_by("pk"))
    event.unit, event.date = resolved.unit, report.date
    event.save(update_fields=["unit", "date"])
    records.move(event, unit=resolved.unit)
    introducing.tell(enrolment.patient, report)
    for name, value in told.items():
        setattr(enrolment, name, value)
    enrolment.save(update_fields=list(told))
    _reschedule(enrolment, now)


def _reschedule(enrolment: Enrolment, now: datetime) -> None:
    plan = enrolment.survey_version.plan
    windows = schedule.windows(
        plan.time_points, event_date=enrolment.event.date, registered_at=enrolment.created_at
    )
    _revive(enrolment, [window.time_point for window in windows if window.closes_at > now])
    planned = enrolment.occasions.filter(status=Occasion.Status.PLANNED)
    for window in windows:
        times = {"opens_at": window.opens_at, "closes_at": window.closes_at}
        occasion = planned.filter(time_point=window.time_point).first()
        if occasion:
            planned.filter(pk=occasion.pk).update(due_at=window.opens_at, **times)
            records.reschedule(occasion.pk, **times)
    planning.open_batch(Occasion.objects.due(now).filter(enrolment=enrolment), now=now)


def _revive(enrolment: Enrolment, time_points: Collection[str]) -> None:
    """Plan anew what only a wrong date had made too late."""
    late = enrolment.occasions.filter(
        status=Occasion.Status.WITHDRAWN,
        reason=planning.REGISTERED_LATE,
        time_point__in=time_points,
    )
    ids = list(late.values_list("pk", flat=True))
    records.revive(ids)
    enrolment.occasions.filter(pk__in=ids).update(
        status=Occasion.Status.PLANNED, reason="", ended_at=None
    )
