from datetime import date

import pytest
from django.db import IntegrityError, connection

from proms.models import Patient
from proms.person_ids import COORDINATION_NUMBER, PERSONAL_NUMBER, PersonId
from tests.factories import make_number, make_patient

pytestmark = pytest.mark.django_db
CONSENT = {"channel": "email", "source": "form", "given_on": date(2026, 10, 25)}
DAY = date(2026, 10, 25)


def test_a_person_is_one_row():
    make_patient()

    with pytest.raises(IntegrityError, match="proms_patient_lookup"):
        make_patient()


def test_a_patient_is_found_by_number_and_kind():
    patient = make_patient("198001022386")
    make_patient(make_number(1))

    found = [
        list(Patient.objects.with_person_id(PersonId("198001022386", kind)))
        for kind in (PERSONAL_NUMBER, COORDINATION_NUMBER)
    ]

    assert found == [[patient], []]


def test_a_name_for_logs_tells_nothing():
    patient = make_patient()

    assert str(patient) == f"Patient {patient.pk}"


def test_what_identifies_is_sealed():
    make_patient(name="Vera Ek", email="vera@example.org", address={"city": "Fjärden"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(p)::text FROM proms_patient p")
        (row,) = cursor.fetchone()
    assert not [text for text in ("19800102", "Vera", "example.org", "Fjärden") if text in row]


@pytest.mark.parametrize(
    ("fields", "living"),
    [
        ({}, True),
        ({"died_on": date(2026, 10, 26)}, True),
        ({"died_on": DAY}, False),
        ({"deregistered_on": DAY}, False),
        ({"died_on": date(2030, 1, 1), "deregistered_on": DAY}, False),
    ],
)
def test_whoever_died_or_moved_by_the_day_is_no_living_resident(fields, living):
    assert Patient(**fields).is_living_resident(DAY) is living


def test_a_consent_is_kept_once_per_source_and_day():
    patient = make_patient()
    patient.consents.create(**CONSENT)

    with pytest.raises(IntegrityError, match="proms_consent_once_per_source_and_day"):
        patient.consents.create(**CONSENT)


def test_a_consent_is_to_a_channel_that_is_known():
    with pytest.raises(IntegrityError, match="proms_consent_known_channel"):
        make_patient().consents.create(**(CONSENT | {"channel": "fax"}))
