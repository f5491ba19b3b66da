from datetime import timedelta

import pytest
from django.utils import translation

from proms.overview import charts, timeline
from tests.factories import (
    NOW,
    eq5d,
    make_answered_record,
    make_commission,
    make_event,
    make_missed_record,
)

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def event():
    return make_event()


@pytest.fixture(autouse=True)
def swedish():
    with translation.override("sv"):
        yield


def chart(event):
    commission = make_commission(unit=event.unit)
    (section,) = timeline.assemble(event.patient, commission, now=NOW).sections
    return charts.trend(section, section.trends[0])


def test_title_says_the_latest_value_and_the_first(event):
    make_answered_record(event, answers=eq5d("11111", 58), at=NOW - YEAR)
    make_answered_record(event, answers=eq5d("11111", 72), at=NOW)

    assert chart(event).title == "EQ VAS: 72 den 25 oktober 2026, 58 den 25 oktober 2025"


def test_title_of_one_value_compares_with_nothing(event):
    make_answered_record(event, answers=eq5d("11111", 72))

    assert chart(event).title == "EQ VAS: 72 den 25 oktober 2026"


def test_no_value_at_all_is_said(event):
    make_answered_record(event, answers=eq5d("11111"))

    drawn = chart(event)

    assert drawn.title == "EQ VAS: inget värde ännu"
    assert [why for _on, why in drawn.missed] == ["saknas"]


def test_facts_say_range_direction_number_and_source(event):
    make_answered_record(event, answers=eq5d("11111", 72))
    make_missed_record(event)

    assert chart(event).facts == [
        "Skala 0 till 100",
        "Högre = bättre",
        "1 av 2 tillfällen har ett värde",
        "Källa: patientens svar på EQ-5D-5L",
    ]


def test_line_is_broken_where_an_occasion_was_missed(event):
    make_answered_record(event, answers=eq5d("11111", 58), at=NOW - YEAR)
    make_missed_record(event, opens_at=NOW - timedelta(days=200))
    make_answered_record(event, answers=eq5d("11111", 72), at=NOW)

    (line,) = chart(event).to_json()["lines"]

    assert [value for _on, value, *_ in line["points"]] == [58.0, None, 72.0]


def test_proxy_is_a_line_of_its_own_and_breaks_the_patients(event):
    for years, vas, mode in ((3, 50, "self"), (2, 60, "proxy1"), (1, 70, "self")):
        make_answered_record(event, answers=eq5d("11111", vas), at=NOW - years * YEAR, mode=mode)

    own, proxy = chart(event).to_json()["lines"]

    assert [value for _on, value, *_ in own["points"]] == [50.0, None, 70.0]
    assert [value for _on, value, *_ in proxy["points"] if value] == [60.0]
    assert "Ombud" in proxy["name"]


def test_help_with_writing_is_the_same_line(event):
    make_answered_record(event, answers=eq5d("11111", 50), at=NOW - YEAR)
    make_answered_record(event, answers=eq5d("11111", 60), at=NOW, mode="helped")

    assert len(chart(event).lines) == 1


def test_description_tells_each_value_and_each_gap(event):
    make_answered_record(event, answers=eq5d("11111", 58), at=NOW - YEAR)
    make_missed_record(event)

    told = chart(event).description

    assert "25 oktober 2025: 58" in told
    assert "inget svar" in told


def test_events_are_marked_once(event):
    make_answered_record(event, answers=eq5d("11111", 58), at=NOW - YEAR)
    make_answered_record(event, answers=eq5d("11111", 72), at=NOW)

    assert chart(event).to_json()["events"] == [["2026-10-25", "operation"]]


def test_interval_is_drawn_where_the_score_has_a_standard_error():
    point = charts.Point(NOW.date(), 50.0, 3.0)

    assert point.interval == (50 - 1.96 * 3, 50 + 1.96 * 3)
    assert charts.Point(NOW.date(), 50.0).interval is None
