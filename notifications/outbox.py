"""Put messages in the outbox, and take them out again: all that other apps write here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu import Connection
from kombu.pools import producers

from notifications.content import Content
from notifications.models import Delivery, Message, MessageQuerySet

FORGOTTEN = "forgotten"
# A doorbell that hangs or is gone must not hold up the request that rings it.
_SECONDS = 0.1
_DOORBELL = {
    "socket_timeout": _SECONDS,
    "socket_connect_timeout": _SECONDS,
    "retry_on_timeout": False,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}


@dataclass(frozen=True)
class Parcel:
    """Address and content of a message that is sent without another look at its cause."""

    channel: str
    channel_reason: str
    address: str
    content: Content

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "content": self.content.to_json()}


@dataclass(frozen=True)
class Draft:
    """A message to be queued. A message without a parcel is sent by its kind's owner."""

    key: str
    kind: str
    due_at: datetime
    not_after: datetime | None = None
    priority: int = 5
    parcel: Parcel | None = None


def enqueue(
    *,
    key: str,
    kind: str,
    due_at: datetime,
    now: datetime,
    not_after: datetime | None = None,
    priority: int = 5,
) -> Message:
    """Queue a message in the caller's transaction, once per key, and ring its sender."""
    draft = Draft(key, kind, due_at, not_after, priority)
    return enqueue_all([draft], now=now)[0]


@transaction.atomic(savepoint=False)
def enqueue_all(drafts: Sequence[Draft], *, now: datetime) -> list[Message]:
    """Queue many messages in one statement; a key that is known keeps its first message.

    :raises KeyError: if no sender is set for a kind.
    """
    senders = {settings.SENDERS[draft.kind] for draft in drafts if draft.due_at <= now}
    rows = [_row(draft, now) for draft in drafts]
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    for sender in senders:
        transaction.on_commit(_ringing(sender), robust=True)
    return _stored(rows)


def suppress(messages: MessageQuerySet, *, reason: str, now: datetime) -> int:
    """End queued messages that no worker is about to send, and return how many.

    One that is under way is left alone: its owner's check decides at the next claim.
    """
    idle = messages.queued().unleased().exclude(deliveries__outcome="")
    ended = Message.objects.queued().unleased().filter(pk__in=idle.values("pk"))
    return ended.update(
        status=Message.Status.SUPPRESSED, reason=reason, ended_at=now, leased_until=None
    )


@transaction.atomic
def forget(messages: MessageQuerySet, *, now: datetime) -> None:
    """Send nothing more of these, and drop every address and text; the bare ledger stays.

    One under way may still arrive: its attempt is marked as possibly sent.
    """
    ids = list(messages.order_by("id").select_for_update().values_list("pk", flat=True))
    these = Message.objects.filter(pk__in=ids)
    deliveries = Delivery.objects.filter(message__in=ids)
    deliveries.under_way().update(outcome="ambiguous", reason=FORGOTTEN, outcome_at=now)
    deliveries.update(address=None, content=None)
    these.unended().update(status="suppressed", reason=FORGOTTEN, ended_at=now, leased_until=None)
    these.update(parcel=None)


def _row(draft: Draft, now: datetime) -> Message:
    return Message(
        key=draft.key,
        kind=draft.kind,
        priority=draft.priority,
        due_at=draft.due_at,
        not_after=draft.not_after,
        next_try_at=draft.due_at,
        parcel=draft.parcel.to_json() if draft.parcel else None,
        created_at=now,
    )


def _stored(rows: list[Message]) -> list[Message]:
    """Return the rows as the table has them: where a key was known, its first message."""
    kept = set(Message.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    known = [row.key for row in rows if row.pk not in kept]
    first = {message.key: message for message in Message.objects.filter(key__in=known)}
    return [row if row.pk in kept else first[row.key] for row in rows]


def _ringing(task: str) -> Callable[[], None]:
    # A function, not a partial: Django names the failed ones in the log.
    def ring() -> None:
        _ring(task)

    return ring


def _ring(task: str) -> None:
    connection = _connection(settings.CELERY_BROKER_URL)
    with producers[connection].acquire(block=True, timeout=_SECONDS) as producer:
        current_app.send_task(task, producer=producer, retry=False, ignore_result=True)


@cache
def _connection(url: str) -> Connection:
    """Return the connection that the pool of producers is kept for: a new one costs 8 ms."""
    return current_app.connection_for_write(url=url, transport_options=_DOORBELL)
