"""A published survey as plain data: what `SurveyVersion.definition` holds, and its hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from surveys.schedule import TimePoint


@dataclass(frozen=True)
class PlannedInstrument:
    """An instrument's place; `is_key`: the survey is answered when this one can be scored.

    `rule` names when an adaptive test stops; without one every item is asked.
    """

    code: str
    version: str
    is_key: bool
    rule: str = ""


@dataclass(frozen=True)
class Plan:
    """Everything that was frozen at publication, in the order patients meet it."""

    survey: str
    number: int
    register: str
    role: str
    event: str
    names: dict[str, str]
    attributes: tuple[str, ...]
    languages: tuple[str, ...]
    channels: tuple[str, ...]
    reminders: tuple[int, ...]
    identity_level: str
    instruments: tuple[PlannedInstrument, ...]
    time_points: tuple[TimePoint, ...]

    @property
    def asks_before_the_event(self) -> bool:
        return any(point.is_before_the_event for point in self.time_points)

    def time_point(self, code: str) -> TimePoint:
        return next(point for point in self.time_points if point.code == code)

    def language_for(self, wished: str) -> str:
        """Return the wished language if every text exists in it, else the survey's first."""
        return wished if wished in self.languages else self.languages[0]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        lists = {
            name: tuple(document[name])
            for name in ("attributes", "languages", "channels", "reminders")
        }
        instruments = tuple(PlannedInstrument(**each) for each in document["instruments"])
        time_points = tuple(TimePoint(**each) for each in document["time_points"])
        return cls(**{**document, **lists, "instruments": instruments, "time_points": time_points})


def sha256(document: Mapping[str, Any]) -> str:
    """Return the hash of a JSON document, whatever the order of its keys."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
