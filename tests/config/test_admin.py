import pytest
from django.contrib.admin import site
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proms.models import AccessEvent, Commission, Patient
from tests.factories import (
    eq5d,
    make_answered_record,
    make_care_provider,
    make_commission,
    make_enrolment,
    make_event,
    make_number,
    make_patient,
    make_register,
    make_registry_commission,
    make_staff,
    make_survey_version,
)

pytestmark = pytest.mark.django_db
MODELS = sorted(site._registry, key=lambda model: model._meta.label)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
# What belongs to no register: a library that all read alike.
SHARED = {"proms.Instrument", "proms.InstrumentVersion", "proms.Licence"}


def address(model, page, *args):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=args)


@pytest.fixture
def officer():
    """A system administrator who is a register's officer too, so that every list is open."""
    staff = make_staff(is_superuser=True)
    return make_registry_commission(staff=staff, role=Commission.Role.OFFICER)


def make_rows(register, *, first=0, count=2):
    """Rows of every model that hangs on a register."""
    version = make_survey_version(register=register)
    for n in range(first, first + count):
        enrolment = make_enrolment(version, person_id=make_number(n))
        make_answered_record(enrolment.event, answers=eq5d("11231", 60), holder=register)
        make_commission(care_provider=make_care_provider())
    return version


@each_model
def test_every_list_opens(enter, officer, model):
    make_rows(officer.register)

    response = enter(officer).get(address(model, "changelist"))

    assert response.status_code == 200
    assert "<style" not in response.text
    assert " style=" not in response.text


@each_model
def test_lists_ask_no_more_the_longer_they_are(enter, officer, model):
    client = enter(officer)
    make_rows(officer.register)
    client.get(address(model, "changelist"))
    counts = []
    for first in (10, 20):
        make_rows(officer.register, first=first, count=3)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(model, "changelist"))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25


@each_model
def test_password_alone_opens_no_list(client, officer, model):
    client.force_login(officer.staff)

    response = client.get(address(model, "changelist"))

    assert response.status_code == 302
    assert client.get(response.url).url.startswith("/login/")


@each_model
def test_clinician_is_refused_everywhere(enter, model):
    response = enter(make_commission()).get(address(model, "changelist"), follow=True)

    assert response.status_code == 403


@each_model
def test_rows_of_another_register_are_not_there(enter, model):
    make_rows(make_register())
    commission = make_registry_commission()
    client = enter(commission)

    for key in model._default_manager.values_list("pk", flat=True):
        status = client.get(address(model, "change", key)).status_code
        own = model._meta.label == "proms.Register" and key == commission.register_id
        assert status in ({200} if own or model._meta.label in SHARED else {403, 404})


def test_own_register_is_there_and_no_other(enter):
    make_register()
    commission = make_registry_commission()

    response = enter(commission).get("/admin/proms/register/")

    assert response.context["cl"].result_count == 1


@each_model
def test_administrator_without_a_commission_sees_no_patients_row(verified, model):
    make_rows(make_register())
    client = verified(make_staff(is_superuser=True))

    response = client.get(address(model, "changelist"))

    assert response.status_code == (403 if is_of_patients(model) else 200)


def is_of_patients(model):
    names = {"accessevent", "patient", "event", "record", "enrolment", "occasion"}
    return model._meta.model_name in names | {"survey", "surveyversion"}


def test_opening_a_patients_row_is_logged_and_the_list_shows_no_identity(enter):
    commission = make_registry_commission()
    make_rows(commission.register, count=1)
    client = enter(commission)
    listed = client.get("/admin/proms/patient/")
    patient = listed.context["cl"].result_list[0]

    opened = client.get(f"/admin/proms/patient/{patient.pk}/change/")

    assert patient.person_id.display not in listed.text
    assert patient.person_id.display in opened.text
    event = AccessEvent.objects.get(kind="identity")
    assert [each.subject_id for each in event.patients.all()] == [patient.pk]


def test_refused_look_leaves_no_trace_of_a_read(enter):
    patient = make_event(patient=make_patient()).patient

    response = enter(make_registry_commission()).get(f"/admin/proms/patient/{patient.pk}/change/")

    assert response.status_code == 404
    assert not AccessEvent.objects.exists()


def test_staff_without_a_chosen_commission_are_asked_to_choose(verified):
    staff = make_registry_commission().staff

    response = verified(staff).get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/commission/")


@pytest.mark.parametrize(
    "address",
    [
        "/admin/proms/instrument/?name__regex=(",
        "/admin/proms/patient/?created_at__year=99999999999",
        "/admin/r/{patients}/1/",
    ],
)
def test_what_the_database_refuses_is_not_there(enter, officer, address):
    patients = ContentType.objects.get_for_model(Patient).pk

    response = enter(officer).get(address.format(patients=patients))

    assert response.status_code == 404
