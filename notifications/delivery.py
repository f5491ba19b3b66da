"""Take a message from the outbox, hand it to a channel, and settle what came of it."""

import logging
import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from notifications import channels
from notifications.channels import pacing
from notifications.channels.base import Channel, ChannelError, Kind, Promise
from notifications.content import Content
from notifications.models import ClockTimestamp, Delivery, Message, MessageQuerySet

logger = logging.getLogger(__name__)
Outcome = Delivery.Outcome
_Status = Message.Status


class Resolution(StrEnum):
    """What becomes of a message whose last attempt left no outcome."""

    RESEND = "resend"
    UNKNOWN = "unknown"


@transaction.atomic(savepoint=False)
def claim(message_id: UUID, *, now: datetime) -> Message | None:
    """Lease a due message to the caller's transaction.

    None means that there is nothing to send: another worker was first, it is too late, or an
    earlier attempt without outcome has ended the message as its channel promises.
    """
    due = Message.objects.due(now).unleased().filter(pk=message_id)
    lease = ClockTimestamp() + settings.DELIVERY_LEASE
    if not due.update(attempts=F("attempts") + 1, leased_until=lease):
        return None
    message = Message.objects.get(pk=message_id)
    if resolve_ambiguous(message, now=now) is Resolution.UNKNOWN:
        return None
    if message.attempts % settings.DELIVERY_MAX_ATTEMPTS == 0:
        _stop(message)
        return None
    if message.not_after and message.not_after <= now:
        suppress(message, reason="too late", now=now)
        return None
    return message


def resolve_ambiguous(message: Message, *, now: datetime) -> Resolution:
    """Mark an attempt whose worker died as ambiguous, and do as its channel promises."""
    under_way = message.deliveries.under_way().first() if message.attempts > 1 else None
    if under_way is None:
        return Resolution.RESEND
    reason = "no outcome before the lease ran out"
    _close(message, reason, now)
    if channels.get(under_way.channel).promise is not Promise.PREFER_ONCE:
        return Resolution.RESEND
    _end(message, _Status.UNKNOWN, f"{under_way.channel}: {reason}", now)
    return Resolution.UNKNOWN


def prepare(
    message: Message,
    *,
    channel: str,
    channel_reason: str,
    address: str,
    content: Content,
    now: datetime,
) -> Delivery:
    """Write down an attempt, in the claiming transaction and before the peer is called."""
    return Delivery.objects.create(
        message=message,
        ordinal=message.attempts,
        channel=channel,
        channel_reason=channel_reason,
        address=address,
        content=content.to_json(),
        peer=channels.get(channel).peer,
        created_at=now,
    )


def attempt(delivery_id: UUID, *, now: datetime) -> Delivery.Outcome:
    """Call the peer for a committed delivery, settle what came of it, and return that."""
    delivery = Delivery.objects.held().select_related("message").filter(pk=delivery_id).first()
    if delivery is None:
        return _give_back(delivery_id, now)
    turn = pacing.take_turn(channels.get(delivery.channel), now=now)
    if turn.wait_until:
        return _take_back(delivery, turn.wait_until)
    try:
        receipt = turn.channel.send(delivery)
    except ChannelError as error:
        return _fail(delivery, turn, error, now)
    except Exception as error:
        # One message that cannot be sent must not stop the others.
        logger.exception("delivery %s: %s", delivery.pk, type(error).__name__)
        return _fail(delivery, turn, ChannelError(type(error).__name__, Kind.FAULT), now)
    turn.answered()
    then = _ended(_Status.SENT, "", now)
    receipt = {
        name: _discreet(said, delivery) if isinstance(said, str) else said
        for name, said in receipt.items()
    }
    return settle(delivery, Outcome.SENT, then=then, receipt=receipt, now=now)


def settle(
    delivery: Delivery,
    outcome: Delivery.Outcome,
    *,
    then: dict[str, Any],
    now: datetime,
    reason: str = "",
    receipt: dict[str, Any] | None = None,
) -> Delivery.Outcome:
    """Write an outcome and `then`, the message's next state; what is settled stays settled."""
    under_way = Delivery.objects.under_way().filter(pk=delivery.pk)
    queued = Message.objects.queued().filter(pk=delivery.message_id)
    result = {"outcome": outcome, "reason": reason, "receipt": receipt or {}, "outcome_at": now}
    with transaction.atomic():
        # First the message, then its deliveries: the order of every lock on the two.
        if queued.update(**{"leased_until": None, **then}) and under_way.update(**result):
            return outcome
        transaction.set_rollback(True)
    logger.warning("delivery %s: %s came after it was settled", delivery.pk, outcome)
    return _outcome_of(delivery.pk)


def suppress(message: Message, *, reason: str, now: datetime) -> None:
    """End a claimed message that is no longer right to send."""
    _end(message, _Status.SUPPRESSED, reason, now)


def undeliverable(message: Message, *, reason: str, now: datetime) -> None:
    """End a claimed message that no channel takes."""
    _end(message, _Status.UNDELIVERABLE, reason, now)


def release(messages: MessageQuerySet, *, now: datetime) -> int:
    """Let quarantined messages be tried again, by an operator's decision; return how many."""
    quarantined = messages.quarantined()
    return quarantined.update(status=_Status.QUEUED, reason="", next_try_at=Greatest("due_at", now))


