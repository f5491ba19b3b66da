import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from notifications.models import Message
from proms import records
from proms.models import Consent, Event, Patient, Record
from surveys import closing, enrolling
from surveys.enrolling import Conflict
from surveys.models import Enrolment, Occasion
from surveys.resolving import Refused
from tests.factories import (
    NOW,
    START,
    YEAR,
    make_client,
    make_enrolment,
    make_number,
    make_register,
    make_report,
    make_survey_version,
    make_unit,
)
from tests.racing import race, wait_until_blocked

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 25)
BEFORE = {"code": "before", "name": "Före", "offset": -1, "offset_unit": "weeks", "open_days": 14}
CONTACT = {
    "name": "Vera Ek",
    "email": "vera@example.org",
    "phone": "070-123 45 67",
    "address": {"street": "Storgatan 1", "postal_code": "111 22", "city": "Fjärden"},
    "language": "en",
    "prefers": "paper",
}


@pytest.fixture
def version():
    return make_survey_version()


@pytest.fixture
def client(version):
    return make_client(register=version.survey.register)


def enrol(report, client, now=NOW):
    return enrolling.enrol(report, client=client, now=now)


def statuses(enrolment):
    occasions = enrolment.occasions.order_by("due_at")
    return [(each.time_point, each.status) for each in occasions]


def nothing_is_stored():
    return not any(model.objects.exists() for model in (Enrolment, Event, Patient, Record, Message))


def test_an_event_enrols_the_patient_and_opens_what_is_due(version, client):
    taken = enrol(make_report(version), client)

    assert taken.is_new
    assert statuses(taken.enrolment) == [("start", "open"), ("year", "planned")]
    assert [message.due_at for message in Message.objects.all()] == [NOW]


def test_what_becomes_of_it_follows_the_plan(version, client):
    enrolment = enrol(make_report(version), client).enrolment

    year = enrolment.occasions.get(time_point="year")

    assert year.opens_at == year.due_at == datetime(2027, 10, 24, 22, tzinfo=UTC)
    assert year.closes_at == datetime(2027, 12, 23, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("role", "holders"),
    [
        ("care", ["care provider"]),
        ("register", ["register"]),
        ("both", ["care provider", "register"]),
    ],
)
def test_the_role_of_the_survey_says_who_holds_the_records(role, holders):
    enrolment = make_enrolment(make_survey_version(role=role))

    found = Record.objects.filter(time_point="start").order_by("care_provider")

    assert ["register" if each.register else "care provider" for each in found] == holders
    assert {each.status for each in found} == {Record.Status.EXPECTED}
    assert {each.care_provider for each in found} <= {enrolment.event.unit.care_provider, None}


def test_the_same_event_again_changes_nothing(version, client):
    report = make_report(version)
    first = enrol(report, client)

    again = enrol(report, client, now=NOW + timedelta(days=3))

    assert (again.enrolment, again.is_new) == (first.enrolment, False)
    assert (Event.objects.count(), Message.objects.count()) == (1, 1)


def test_the_same_event_is_known_even_where_it_would_be_refused_by_now(version, client):
    report = make_report(version, attributes={"side": "left"})
    enrolment = enrol(report, client).enrolment
    version.survey.attributes = []
    version.survey.save()
    make_survey_version(version.survey)

    assert enrol(report, client).enrolment == enrolment


def test_the_same_event_again_costs_little(version, client, django_assert_max_num_queries):
    report = make_report(version)
    enrol(report, client)

    with django_assert_max_num_queries(3):
        enrol(report, client)


def test_a_correction_replans_only_what_has_not_opened(version, client):
    report = make_report(version)
    enrolment = enrol(report, client).enrolment
    start = enrolment.occasions.get(time_point="start")
    moved = make_unit()

    taken = enrol(replace(report, date=date(2026, 9, 1), unit=moved.hsa_id), client)

    assert (taken.enrolment, taken.is_new) == (enrolment, False)
    assert enrolment.occasions.get(time_point="start").opens_at == start.opens_at
    year = enrolment.occasions.get(time_point="year")
    assert year.opens_at == datetime(2027, 8, 31, 22, tzinfo=UTC)
    moved_records = Record.objects.filter(time_point="year")
    assert {(each.opens_at, each.unit) for each in moved_records} == {(year.opens_at, moved)}


