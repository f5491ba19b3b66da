"""Plan, expect, complete, disclose and withdraw records: the only place that changes one."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from proms import adopting
from proms.models import (
    CareProvider,
    Event,
    InstrumentVersion,
    Measurement,
    Record,
    Register,
    Score,
    Unit,
)
from proms.scoring import scores as scoring_scores
from proms.scoring.score import score

Status = Record.Status


class AlreadyEnded(Exception):
    """The records of this occasion have come to an end before."""


@dataclass(frozen=True)
class Plan:
    """What is planned for an occasion: who is to hold a record of it, and what it copies."""

    event: Event
    holders: Collection[CareProvider | Register]
    occasion_id: uuid.UUID
    survey: str
    survey_version: int
    time_point: str
    time_point_names: Mapping[str, str]
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Circumstances:
    """How the answers were given."""

    mode: str
    medium: str
    language: str
    channel: str
    identity_level: str


@dataclass(frozen=True)
class Measured:
    """One instrument's answers, by item code, in the order the items were asked."""

    instrument_version: InstrumentVersion
    answers: Mapping[str, Any]
    items_asked: Sequence[str]
    answered_at: datetime
    is_key: bool = False
    trace: Any = None


def plan(plans: Iterable[Plan]) -> None:
    """Bring the records of occasions into being, one for each holder."""
    Record.objects.bulk_create(
        Record(
            patient_id=each.event.patient_id,
            event=each.event,
            unit_id=each.event.unit_id,
            occasion_id=each.occasion_id,
            survey=each.survey,
            survey_version=each.survey_version,
            time_point=each.time_point,
            time_point_names=each.time_point_names,
            due_at=each.opens_at,
            opens_at=each.opens_at,
            closes_at=each.closes_at,
            **_holder(holder),
        )
        for each in plans
        for holder in each.holders
    )


def reschedule(occasion_id: uuid.UUID, *, opens_at: datetime, closes_at: datetime) -> None:
    """Move the records that wait for an occasion whose time was corrected."""
    waiting = Record.objects.of_occasion(occasion_id).waiting()
    waiting.update(due_at=opens_at, opens_at=opens_at, closes_at=closes_at)


def move(event: Event, *, unit: Unit) -> None:
    """Let records that wait follow an event whose unit was corrected."""
    waiting = Record.objects.filter(event=event).waiting()
    waiting.update(unit=unit)
    waiting.filter(register=None).update(care_provider=unit.care_provider)


def expect(occasion_ids: Collection[uuid.UUID]) -> None:
    """Note that the occasions have opened: their records are due."""
    planned = Record.objects.filter(occasion_id__in=occasion_ids, status=Status.PLANNED)
    planned.update(status=Status.EXPECTED)


@transaction.atomic
def complete(
    occasion_id: uuid.UUID,
    *,
    measured: Sequence[Measured],
    circumstances: Circumstances,
    now: datetime,
) -> Status:
    """Score the answers and complete the occasion's records; return how they ended.

    The care provider's record comes first and is disclosed to the register as a row of its own;
    without one the register's record is completed itself. The status is `answered` when the key
    instrument can be scored, else `partial`.

    :raises AlreadyEnded: if the records have ended before.
    """
    waiting = Record.objects.of_occasion(occasion_id).waiting().select_for_update()
    # The care provider's record first: NULLs sort last.
    records = list(waiting.order_by("care_provider", "pk"))
    if not records:
        raise AlreadyEnded
    first, *others = records
    status = _measure(first, measured)
    _end(first, status, circumstances, now)
    for other in others:
        disclose(first, other, now=now)
    return status


def disclose(source: Record, target: Record, *, now: datetime) -> None:
    """Copy what the care provider holds of an occasion into the register's record of it."""
    for measurement in source.measurements.order_by("position"):
        scores = list(measurement.scores.order_by("pk"))
        _store(target, measurement, scores)
    target.disclosed_from = source
    copied = {name: getattr(source, name) for name in Circumstances.__dataclass_fields__}
    _end(target, Status(source.status), Circumstances(**copied), now)


def end(
    occasion_ids: Collection[uuid.UUID], *, status: Status, now: datetime, reason: str = ""
) -> None:
    """End the records that wait for occasions which ended without a measurement."""
    waiting = Record.objects.filter(occasion_id__in=occasion_ids).waiting()
    waiting.update(status=status, reason=reason, ended_at=now)


def _holder(holder: CareProvider | Register) -> dict[str, Any]:
    return {"register" if isinstance(holder, Register) else "care_provider": holder}


def revive(occasion_ids: Collection[uuid.UUID]) -> None:
    """Let the withdrawn records of these occasions wait again: they were withdrawn by mistake."""
    withdrawn = Record.objects.filter(occasion_id__in=occasion_ids, status=Status.WITHDRAWN)
    withdrawn.update(status=Status.PLANNED, reason="", ended_at=None)


def _measure(record: Record, measured: Sequence[Measured]) -> Status:
    """Store and score what was measured; say whether the key instrument could be scored."""
    answered = False
    for position, each in enumerate(measured):
        measurement = Measurement(
            instrument_version=each.instrument_version,
            position=position,
            answered_at=each.answered_at,
            answers=dict(each.answers),
            items_asked=list(each.items_asked),
            trace=each.trace,
        )
        scores = _scores(each)
        _store(record, measurement, scores)
        adopting.mark_used(each.instrument_version, now=each.answered_at)
        answered |= each.is_key and _can_be_scored(each, scores)
    return Status.ANSWERED if answered else Status.PARTIAL


def _can_be_scored(measured: Measured, scores: Sequence[Score]) -> bool:
    """Whether an instrument gave a score: of several items, unless all of its scales have one.

    EQ VAS alone is no EQ-5D, but one of several subscales is an answer.
    """
    scales = adopting.definition_of(measured.instrument_version).scales_by_code
    joint = [made for made in scores if len(scales[made.scale].items) > 1]
    return any(not made.missing_reason for made in joint or scores)


def _scores(measured: Measured) -> list[Score]:
    definition = adopting.definition_of(measured.instrument_version)
    made = score(definition, measured.answers, language=measured.instrument_version.language)
    return [_score(each) for each in made]


def _score(made: scoring_scores.Score) -> Score:
    value, state = (None, made.value) if isinstance(made.value, str) else (made.value, "")
    return Score(
        scale=made.scale,
        value=value,
        state=state,
        standard_error=made.standard_error,
        set_id=made.set_id,
        missing_reason=made.reason,
    )


def _store(record: Record, measurement: Measurement, scores: Sequence[Score]) -> None:
    """Write a measurement with its scores as rows of the record's own."""
    measurement.pk, measurement.record, measurement._state.adding = None, record, True
    measurement.save()
    for each in scores:
        each.pk, each.measurement, each._state.adding = None, measurement, True
    Score.objects.bulk_create(scores)


def _end(record: Record, status: Status, circumstances: Circumstances, now: datetime) -> None:
    record.status, record.ended_at = status, now
    for name, value in asdict(circumstances).items():
        setattr(record, name, value)
    record.save()
