from datetime import timedelta

import pytest
from django.urls import reverse

from proms.models import AccessEvent, Commission
from tests.factories import (
    NOW,
    eq5d,
    make_answered_record,
    make_care_provider,
    make_commission,
    make_event,
    make_missed_record,
    make_patient,
    make_record,
    make_register,
    make_registry_commission,
    make_unit,
)

pytestmark = pytest.mark.django_db
FIND = "/overview/"


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def clinician(enter, unit):
    """A client whose session acts under a clinician's commission at the unit."""
    return enter(make_commission(unit=unit))


def page(patient):
    return reverse("overview:patient", args=[patient.pk])


def test_number_leads_to_the_patients_page_and_never_into_an_address(clinician, unit):
    patient = make_record(make_event(unit=unit)).patient

    response = clinician.post(FIND, {"number": "19800102-2386"})

    assert response.status_code == 302
    assert response.url == page(patient)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "tolv siffror"),
        ("19800102", "tolv siffror"),
        ("19800102-2387", "Kontrollsiffran stämmer inte"),
        ("19801302-2382", "inget möjligt datum"),
        ("x" * 200, "tolv siffror"),
    ],
)
def test_number_that_is_none_is_refused_beside_the_field(clinician, number, words):
    response = clinician.post(FIND, {"number": number})

    assert response.status_code == 422
    assert words in response.text
    assert not AccessEvent.objects.filter(kind="search").exists()


def test_unknown_patient_and_one_of_another_unit_get_the_same_answer(clinician):
    make_record(make_event(patient=make_patient("198001022386")))

    elsewhere = clinician.post(FIND, {"number": "19800102-2386"})
    unknown = clinician.post(FIND, {"number": "19900101-2385"})

    assert elsewhere.status_code == unknown.status_code == 422
    assert without_number(elsewhere) == without_number(unknown)


def without_number(response):
    """The page, less what differs by the request itself."""
    lines = response.text.splitlines()
    return [line for line in lines if "csrf" not in line and 'name="number"' not in line]


def test_search_is_logged_with_whom_it_found(clinician, unit):
    patient = make_record(make_event(unit=unit)).patient

    clinician.post(FIND, {"number": "19800102-2386"})

    event = AccessEvent.objects.get(kind="search")
    assert [each.subject_id for each in event.patients.all()] == [patient.pk]


def test_search_that_finds_nobody_is_logged_without_anybody(clinician):
    clinician.post(FIND, {"number": "19800102-2386"})

    assert not AccessEvent.objects.get(kind="search").patients.exists()


def test_look_at_a_patient_is_logged(clinician, unit):
    patient = make_record(make_event(unit=unit)).patient

    clinician.get(page(patient))

    event = AccessEvent.objects.get(kind="overview")
    assert (event.activity, event.role, event.unit_id) == ("read", "clinician", unit.pk)
    assert [each.subject_id for each in event.patients.all()] == [patient.pk]


def test_page_shows_profile_index_with_its_set_and_vas(clinician, unit):
    record = make_answered_record(make_event(unit=unit), answers=eq5d("11231", 72))

    response = clinician.get(page(record.patient))

    assert response.status_code == 200
    for words in ("Vera Ek", "19800102-2386", "11231", "0,878", "5l-sweden-2020-vt", "EQ VAS: 72"):
        assert words in response.text


def test_changed_level_is_marked_in_words_and_shape(clinician, unit):
    event = make_event(unit=unit)
    make_answered_record(event, answers=eq5d("11231", 60), at=NOW - timedelta(days=365))
    make_answered_record(event, answers=eq5d("11131", 72))

    response = clinician.get(page(event.patient))

    assert response.text.count('class="changed"') == 1
    assert "▼</span> ner från 2" in response.text


def test_missed_occasion_is_shown_as_missed(clinician, unit):
    event = make_event(unit=unit)
    make_answered_record(event, answers=eq5d("11231", 60), at=NOW - timedelta(days=365))
    make_missed_record(event, time_point_names={"sv": "Ett år"})

    response = clinician.get(page(event.patient))

    assert "Inte besvarad" in response.text
    assert "Ett år" in response.text


def test_unanswered_question_is_shown_as_missing(clinician, unit):
    event = make_event(unit=unit)
    make_answered_record(event, answers={"MO": "1", "SC": None, "UA": "2", "PD": "3", "AD": "1"})

    response = clinician.get(page(event.patient))

    assert 'class="lacking"' in response.text
    assert "1–231" in response.text


def test_patient_without_answers_gets_a_calm_page(clinician, unit):
    patient = make_record(make_event(unit=unit)).patient

    response = clinician.get(page(patient))

    assert "Inga svar ännu" in response.text
    assert "Planerat" in response.text


@pytest.mark.parametrize("answers", [0, 1, 40])
def test_queries_do_not_grow_with_the_history(
    clinician, unit, answers, django_assert_max_num_queries
):
    event = make_event(unit=unit)
    make_record(event)
    for years in range(answers):
        at = NOW - timedelta(days=180 * years)
        make_answered_record(event, answers=eq5d("11231", 60), at=at)
    clinician.get(page(event.patient))

    with django_assert_max_num_queries(17):
        response = clinician.get(page(event.patient))
    assert response.status_code == 200


def test_patient_of_another_unit_is_not_there(clinician):
    patient = make_record(make_event()).patient

    response = clinician.get(page(patient))

    assert response.status_code == 404
    assert not AccessEvent.objects.filter(kind="overview").exists()


def test_what_another_provider_or_a_register_holds_is_not_shown(clinician, unit):
    event = make_event(unit=unit)
    make_record(event)
    make_answered_record(event, answers=eq5d("55555", 3), holder=make_register())
    elsewhere = make_event(
        unit=make_unit(care_provider=make_care_provider()), patient=event.patient
    )
    make_answered_record(elsewhere, answers=eq5d("44444", 4))

    response = clinician.get(page(event.patient))

    assert "55555" not in response.text
    assert "44444" not in response.text


@pytest.mark.parametrize("address", [FIND, "/overview/00000000-0000-4000-8000-000000000000/"])
def test_nobody_is_let_in_without_both_factors(client, admin_client, address):
    for outside in (client, admin_client):
        response = outside.get(address)

        assert response.status_code == 302
        assert response.url.startswith("/login/")


def test_registry_staff_have_no_overview(enter):
    response = enter(make_registry_commission()).get(FIND)

    assert response.status_code == 403


def test_commission_for_another_purpose_than_care_opens_no_overview(enter, unit):
    commission = make_commission(unit=unit, purpose=Commission.Purpose.ADMINISTRATION)

    assert enter(commission).get(FIND).status_code == 403


def test_right_that_is_taken_away_ends_at_the_next_request(clinician, unit):
    Commission.objects.update(ends_on="2020-01-02")

    response = clinician.get(FIND)

    assert response.status_code == 302
    assert response.url.startswith("/commission/")
