"""End occasions: at the end of their window, or because nothing more is to be asked."""

import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, JSONField, OuterRef, Value

from notifications import outbox
from notifications.models import Message
from proms import records
from proms.models import Record
from surveys import answering
from surveys.models import Answer, Occasion

BATCH = 500
CLOSED = "closed"
ANSWERED = Exists(
    Answer.objects.current().filter(occasion=OuterRef("pk")).exclude(value=Value(None, JSONField()))
)
logger = logging.getLogger(__name__)


def close_overdue(*, now: datetime) -> int:
    """End every open occasion whose window is over, and return how many ended.

    Answers that were never submitted are handed in, and scored as far as they go.
    """
    handed_in = sum(_hand_in(occasion_id, now) for occasion_id in _begun(now))
    closed = 0
    while batch := _close_batch(now):
        closed += batch
    return handed_in + closed


def _begun(now: datetime) -> list[UUID]:
    """Return the overdue occasions that have answers."""
    begun = Occasion.objects.overdue(now).filter(ANSWERED)
    return list(begun.order_by("closes_at", "pk").values_list("pk", flat=True))


def _hand_in(occasion_id: UUID, now: datetime) -> bool:
    """Hand in one occasion; one that cannot be stays open, is told of, and stops no other."""
    try:
        with transaction.atomic():
            return answering.hand_in_at_close(occasion_id, now=now)
    except answering.Closed:
        return False
    except Exception as error:
        logger.exception("occasion %s: not handed in: %s", occasion_id, type(error).__name__)
        return False


@transaction.atomic
def _close_batch(now: datetime) -> int:
    overdue = Occasion.objects.overdue(now).exclude(ANSWERED).select_for_update(skip_locked=True)
    ids = list(overdue.order_by("closes_at", "pk").values_list("pk", flat=True)[:BATCH])
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
