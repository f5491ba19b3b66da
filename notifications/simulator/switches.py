"""How the simulator misbehaves on request: for one person or everyone, always or n times."""

import random
import threading
import uuid
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from notifications.rivta.contracts import ADD_MESSAGE, IS_ACTIVE_USER

ADD = ADD_MESSAGE.interaction
ASK = IS_ACTIVE_USER.interaction
EVERY_CALL = "*"
OPERATIONS = (ADD, ASK, EVERY_CALL)
KINDS = (
    "inactive",  # no account
    "no-notice",  # an account, but no way of being notified
    "slow",  # answers after `seconds`
    "fault",  # the SOAP fault of `code`
    "error",  # resultCode ERROR
    "500",  # an HTTP error without an envelope
    "429",  # turned away, with Retry-After `seconds`
    "garbage",  # 200 and half an envelope
    "namespace",  # an answer to another contract
    "huge",  # ten megabytes
    "entities",  # an entity bomb
    "redirect",  # to another host
    "drop",  # accepts the message, then cuts the connection
    "loa2",  # logs in with too low a level
)


class BadSwitch(Exception):
    """A switch that says nothing the simulator can do."""


@dataclass(frozen=True)
class Switch:
    """One misbehaviour. Without a person it is everyone's; without `times` it stays."""

    kind: str
    person_id: str = ""
    operation: str = ADD
    times: int | None = None
    share: float = 1.0
    seconds: float = 0.0
    code: str = "VP009"
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    @classmethod
    def from_json(cls, value: Any) -> "Switch":
        """Read a switch.

        :raises BadSwitch: if it is none.
        """
        if not isinstance(value, dict) or value.get("kind") not in KINDS:
            raise BadSwitch(f"kind must be one of {', '.join(KINDS)}")
        try:
            switch = cls(**value)
            numbers = float(switch.seconds), float(switch.share), int(switch.times or 0)
        except (TypeError, ValueError) as error:
            raise BadSwitch(str(error)) from None
        if switch.operation not in OPERATIONS or min(numbers) < 0:
            raise BadSwitch(f"operation must be one of {', '.join(OPERATIONS)}; no number below 0")
        return switch

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def concerns(self, person_id: str, operation: str) -> bool:
        return self.person_id in ("", person_id) and self.operation in (EVERY_CALL, operation)


class Switchboard:
    """The switches that are on. A person's own come before everyone's."""

    def __init__(self, seed: int) -> None:
        self._switches: dict[str, Switch] = {}
        self._random = random.Random(seed)  # noqa: S311  repeatable faults, no secrets
        self._lock = threading.Lock()

    def all(self) -> list[Switch]:
        return list(self._switches.values())

    def turn_on(self, switch: Switch) -> None:
        with self._lock:
            self._switches[switch.id] = switch

    def turn_off(self, switch_id: str) -> bool:
        with self._lock:
            return self._switches.pop(switch_id, None) is not None

    def clear(self) -> None:
        with self._lock:
            self._switches.clear()

    def is_on(self, kind: str, person_id: str) -> bool:
        """Whether a lasting state such as `inactive` holds for a person."""
        return any(s.kind == kind and s.person_id in ("", person_id) for s in self.all())

    def fire(self, person_id: str, operation: str) -> list[Switch]:
        """Return what happens to this call, and count it against `times`."""
        if not self._switches:
            return []
        with self._lock:
            concerned = [s for s in self._switches.values() if s.concerns(person_id, operation)]
            concerned.sort(key=lambda switch: not switch.person_id)
            fired = [s for s in concerned if s.share >= 1 or self._random.random() < s.share]
            for switch in fired:
                self._count(switch)
        return fired

    def _count(self, switch: Switch) -> None:
        if switch.times is None or switch.kind in ("inactive", "no-notice", "loa2"):
            return
        if switch.times <= 1:
            del self._switches[switch.id]
        else:
            self._switches[switch.id] = replace(switch, times=switch.times - 1)
