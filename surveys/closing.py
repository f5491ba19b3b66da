"""End occasions: at the end of their window, or because nothing more is to be asked."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications import outbox
from notifications.models import Message
from proms import records
from proms.models import Record
from surveys import answering
from surveys.models import Answer, Occasion

BATCH = 500
CLOSED = "closed"


def close_overdue(*, now: datetime) -> int:
    """End every open occasion whose window is over, and return how many ended.

    Answers that were never submitted are handed in, and scored as far as they go.
    """
    closed = 0
    while batch := _close_batch(now):
        closed += batch
    return closed


@transaction.atomic
def _close_batch(now: datetime) -> int:
    overdue = Occasion.objects.overdue(now).select_for_update(skip_locked=True)
    ids = list(overdue.order_by("closes_at", "pk").values_list("pk", flat=True)[:BATCH])
    begun = {
        occasion_id
        for occasion_id in _with_answers(ids)
        if answering.hand_in_at_close(occasion_id, now=now)
    }
    rest = [occasion_id for occasion_id in ids if occasion_id not in begun]
    end(rest, status=Occasion.Status.UNANSWERED, now=now, reason="", because=CLOSED)
    return len(ids)


def _with_answers(occasion_ids: Collection[UUID]) -> list[UUID]:
    given = Answer.objects.current().filter(occasion__in=occasion_ids)
    return list(given.order_by("occasion").values_list("occasion", flat=True).distinct())


@transaction.atomic
def end(
    occasion_ids: Collection[UUID],
    *,
    status: Occasion.Status,
    now: datetime,
    reason: str,
    because: str,
) -> None:
    """End occasions that have not ended, their records and their waiting messages, together.

    `reason` is kept with the occasion, `because` with the messages that are no longer sent.
    """
    unended = Occasion.objects.filter(
        pk__in=occasion_ids, status__in=[Occasion.Status.PLANNED, Occasion.Status.OPEN]
    )
    unended.update(status=status, reason=reason, ended_at=now)
    records.end(occasion_ids, status=Record.Status(status.value), reason=reason, now=now)
    waiting = Message.objects.filter(invitation__occasion__in=occasion_ids)
    outbox.suppress(waiting, reason=because, now=now)