def test_a_correction_moves_the_care_record_to_the_new_care_provider(version, client):
    report = make_report(version)
    enrol(report, client)
    moved = make_unit()

    enrol(replace(report, unit=moved.hsa_id), client)

    held = Record.objects.filter(register=None).values_list("care_provider", flat=True)
    assert set(held) == {moved.care_provider_id}


def test_a_correction_leaves_the_records_that_were_ended(version, client):
    report = make_report(version)
    enrolment = enrol(report, client).enrolment
    unit = enrolment.event.unit
    start = enrolment.occasions.get(time_point="start")
    closing.end([start.pk], status=Occasion.Status.DECLINED, now=NOW, reason="", because="declined")

    enrol(replace(report, unit=make_unit().hsa_id), client)

    assert {each.unit for each in Record.objects.of_occasion(start.pk)} == {unit}


def test_a_correction_opens_what_has_become_due(client, version):
    report = make_report(version)
    enrolment = enrol(report, client).enrolment

    enrol(replace(report, date=date(2025, 10, 20)), client)

    assert statuses(enrolment) == [("year", "open"), ("start", "open")]


def test_a_correction_keeps_everything_that_was_told(version, client):
    report = make_report(version)
    enrolment = enrol(report, client).enrolment
    informed = {"how": "letter", "on": TODAY, "version": "2"}

    enrol(replace(report, attributes={"side": "left"}, informed=informed), client)

    enrolment.refresh_from_db()
    assert enrolment.attributes == {"side": "left"}
    assert (enrolment.informed_how, enrolment.informed_on, enrolment.informed_version) == (
        "letter",
        TODAY,
        "2",
    )


def test_a_correction_for_another_person_is_refused(version, client):
    report = make_report(version)
    enrol(report, client)

    with pytest.raises(Conflict, match="another person") as refusal:
        enrol(replace(report, person_id=make_number(1)), client)
    assert refusal.value.field == "person_id"
    assert Patient.objects.count() == 1


def test_a_correction_for_another_survey_is_refused(version, client):
    report = make_report(version)
    enrol(report, client)
    other = make_survey_version(register=version.survey.register)

    with pytest.raises(Conflict, match="another survey") as refusal:
        enrol(replace(report, survey=other.survey.code), client)
    assert refusal.value.field == "survey"


def test_the_same_event_under_another_id_is_refused_and_nothing_is_half_stored(version, client):
    report = make_report(version, event_id="first")
    enrol(report, client)
    rows = [model.objects.count() for model in (Event, Enrolment, Record, Message)]

    with pytest.raises(Conflict, match="under the event_id first") as refusal:
        enrol(replace(report, event_id="second"), client)
    assert refusal.value.field == "event_id"
    assert [model.objects.count() for model in (Event, Enrolment, Record, Message)] == rows


def test_the_same_event_from_another_sender_is_refused_without_its_id(version, client):
    report = make_report(version, event_id="first")
    enrol(report, client)

    with pytest.raises(Conflict, match="by another sender") as refusal:
        enrol(report, make_client(register=client.register))
    assert "first" not in str(refusal.value)


def test_a_correction_into_another_event_is_refused_and_changes_nothing(version, client):
    report = make_report(version, event_id="first")
    enrol(report, client)
    other = replace(report, event_id="second", date=date(2026, 10, 1))
    enrolment = enrol(other, client).enrolment

    with pytest.raises(Conflict, match="under the event_id first"):
        enrol(replace(other, date=report.date), client)
    enrolment.event.refresh_from_db()
    assert enrolment.event.date == date(2026, 10, 1)


def test_the_other_side_is_another_event(version, client):
    report = make_report(version, attributes={"side": "left"})
    enrol(report, client)

    taken = enrol(replace(report, event_id="right", attributes={"side": "right"}), client)

    assert taken.is_new


