import uuid

import pytest
from django.db import connection, transaction

from proms import access
from proms.models import AccessedPatient, AccessEvent, Commission, Event, Patient, Record, Unit
from tests.factories import (
    NOW,
    make_care_provider,
    make_client,
    make_commission,
    make_event,
    make_number,
    make_patient,
    make_record,
    make_register,
    make_registry_commission,
    make_unit,
)

pytestmark = pytest.mark.django_db
Role = Commission.Role


@pytest.fixture
def unit():
    return make_unit()


def actor_of(commission):
    return access.staff_actor(commission, request_id=uuid.uuid4())


def test_clinician_sees_what_the_care_provider_holds_of_the_unit(unit):
    record = make_record(make_event(unit=unit))
    commission = make_commission(unit=unit)

    assert list(access.visible_to(commission, Record.objects.all())) == [record]
    assert list(access.visible_to(commission, Patient.objects.all())) == [record.patient]


def test_clinician_sees_no_other_unit_of_the_same_provider(unit):
    make_record(make_event(unit=make_unit(care_provider=unit.care_provider)))

    assert not access.visible_to(make_commission(unit=unit), Record.objects.all()).exists()


def test_clinician_sees_nothing_that_a_register_holds_of_the_unit(unit):
    make_record(make_event(unit=unit), holder=make_register())

    assert not access.visible_to(make_commission(unit=unit), Record.objects.all()).exists()


def test_record_that_moved_on_with_its_holder_stays_with_the_holder(unit):
    """A unit that changed hands shows its new staff nothing that the old provider holds."""
    make_record(make_event(unit=unit), holder=make_care_provider())

    assert not access.visible_to(make_commission(unit=unit), Record.objects.all()).exists()


def test_care_providers_commission_reaches_all_its_units(unit):
    sister = make_unit(care_provider=unit.care_provider)
    records = {make_record(make_event(unit=each, patient=patient(each))) for each in (unit, sister)}
    commission = make_commission(care_provider=unit.care_provider)

    assert set(access.visible_to(commission, Record.objects.all())) == records


def patient(unit):
    return make_patient(make_number(unit.pk))


def test_registry_sees_what_its_register_holds_and_nothing_else(unit):
    register = make_register()
    event = make_event(unit=unit)
    own = make_record(event, holder=register)
    make_record(event)
    make_record(event, holder=make_register())

    visible = access.visible_to(make_registry_commission(register=register), Record.objects.all())

    assert list(visible) == [own]


@pytest.mark.parametrize("role", [Role.STEERING, Role.REPRESENTATIVE, Role.LOG_REVIEWER])
def test_roles_of_aggregates_and_logs_see_no_person(unit, role):
    make_record(make_event(unit=unit))
    commission = make_commission(unit=unit, role=role, purpose="administration")

    for rows in (Record.objects.all(), Patient.objects.all(), Event.objects.all()):
        assert not access.visible_to(commission, rows).exists()


def test_without_a_commission_nothing_is_seen(unit):
    make_record(make_event(unit=unit))

    assert not access.visible_to(None, Record.objects.all()).exists()


def test_patient_seen_twice_is_listed_once(unit):
    event = make_event(unit=unit)
    make_record(event)
    make_record(event)

    assert len(access.visible_to(make_commission(unit=unit), Patient.objects.all())) == 1


def test_model_that_says_not_whom_it_belongs_to_is_reached_by_none(unit):
    commission = make_registry_commission()

    assert not access.visible_to(commission, Unit.objects.all()).exists()
    assert not access.visible_to(commission, Commission.objects.all()).exists()


def test_client_sees_what_its_register_holds(unit):
    client, event = make_client(), make_event(unit=unit)
    own = make_record(event, holder=client.register)
    make_record(event)

    assert list(access.visible_to_client(client, Record.objects.all())) == [own]


def test_look_is_logged_with_who_why_and_whom(unit):
    commission, patient = make_commission(unit=unit), make_patient()
    actor = actor_of(commission)

    event = access.log(actor, activity="read", kind="overview", patients=[patient.pk], now=NOW)

    assert (event.at, event.request_id, event.actor_name) == (NOW, actor.request_id, "Siv Lind")
    assert (event.role, event.purpose, event.unit_name) == ("clinician", "care", unit.name)
    assert event.care_provider_id == unit.care_provider_id
    assert [each.subject_id for each in event.patients.all()] == [patient.pk]


def test_patient_shown_twice_is_one_row_of_the_log(unit):
    subject = uuid.uuid4()

    access.log(
        actor_of(make_commission()), activity="read", kind="list", patients=[subject] * 2, now=NOW
    )

    assert AccessedPatient.objects.count() == 1


def test_log_says_as_it_was_when_a_place_changes_its_name(unit):
    actor = actor_of(make_commission(unit=unit))
    event = access.log(actor, activity="read", kind="overview", patients=[], now=NOW)

    Unit.objects.update(name="Nytt namn")

    event.refresh_from_db()
    assert event.unit_name == "Ortopeden"


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("model", [AccessEvent, AccessedPatient])
def test_log_only_grows(statement, model):
    access.log(
        actor_of(make_commission()), activity="read", kind="x", patients=[uuid.uuid4()], now=NOW
    )

    with (
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(model._meta.db_table))
    assert model.objects.count() == 1


def setting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('utfall.actor', true)")
        return cursor.fetchone()[0]


def test_database_knows_who_acts():
    commission = make_commission()
    access.begin()
    assert setting() == "nobody"

    access.act_as(actor_of(commission))

    assert setting() == f"commission:{commission.pk}"


def test_actor_ends_with_the_transaction(enter):
    enter(make_commission()).get("/overview/")

    with transaction.atomic():
        access.begin()
    assert setting() == "nobody"
