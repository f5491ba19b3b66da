from datetime import timedelta

import pytest

from proms.overview import timeline
from tests.factories import (
    NOW,
    eq5d,
    make_answered_record,
    make_commission,
    make_event,
    make_missed_record,
    make_record,
    make_unit,
)

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def event():
    return make_event()


def assembled(event, now=NOW):
    commission = make_commission(unit=event.unit)
    return timeline.assemble(event.patient, commission, now=now)


def only_section(event):
    (section,) = assembled(event).sections
    return section


def changes(row):
    return {cell.item.code: cell.change for cell in row.cells if cell.change}


def test_rows_stand_in_the_order_of_time(event):
    make_answered_record(event, answers=eq5d("11111"), at=NOW)
    make_answered_record(event, answers=eq5d("22222"), at=NOW - YEAR)

    rows = only_section(event).rows

    assert [row.cells[0].answer for row in rows] == ["2", "1"]


def test_level_is_compared_with_the_occasion_before(event):
    make_answered_record(event, answers=eq5d("11321"), at=NOW - YEAR)
    make_answered_record(event, answers=eq5d("12221"), at=NOW)

    first, second = only_section(event).rows

    assert changes(first) == {}
    assert changes(second) == {"SC": "higher", "UA": "lower"}


def test_proxy_is_compared_with_proxy_and_patient_with_patient(event):
    for years, profile, mode in (
        (3, "11111", "self"),
        (2, "33333", "proxy1"),
        (1, "11112", "self"),
    ):
        make_answered_record(event, answers=eq5d(profile), at=NOW - years * YEAR, mode=mode)

    own, proxy, own_again = only_section(event).rows

    assert changes(proxy) == {}
    assert changes(own_again) == {"AD": "higher"}


def test_level_before_a_gap_is_what_the_next_is_compared_with(event):
    make_answered_record(event, answers=eq5d("11111"), at=NOW - YEAR)
    make_missed_record(event, opens_at=NOW - timedelta(days=200))
    make_answered_record(event, answers=eq5d("21111"), at=NOW)

    _first, missed, last = only_section(event).rows

    assert missed.measurement is None
    assert changes(last) == {"MO": "higher"}


def test_unanswered_question_is_no_change_and_breaks_none(event):
    make_answered_record(event, answers=eq5d("11111"), at=NOW - YEAR)
    make_answered_record(event, answers={**eq5d("21111"), "MO": None}, at=NOW)

    _first, last = only_section(event).rows

    assert changes(last) == {}
    assert (last.cells[0].answer, last.cells[0].was_asked) == ("", True)


def test_what_patients_said_of_their_care_is_not_shown_by_person(event):
    make_answered_record(event, instrument="prem", answers={})

    assert assembled(event).sections == ()


def test_instruments_stand_apart(event):
    make_answered_record(event, answers=eq5d("11111"))
    make_answered_record(event, instrument="eq5d-3l", answers=eq5d("11111"))

    codes = {section.definition.code for section in assembled(event).sections}

    assert codes == {"eq5d-5l", "eq5d-3l"}


def test_what_waits_what_is_planned_and_what_was_missed_are_told_apart(event):
    waiting = make_record(event, status="expected")
    planned = make_record(event)
    missed = make_missed_record(event)

    shown = assembled(event)

    assert (shown.outstanding, shown.planned, shown.missed) == ([waiting], [planned], [missed])


def test_occasion_whose_window_is_over_waits_no_more(event):
    make_record(event, status="expected")

    assert assembled(event, now=NOW + YEAR).outstanding == []


def test_withdrawn_record_and_event_are_not_shown(event):
    make_record(event, status="withdrawn", reason="event withdrawn", ended_at=NOW)
    event.withdrawn_at = NOW
    event.save()
    make_missed_record(event)

    shown = assembled(event)

    assert len(shown.records) == 1
    assert shown.events == []


def test_only_the_latest_version_of_a_record_is_shown(event):
    old = make_answered_record(event, answers=eq5d("55555"))
    corrected = make_answered_record(event, answers=eq5d("11111"), supersedes=old)

    (row,) = only_section(event).rows

    assert row.record == corrected


def test_another_units_records_are_not_assembled(event):
    elsewhere = make_unit(care_provider=event.unit.care_provider)
    make_answered_record(make_event(patient=event.patient, unit=elsewhere), answers=eq5d("55555"))

    assert assembled(event).records == ()