def test_one_person_in_two_registers_is_one_patient(version, client):
    enrol(make_report(version), client)

    make_enrolment()

    assert (Patient.objects.count(), Enrolment.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"survey": "nowhere"}, "survey", "no published survey nowhere"),
        ({"unit": "SE-NOWHERE"}, "unit", "No unit has the HSA id SE-NOWHERE"),
        ({"person_id": "198001022387"}, "person_id", "check digit"),
        ({"person_id_type": "passport"}, "person_id", "not an OID"),
        ({"event": "birth"}, "event", "counts from surgery"),
        ({"date": date(1850, 1, 1)}, "date", "too early"),
        ({"date": date(1979, 12, 31)}, "date", "born 1980-01-02"),
        ({"date": date(2028, 10, 26)}, "date", "more than 2 years ahead"),
        ({"date": date(2026, 10, 26)}, "date", "asks nothing before the event"),
        ({"attributes": {"knee": "left"}}, "attributes.knee", "Declared: side"),
    ],
)
def test_what_cannot_be_right_is_refused_by_its_field(version, client, wrong, field, why):
    with pytest.raises(Refused, match=why) as refusal:
        enrol(make_report(version, **wrong), client)
    assert refusal.value.field == field
    assert nothing_is_stored()


@pytest.mark.parametrize("day", [date(2026, 10, 26), date(2028, 10, 25)])
def test_an_event_ahead_is_taken_where_something_is_asked_before_it(day):
    version = make_survey_version(time_points=[BEFORE])

    enrolment = make_enrolment(version, date=day)

    assert enrolment.event.date == day


def test_two_years_from_a_leap_day_end_in_february(client):
    version = make_survey_version(time_points=[BEFORE])
    leap_day = datetime(2028, 2, 29, 12, tzinfo=UTC)

    with pytest.raises(Refused, match="more than 2 years ahead"):
        make_enrolment(version, now=leap_day, date=date(2030, 3, 1))


def test_today_is_the_day_in_sweden(version, client):
    before_midnight_in_utc = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)

    assert enrol(make_report(version, date=TODAY), client, now=before_midnight_in_utc).is_new


def test_a_survey_of_another_register_is_unknown(version):
    with pytest.raises(Refused, match="no published survey"):
        enrol(make_report(version), make_client())


def test_a_survey_that_was_not_published_is_unknown(version, client):
    version.delete()

    with pytest.raises(Refused, match="no published survey"):
        enrol(make_report(version), client)


def test_where_the_invitation_does_not_inform_the_sender_says_how():
    version = make_survey_version(register=make_register(invitation_informs=False))

    with pytest.raises(Refused, match="how, on which day") as refusal:
        make_enrolment(version)
    assert refusal.value.field == "informed"


def test_a_unit_is_found_whatever_the_case_of_its_hsa_id(version, client):
    unit = make_unit(hsa_id="SE2321000016-1HZ3")

    enrolment = enrol(make_report(version, unit="se2321000016-1hz3"), client).enrolment

    assert enrolment.event.unit == unit


def test_a_window_that_is_over_is_withdrawn_as_registered_late(client, version):
    enrolment = enrol(make_report(version, date=date(2024, 1, 1)), client).enrolment

    year = enrolment.occasions.get(time_point="year")
    assert (year.status, year.reason, year.ended_at) == ("withdrawn", "registered late", NOW)
    ended = Record.objects.of_occasion(year.pk)
    assert {(each.status, each.reason) for each in ended} == {("withdrawn", "registered late")}
    assert [each.invitation.occasion.time_point for each in Message.objects.all()] == ["start"]


def test_a_corrected_date_plans_anew_what_was_registered_late(version, client):
    report = make_report(version, date=date(2024, 1, 1))
    enrolment = enrol(report, client).enrolment

    enrol(replace(report, date=TODAY), client)

    year = enrolment.occasions.get(time_point="year")
    assert (year.status, year.reason, year.ended_at) == ("planned", "", None)
    assert year.opens_at == datetime(2027, 10, 24, 22, tzinfo=UTC)
    waiting = Record.objects.of_occasion(year.pk).values_list("status", "opens_at")
    assert list(waiting) == [("planned", year.opens_at)] * 2


def test_a_corrected_date_that_is_late_as_well_changes_no_end(version, client):
    report = make_report(version, date=date(2024, 1, 1))
    enrolment = enrol(report, client).enrolment

    enrol(replace(report, date=date(2024, 1, 2)), client, now=NOW + timedelta(days=1))

    year = enrolment.occasions.get(time_point="year")
    assert (year.status, year.ended_at) == ("withdrawn", NOW)


