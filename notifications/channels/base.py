"""What a channel is: one way to reach an address, and what it promises about doing so once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from notifications.models import Delivery


class Promise(StrEnum):
    """What happens when a request was sent and no valid reply came."""

    DEDUPE = "dedupe"  # the peer knows the key: send again, it stays one message
    LOOKUP = "lookup"  # the peer can be asked before a second attempt
    PREFER_COMPLETE = "prefer-complete"  # send again; a second copy is possible, and counted
    PREFER_ONCE = "prefer-once"  # do not send again; the message ends as unknown


class Kind(StrEnum):
    """What a failed attempt means; all but AMBIGUOUS say that nothing was delivered."""

    REFUSED = "refused"  # this channel will not take it: on to the next channel
    RETRY = "retry"  # not this time: the same again later
    AMBIGUOUS = "ambiguous"  # sent, but no valid reply
    FAULT = "fault"  # we did wrong: stop, and call an operator


class ChannelError(Exception):
    """An attempt that did not end in a receipt."""

    def __init__(self, reason: str, kind: Kind, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind
        self.retry_after = retry_after


@dataclass(frozen=True)
class Pace:
    """How fast a peer may be called: `batch` calls, `apart` from each other, then a `pause`.

    Sweeps come every few seconds, so calls may run `ahead` of their even spacing.
    """

    apart: timedelta
    ahead: timedelta
    batch: int
    pause: timedelta


class Channel(Protocol):
    """One way to reach an address."""

    name: str
    retry_steps: Sequence[timedelta]

    @property
    def promise(self) -> Promise:
        """What to do when no valid reply came."""

    @property
    def peer(self) -> str:
        """Who is called, as it is written on the delivery."""

    @property
    def pace(self) -> Pace | None:
        """How fast it may be called; None means as fast as we can."""

    def send(self, delivery: "Delivery") -> dict[str, Any]:
        """Hand the delivery to the peer and return its receipt.

        :raises ChannelError: if it was not taken, or may not have been.
        """
