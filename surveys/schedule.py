"""From an event's date and a survey's time points to the days on which a patient is asked.

All rules of the wall clock are Swedish time, so "08:00 on day 90" stays 08:00 over a change to
daylight saving; what is returned is aware and compares with any other time.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MIDNIGHT = time()


@dataclass(frozen=True)
class TimePoint:
    """When to ask: an offset from the event's date, or from the moment of registration."""

    code: str
    anchor: str  # event, registration
    offset: int
    offset_unit: str  # days, weeks, months
    open_days: int
    send_at: str = ""
    names: dict[str, str] = field(default_factory=dict)

    @property
    def is_before_the_event(self) -> bool:
        return self.anchor == "event" and self.offset < 0


@dataclass(frozen=True)
class Window:
    """The half-open time [opens_at, closes_at) in which one time point can be answered."""

    time_point: str
    opens_at: datetime
    closes_at: datetime


def windows(
    time_points: Iterable[TimePoint], *, event_date: date, registered_at: datetime
) -> tuple[Window, ...]:
    """Return the window of each time point, in the order they open."""
    made = (_window(point, event_date, registered_at) for point in time_points)
    return tuple(sorted(made, key=lambda window: window.opens_at))


def reminders(window: Window, *, opened_at: datetime, days: Sequence[int]) -> tuple[datetime, ...]:
    """Return when to remind, counted from the opening; none once the window is closed."""
    due = (_wall_days_later(opened_at, after) for after in days)
    return tuple(moment for moment in due if moment < window.closes_at)


def stockholm_date(moment: datetime) -> date:
    """Return the calendar day that it is in Sweden."""
    return moment.astimezone(STOCKHOLM).date()


def _window(point: TimePoint, event_date: date, registered_at: datetime) -> Window:
    opens_at = _opens_at(point, event_date, registered_at)
    return Window(point.code, opens_at, _wall_days_later(opens_at, point.open_days))


def _opens_at(point: TimePoint, event_date: date, registered_at: datetime) -> datetime:
    if point.anchor == "registration" and not point.offset and not point.send_at:
        return registered_at
    anchor = event_date if point.anchor == "event" else stockholm_date(registered_at)
    day = _offset(anchor, point.offset, point.offset_unit)
    return _at(day, time.fromisoformat(point.send_at) if point.send_at else MIDNIGHT)


def _offset(day: date, offset: int, unit: str) -> date:
    """Return the day `offset` units later; a month ends where the day would not exist."""
    if unit == "months":
        years, month = divmod(day.month - 1 + offset, 12)
        year = day.year + years
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return day + timedelta(days=offset * (7 if unit == "weeks" else 1))


def _wall_days_later(moment: datetime, days: int) -> datetime:
    local = moment.astimezone(STOCKHOLM)
    return _at(local.date() + timedelta(days=days), local.time())


def _at(day: date, wall: time) -> datetime:
    """Return that wall time in UTC; a time that a spring night skips comes an hour later."""
    return datetime.combine(day, wall, STOCKHOLM).astimezone(UTC)
