from datetime import UTC, date, datetime, timedelta

import pytest

from surveys import schedule
from surveys.schedule import STOCKHOLM, TimePoint, Window, reminders, windows
from tests.factories import NOW


def point(**fields):
    defaults = {"code": "start", "anchor": "event", "offset": 0, "offset_unit": "days"}
    return TimePoint(**(defaults | {"open_days": 30} | fields))


def opens(event_date, **fields):
    (window,) = windows([point(**fields)], event_date=event_date, registered_at=NOW)
    return window.opens_at


def closes(event_date, **fields):
    (window,) = windows([point(**fields)], event_date=event_date, registered_at=NOW)
    return window.closes_at


def wall(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("event_date", "offset", "unit", "day"),
    [
        (date(2027, 1, 31), 1, "months", date(2027, 2, 28)),
        (date(2028, 1, 31), 1, "months", date(2028, 2, 29)),
        (date(2027, 1, 31), 2, "months", date(2027, 3, 31)),
        (date(2027, 3, 31), -1, "months", date(2027, 2, 28)),
        (date(2027, 1, 15), -1, "months", date(2026, 12, 15)),
        (date(2026, 12, 31), 12, "months", date(2027, 12, 31)),
        (date(2028, 2, 29), 12, "months", date(2029, 2, 28)),
        (date(2028, 2, 29), 48, "months", date(2032, 2, 29)),
        (date(2028, 2, 28), 1, "days", date(2028, 2, 29)),
        (date(2028, 2, 28), 2, "days", date(2028, 3, 1)),
        (date(2026, 10, 25), 90, "days", date(2027, 1, 23)),
        (date(2026, 10, 25), -2, "weeks", date(2026, 10, 11)),
        (date(2026, 12, 28), 1, "weeks", date(2027, 1, 4)),
    ],
)
def test_an_offset_leads_to_a_day_that_exists(event_date, offset, unit, day):
    opens_at = opens(event_date, offset=offset, offset_unit=unit)

    assert opens_at == wall(day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("day", "send_at", "moment"),
    [
        # The clocks go forward on 28 March 2027 at 02:00 and back on 25 October 2026 at 03:00.
        (date(2027, 3, 27), "08:00", datetime(2027, 3, 27, 7, tzinfo=UTC)),
        (date(2027, 3, 28), "", datetime(2027, 3, 27, 23, tzinfo=UTC)),
        (date(2027, 3, 28), "01:59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), "02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2027, 3, 28), "08:00", datetime(2027, 3, 28, 6, tzinfo=UTC)),
        (date(2026, 10, 25), "", datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), "02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), "03:00", datetime(2026, 10, 25, 2, tzinfo=UTC)),
        (date(2026, 10, 25), "08:00", datetime(2026, 10, 25, 7, tzinfo=UTC)),
        (date(2026, 10, 26), "08:00", datetime(2026, 10, 26, 7, tzinfo=UTC)),
    ],
)
def test_a_time_of_day_is_swedish_through_both_changes(day, send_at, moment):
    assert opens(day, send_at=send_at) == moment


@pytest.mark.parametrize(
    ("event_date", "open_days", "closes_at"),
    [
        (date(2026, 10, 24), 1, datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), 1, datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2027, 3, 28), 1, datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (date(2026, 10, 1), 180, datetime(2027, 3, 29, 22, tzinfo=UTC)),
    ],
)
def test_a_window_is_open_for_whole_days_whatever_the_clocks_do(event_date, open_days, closes_at):
    assert closes(event_date, open_days=open_days) == closes_at


def test_at_registration_opens_at_that_very_moment():
    assert opens(date(2020, 1, 1), anchor="registration") == NOW


def test_days_after_registration_open_at_midnight():
    assert opens(date(2020, 1, 1), anchor="registration", offset=1) == wall(2026, 10, 26)


def test_the_day_of_registration_is_the_swedish_one():
    late = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    later = point(anchor="registration", offset=1)

    (window,) = windows([later], event_date=date(2020, 1, 1), registered_at=late)

    assert window.opens_at == wall(2026, 10, 26)


def test_windows_come_in_the_order_they_open():
    points = [
        point(code="year", offset=12, offset_unit="months"),
        point(code="before", offset=-2, offset_unit="weeks"),
        point(code="at once", anchor="registration"),
    ]

    made = windows(points, event_date=date(2026, 11, 30), registered_at=NOW)

    assert [window.time_point for window in made] == ["at once", "before", "year"]


def test_every_window_closes_after_it_opens():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(800)]

    for day in days:
        (window,) = windows([point(open_days=1)], event_date=day, registered_at=NOW)

        assert timedelta(hours=23) <= window.closes_at - window.opens_at <= timedelta(hours=25)


def test_reminders_keep_the_wall_clock_of_the_opening():
    window = Window("start", NOW, NOW + timedelta(days=30))

    made = reminders(window, opened_at=NOW, days=[1, 7])

    assert made == (wall(2026, 10, 26, 2, 30), wall(2026, 11, 1, 2, 30))


def test_an_opening_in_the_hour_that_comes_twice_is_told_apart():
    again = NOW + timedelta(hours=1)
    window = Window("start", again, again + timedelta(days=30))

    (same_day, next_day) = reminders(window, opened_at=again, days=[0, 1])

    assert (same_day, next_day) == (again, wall(2026, 10, 26, 2, 30))


def test_no_reminder_comes_when_the_window_has_closed():
    window = Window("start", NOW, NOW + timedelta(days=7))

    assert reminders(window, opened_at=NOW, days=[7, 14]) == ()


@pytest.mark.parametrize(
    ("fields", "before"),
    [
        ({"offset": -1}, True),
        ({"offset": 0}, False),
        ({"offset": -1, "anchor": "registration"}, False),
    ],
)
def test_only_an_offset_back_from_the_event_lies_before_it(fields, before):
    assert point(**fields).is_before_the_event is before


def test_the_date_is_the_one_in_sweden():
    assert schedule.stockholm_date(datetime(2026, 10, 24, 22, tzinfo=UTC)) == date(2026, 10, 25)
