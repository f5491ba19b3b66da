import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError

from proms.adaptive import stopping
from surveys.models import IntakeRequest, SurveyInstrument, SurveyVersion
from tests.factories import (
    NOW,
    START,
    make_client,
    make_survey,
    make_survey_version,
)

pytestmark = pytest.mark.django_db


def test_a_role_is_one_that_is_known():
    with pytest.raises(IntegrityError, match="surveys_survey_known_role"):
        make_survey(role="research")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"position": 0, "is_key": False}, "surveys_surveyinstrument_one_per_position"),
        ({"position": 1, "is_key": True}, "surveys_surveyinstrument_one_key"),
    ],
)
def test_an_instrument_has_its_place(fields, name):
    survey = make_survey()
    instrument = survey.instruments.get().instrument

    with pytest.raises(IntegrityError, match=name):
        survey.instruments.create(instrument=instrument, **fields)


def test_the_stop_rules_are_those_of_the_engine():
    assert set(SurveyInstrument.Rule) == set(stopping.NAMED)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"code": "start"}, "surveys_timepoint_one_per_code"),
        ({"open_days": 0}, "surveys_timepoint_is_open_a_while"),
        ({"offset": -1}, "surveys_timepoint_registration_is_not_counted_back_from"),
    ],
)
def test_a_time_point_holds_to_its_rules(fields, name):
    survey = make_survey()

    with pytest.raises(IntegrityError, match=name):
        survey.time_points.create(**(START | {"code": "new"} | fields))


def test_a_version_has_its_number_alone():
    version = make_survey_version()

    with pytest.raises(IntegrityError, match="surveys_surveyversion_one_per_number"):
        SurveyVersion.objects.create(
            survey=version.survey, number=1, definition={}, sha256="x", published_at=NOW
        )


def test_a_published_survey_is_not_deleted():
    version = make_survey_version()

    with pytest.raises(ProtectedError):
        version.survey.delete()


def test_a_client_uses_a_key_once():
    fields = {"client": make_client(), "key": "k", "body_hash": "x", "received_at": NOW}
    IntakeRequest.objects.create(**fields)

    with pytest.raises(IntegrityError, match="surveys_intakerequest_one_per_key"):
        IntakeRequest.objects.create(**fields)
