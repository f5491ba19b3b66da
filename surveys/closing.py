"""End occasions: at the end of their window, or because nothing more is to be asked."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications import outbox
from notifications.models import Message
from proms import records
from proms.models import Record
from surveys.models import Occasion

BATCH = 500
CLOSED = "closed"


def close_overdue(*, now: datetime) -> int:
    """End every open occasion whose window is over, and return how many ended."""
    closed = 0
    while batch := _close_batch(now):
        closed += batch
    return closed


@transaction.atomic
def _close_batch(now: datetime) -> int:
    overdue = Occasion.objects.overdue(now).select_for_update(skip_locked=True)
    ids = list(overdue.order_by("closes_at", "pk").values_list("pk", flat=True)[:BATCH])
    if ids:
        end(ids, status=Occasion.Status.UNANSWERED, now=now, reason="", because=CLOSED)
    return len(ids)


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