def test_who_is_dead_is_not_asked(version, client):
    enrolment = enrol(make_report(version), client).enrolment
    Patient.objects.update(died_on=TODAY)

    again = enrol(make_report(version, attributes={"side": "left"}), client).enrolment

    assert enrolment.patient == again.patient
    assert ("start", "withdrawn") in statuses(again)


def test_contact_and_consents_are_kept(version, client):
    consent = {"channel": "email", "source": "form at admission", "on": TODAY}

    enrol(make_report(version, contact=CONTACT, consents=(consent,)), client)

    patient = Patient.objects.get()
    assert {name: getattr(patient, name) for name in CONTACT} == CONTACT
    assert Consent.objects.values_list("channel", "source", "given_on").get() == (
        "email",
        "form at admission",
        TODAY,
    )


def test_what_identifies_is_sealed_in_the_database(version, client):
    enrol(make_report(version, contact=CONTACT), client)

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(p)::text FROM proms_patient p")
        (row,) = cursor.fetchone()
    secrets = ["19800102", "2386", "Vera", "vera@example.org", "070-123", "Storgatan", "Fjärden"]
    assert not [secret for secret in secrets if secret in row]


def test_what_is_told_later_is_added_and_the_rest_is_kept(version, client):
    report = make_report(version, contact=CONTACT)
    enrol(report, client)

    enrol(replace(report, contact={"email": "new@example.org"}), client)

    patient = Patient.objects.get()
    assert (patient.email, patient.name) == ("new@example.org", "Vera Ek")


def test_a_consent_told_twice_is_kept_once(version, client):
    consent = {"channel": "email", "source": "form", "on": TODAY}
    report = make_report(version, consents=(consent,))
    enrol(report, client)

    enrol(replace(report, contact=CONTACT), client)

    assert Consent.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_reports_at_once_under_one_id_one_enrols():
    version = make_survey_version(time_points=[START, YEAR])
    client = make_client(register=version.survey.register)
    reports = [make_report(version, person_id=make_number(n)) for n in range(8)]

    results = [race(*[lambda report=report: enrol(report, client)] * 2) for report in reports]

    assert [sorted(taken.is_new for taken in pair) for pair in results] == [[False, True]] * 8
    assert all(len({taken.enrolment.pk for taken in pair}) == 1 for pair in results)
    assert (Enrolment.objects.count(), Event.objects.count(), Message.objects.count()) == (8, 8, 8)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_ids_at_once_for_one_event_one_enrols():
    version = make_survey_version()
    client = make_client(register=version.survey.register)

    for n in range(8):
        report = make_report(version, person_id=make_number(n))
        twin = replace(report, event_id=f"{report.event_id}-twin")

        results = race(lambda r=report: enrol(r, client), lambda r=twin: enrol(r, client))

        assert [type(each) for each in results].count(Conflict) == 1
    assert (Enrolment.objects.count(), Event.objects.count(), Message.objects.count()) == (8, 8, 8)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_both_are_taken_one_after_the_other():
    version = make_survey_version()
    client = make_client(register=version.survey.register)
    report = make_report(version)
    enrolment = enrol(report, client).enrolment

    days = (date(2026, 10, 1), date(2026, 9, 1))
    results = race(
        *[lambda day=day: enrol(replace(report, date=day), client).is_new for day in days]
    )

    assert results == [False, False]
    enrolment.event.refresh_from_db()
    year = enrolment.occasions.get(time_point="year")
    assert year.opens_at.date().month == enrolment.event.date.month - 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_correction_waits_for_a_sweep_and_keeps_to_what_it_opened():
    version = make_survey_version(time_points=[YEAR])
    client = make_client(register=version.survey.register)
    report = make_report(version)
    occasion = enrol(report, client).enrolment.occasions.get()
    corrected = replace(report, date=date(2026, 10, 1), unit=make_unit().hsa_id)
    results = []
    correction = threading.Thread(
        target=lambda: results.extend(race(lambda: enrol(corrected, client).is_new))
    )

    with transaction.atomic():
        Occasion.objects.select_for_update().get(pk=occasion.pk)
        correction.start()
        wait_until_blocked()
        Occasion.objects.filter(pk=occasion.pk).update(status=Occasion.Status.OPEN)
        records.expect([occasion.pk])
    correction.join()

    assert results == [False]
    opened = Record.objects.of_occasion(occasion.pk)
    assert {(each.status, each.opens_at) for each in opened} == {("expected", occasion.opens_at)}
