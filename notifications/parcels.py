"""Send messages that carry their own address and content: alerts, confirmations."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications import delivery
from notifications.content import Content
from notifications.models import Delivery, Message

_BATCH = 200


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Send what is due, oldest and most urgent first, and return how many were tried."""
    due = Message.objects.with_parcel().due(clock()).unleased().in_sending_order()
    ids = list(due.values_list("pk", flat=True)[:_BATCH])
    return sum(send(message_id, now=clock()) is not None for message_id in ids)


def send(message_id: UUID, *, now: datetime) -> Delivery.Outcome | None:
    """Send one message, unless another worker has it or its only channel refuses it."""
    with transaction.atomic():
        message = delivery.claim(message_id, now=now)
        prepared = _prepare(message, now) if message else None
    return delivery.attempt(prepared.pk, now=now) if prepared else None


def _prepare(message: Message, now: datetime) -> Delivery | None:
    parcel = message.parcel or {}
    refusal = delivery.refused_channels(message).get(parcel["channel"])
    if refusal:
        delivery.undeliverable(message, reason=f"{parcel['channel']}: {refusal}", now=now)
        return None
    return delivery.prepare(
        message, **{**parcel, "content": Content.from_json(parcel["content"])}, now=now
    )