def settle_by_hand(
    messages: MessageQuerySet, *, status: Message.Status, reason: str, now: datetime
) -> int:
    """End quarantined messages as an operator has found them to have ended; return how many."""
    return messages.quarantined().update(status=status, reason=reason, ended_at=now)


def quarantine(message_id: UUID, *, reason: str) -> None:
    """Stop a message that cannot even be prepared, until an operator has looked at it."""
    idle = Message.objects.queued().unleased().filter(pk=message_id)
    idle.update(status=_Status.QUARANTINED, reason=reason, leased_until=None)


def postpone(message: Message, *, until: datetime) -> None:
    """Give a claimed message back, to be tried at `until`: quiet hours, a full channel."""
    Message.objects.queued().filter(pk=message.pk).update(next_try_at=until, leased_until=None)


def refused_channels(message: Message) -> dict[str, str]:
    """Return the channels that refused this message for good, with their reasons."""
    # A first claim has nothing behind it.
    refused = message.deliveries.refused() if message.attempts > 1 else Delivery.objects.none()
    return dict(refused.values_list("channel", "reason"))


def _fail(
    delivery: Delivery, turn: pacing.Turn, error: ChannelError, now: datetime
) -> Delivery.Outcome:
    error.reason = _discreet(error.reason, delivery)
    if error.kind is Kind.REFUSED:
        turn.answered()
    else:
        turn.failed(now=now)
    if error.kind is Kind.FAULT:
        # The operator's alarm: the admin says why, for a peer's words may be about a person.
        logger.error("delivery %s quarantined by %s", delivery.pk, turn.channel.name)
    then = _after(delivery, turn.channel, error, now)
    return settle(delivery, Outcome(error.kind.value), then=then, reason=error.reason, now=now)


def _discreet(said: str, delivery: Delivery) -> str:
    """Return a peer's words without the address: it is sealed, and they are kept in the open."""
    address = delivery.address or ""
    if not address:
        return said
    # A number is also written with a sign before its last four digits.
    written = re.escape(address[:-4]) + "[-+ ]?" + re.escape(address[-4:])
    return re.sub(written, "[address]", said, flags=re.IGNORECASE)


def _after(
    delivery: Delivery, channel: Channel, error: ChannelError, now: datetime
) -> dict[str, Any]:
    """Return what a failed attempt makes of its message."""
    if error.kind is Kind.FAULT:
        return {"status": _Status.QUARANTINED, "reason": f"{channel.name}: {error.reason}"}
    if error.kind is Kind.REFUSED:
        return {"next_try_at": now}
    if error.kind is Kind.AMBIGUOUS and channel.promise is Promise.PREFER_ONCE:
        return _ended(_Status.UNKNOWN, f"{channel.name}: {error.reason}", now)
    wait = max(_next_step(delivery, channel), error.retry_after or timedelta())
    return {"next_try_at": now + wait * (1 + _jitter(delivery))}


def _next_step(delivery: Delivery, channel: Channel) -> timedelta:
    earlier = Delivery.objects.filter(message=delivery.message_id, channel=channel.name)
    failed = earlier.filter(outcome__in=[Outcome.RETRY, Outcome.AMBIGUOUS]).count()
    return channel.retry_steps[min(failed, len(channel.retry_steps) - 1)]


def _jitter(delivery: Delivery) -> float:
    """Return up to a tenth, the message's own: what failed together does not return together."""
    return delivery.message_id.int % 1000 / 10_000


def _take_back(delivery: Delivery, until: datetime) -> Delivery.Outcome:
    """Undo an attempt that was not made, and let the message come again when the peer is free."""
    queued = Message.objects.queued().filter(pk=delivery.message_id)
    with transaction.atomic():
        queued.update(next_try_at=until, leased_until=None, attempts=F("attempts") - 1)
        Delivery.objects.under_way().filter(pk=delivery.pk).delete()
    return Outcome.RETRY


def _give_back(delivery_id: UUID, now: datetime) -> Delivery.Outcome:
    """Settle an attempt whose lease ran out before its call: nothing was sent."""
    delivery = Delivery.objects.get(pk=delivery_id)
    if delivery.outcome:
        return Outcome(delivery.outcome)
    reason = "lease ran out before the call"
    return settle(delivery, Outcome.RETRY, then={"next_try_at": now}, reason=reason, now=now)


def _stop(message: Message) -> None:
    reason = f"{message.attempts} attempts"
    logger.error("message %s quarantined: %s", message.pk, reason)
    stopped = Message.objects.queued().filter(pk=message.pk)
    stopped.update(status=_Status.QUARANTINED, reason=reason, leased_until=None)


def _end(message: Message, status: Message.Status, reason: str, now: datetime) -> None:
    if Message.objects.queued().filter(pk=message.pk).update(**_ended(status, reason, now)):
        _close(message, reason, now)


def _ended(status: Message.Status, reason: str, now: datetime) -> dict[str, Any]:
    return {"status": status, "reason": reason, "ended_at": now, "leased_until": None}


def _close(message: Message, reason: str, now: datetime) -> None:
    """Mark an attempt under way as ambiguous: nobody can tell any more whether it was sent."""
    message.deliveries.under_way().update(outcome=Outcome.AMBIGUOUS, reason=reason, outcome_at=now)


def _outcome_of(delivery_id: UUID) -> Delivery.Outcome:
    return Outcome(Delivery.objects.values_list("outcome", flat=True).get(pk=delivery_id))
