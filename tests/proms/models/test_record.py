from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from proms.models import Measurement, Record, Score
from tests.factories import (
    NOW,
    eq5d,
    make_answered_record,
    make_event,
    make_record,
    make_register,
)

pytestmark = pytest.mark.django_db
ANSWERED = {
    "status": "answered",
    "ended_at": NOW,
    "mode": "self",
    "medium": "web",
    "identity_level": "link",
}
PARTIAL = ANSWERED | {"status": "partial"}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"closes_at": NOW}, "proms_record_opens_before_it_closes"),
        ({"status": "lost", "ended_at": NOW}, "proms_record_known_status"),
        ({"status": "declined"}, "proms_record_ended_when_it_has_an_end"),
        ({"ended_at": NOW}, "proms_record_ended_when_it_has_an_end"),
        ({"status": "withdrawn", "ended_at": NOW}, "proms_record_withdrawn_for_a_reason"),
        (ANSWERED | {"mode": ""}, "proms_record_answers_have_their_circumstances"),
        (ANSWERED | {"medium": ""}, "proms_record_answers_have_their_circumstances"),
        (ANSWERED | {"identity_level": ""}, "proms_record_answers_have_their_circumstances"),
        (PARTIAL | {"mode": ""}, "proms_record_answers_have_their_circumstances"),
    ],
)
def test_a_record_holds_to_its_rules(fields, name):
    with pytest.raises(IntegrityError, match=name):
        make_record(**fields)


def test_a_record_has_no_two_holders():
    with pytest.raises(IntegrityError, match="proms_record_has_one_holder"):
        make_record(register=make_register())


def test_a_record_has_a_holder():
    with pytest.raises(IntegrityError, match="proms_record_has_one_holder"):
        make_record(care_provider=None)


def test_only_a_register_is_disclosed_to():
    record = make_record()

    with pytest.raises(IntegrityError, match="proms_record_only_a_register_is_disclosed_to"):
        make_record(record.event, disclosed_from=record)


def test_a_care_provider_holds_one_record_per_occasion_and_version():
    record = make_record()

    with pytest.raises(IntegrityError, match="proms_record_one_per_care_provider_and_version"):
        make_record(record.event, occasion_id=record.occasion_id)


def test_a_register_holds_one_record_per_occasion_and_version():
    register = make_register()
    record = make_record(holder=register)

    with pytest.raises(IntegrityError, match="proms_record_one_per_register_and_version"):
        make_record(record.event, holder=register, occasion_id=record.occasion_id)


def test_care_provider_and_register_hold_one_each():
    record = make_record()

    twin = make_record(record.event, holder=make_register(), occasion_id=record.occasion_id)

    assert set(Record.objects.of_occasion(record.occasion_id)) == {record, twin}


def test_records_that_wait_have_no_end():
    event = make_event()
    planned, expected = make_record(event), make_record(event, status="expected")
    make_record(event, status="declined", ended_at=NOW)

    assert set(Record.objects.waiting()) == {planned, expected}


def test_records_with_answers_are_whole_or_partial():
    event = make_event()
    whole, part = make_record(event, **ANSWERED), make_record(event, **PARTIAL)
    make_record(event)

    assert set(Record.objects.with_answers()) == {whole, part}


@pytest.mark.parametrize(
    "change",
    [
        {"status": "declined"},
        {"ended_at": NOW + timedelta(days=1)},
        {"mode": "interview"},
        {"time_point": "year"},
        {"version": 2},
    ],
)
def test_a_record_with_answers_never_changes(change):
    make_answered_record(answers=eq5d("11111"))

    with pytest.raises(IntegrityError, match="proms_record rows never change"):
        Record.objects.update(**change)


def test_a_record_that_was_disclosed_may_be_erased_and_its_copy_stays():
    care = make_answered_record(answers=eq5d("11111"))
    copy = make_record(care.event, holder=make_register(), disclosed_from=care, **ANSWERED)

    Record.objects.filter(pk=care.pk).delete()

    copy.refresh_from_db()
    assert copy.disclosed_from is None


def test_a_measurement_stands_once_at_its_place():
    measurement = make_answered_record(answers=eq5d("11111")).measurements.get()
    measurement.pk = None

    with pytest.raises(IntegrityError, match="proms_measurement_one_per_position"):
        measurement.save(force_insert=True)


@pytest.mark.parametrize("table", [Measurement, Score])
def test_what_was_answered_and_scored_never_changes(table):
    make_answered_record(answers=eq5d("11111"))
    name = table._meta.db_table

    with (
        pytest.raises(IntegrityError, match=f"{name} rows never change"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {name} SET id = id")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"scale": "profile"}, "proms_score_one_per_scale_and_set"),
        ({"value": None}, "proms_score_has_a_value_or_a_reason"),
        ({"missing_reason": "missing"}, "proms_score_has_a_value_or_a_reason"),
        ({"standard_error": -0.1}, "proms_score_standard_error_is_not_negative"),
    ],
)
def test_a_score_holds_to_its_rules(fields, name):
    measurement = make_answered_record(answers=eq5d("11111")).measurements.get()

    with pytest.raises(IntegrityError, match=name):
        measurement.scores.create(**({"scale": "new", "value": 1.0} | fields))
