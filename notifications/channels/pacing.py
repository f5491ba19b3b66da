"""When a peer may be called: not while it does not answer, and not faster than it allows."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction

from notifications.channels.base import Channel, Pace
from notifications.models import Peer

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
# So many failures in a row close the way to a peer; then one call at a time tries it again.
FAILURES = 5
_MOST_DOUBLINGS = 10
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=2)


@dataclass(frozen=True)
class Turn:
    """A channel's turn to call its peer: now, or not before `wait_until`."""

    channel: Channel
    wait_until: datetime | None
    failures: int

    def answered(self) -> None:
        """Note that the peer answered: whatever it said, the way to it is open."""
        if self.failures:
            _change(self.channel, _open)

    def failed(self, *, now: datetime) -> None:
        """Note that the peer did not do its part; after several in a row it is left in peace."""
        if _change(self.channel, lambda peer: _count(peer, now)) == FAILURES:
            # The operator's alarm; it comes once, not for every message that waits.
            name, peer = self.channel.name, self.channel.peer
            logger.error("%s: %s failed %s times in a row", name, peer, FAILURES)


def take_turn(channel: Channel, *, now: datetime) -> Turn:
    """Take the next turn at a channel's peer, or learn when to come again."""
    peer = Peer.objects.filter(channel=channel.name, name=channel.peer).first()
    failures = peer.failures if peer else 0
    if channel.pace is None and (peer is None or peer.closed_until is None):
        return Turn(channel, None, failures)
    return Turn(channel, _change(channel, lambda row: _ask(row, channel.pace, now)), failures)


def _ask(peer: Peer, pace: Pace | None, now: datetime) -> datetime | None:
    if peer.closed_until and peer.closed_until > now:
        return peer.closed_until
    if peer.closed_until:
        # This call is the trial; the others wait for what comes of it.
        peer.closed_until = now + _pause(peer.failures)
    return _slot(peer, pace, now) if pace else None


def _slot(peer: Peer, pace: Pace, now: datetime) -> datetime | None:
    """Take the next call, or promise a later one, to each message its own."""
    free_at = peer.free_at or now
    if free_at > now + pace.ahead:
        peer.promised_until = max(peer.promised_until or free_at, free_at) + pace.apart
        return peer.promised_until
    is_rested = now - free_at >= pace.pause
    peer.in_batch = 1 if is_rested else peer.in_batch + 1
    peer.free_at = max(free_at, now) + pace.apart
    if peer.in_batch >= pace.batch:
        peer.free_at, peer.in_batch = now + pace.pause + pace.ahead, 0
    return None


def _count(peer: Peer, now: datetime) -> int:
    peer.failures += 1
    if peer.failures >= FAILURES:
        peer.closed_until = now + _pause(peer.failures)
    return peer.failures


def _open(peer: Peer) -> None:
    peer.failures, peer.closed_until = 0, None


def _pause(failures: int) -> timedelta:
    doublings = min(max(failures - FAILURES, 0), _MOST_DOUBLINGS)
    return min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)


@transaction.atomic
def _change(channel: Channel, change: Callable[[Peer], Result]) -> Result:
    Peer.objects.get_or_create(channel=channel.name, name=channel.peer)
    peer = Peer.objects.select_for_update().get(channel=channel.name, name=channel.peer)
    result = change(peer)
    peer.save()
    return result
