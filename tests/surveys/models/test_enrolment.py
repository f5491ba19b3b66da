import pytest
from django.db import IntegrityError

from surveys.models import Enrolment
from tests.factories import NOW, make_enrolment

pytestmark = pytest.mark.django_db


def twin_of(enrolment, **fields):
    columns = ("survey_version", "patient", "event", "client", "sender_event_id", "event_hash")
    same = {name: getattr(enrolment, name) for name in columns}
    return Enrolment.objects.create(**(same | {"content_hash": "x", "created_at": NOW} | fields))


def test_a_sender_s_event_id_enrols_once():
    enrolment = make_enrolment()

    with pytest.raises(IntegrityError, match="surveys_enrolment_one_per_event_id"):
        twin_of(enrolment, event_hash="other")


def test_an_event_enrols_once():
    enrolment = make_enrolment()

    with pytest.raises(IntegrityError, match="surveys_enrolment_one_per_event"):
        twin_of(enrolment, sender_event_id="other")


def test_after_a_stop_the_event_may_enrol_anew():
    enrolment = make_enrolment()
    Enrolment.objects.update(stopped_at=NOW, stop_reason="objection")

    assert twin_of(enrolment, sender_event_id="other").pk


@pytest.mark.parametrize("fields", [{"stopped_at": NOW}, {"stop_reason": "objection"}])
def test_a_stop_has_time_and_reason(fields):
    make_enrolment()

    with pytest.raises(IntegrityError, match="surveys_enrolment_stopped_for_a_reason"):
        Enrolment.objects.update(**fields)
