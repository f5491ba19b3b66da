from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from proms import licensing
from proms.licensing import Grant
from proms.models import Instrument, InstrumentVersion, Mode
from surveys import publishing
from surveys.models import SurveyVersion
from surveys.plan import PlannedInstrument, sha256
from surveys.publishing import CannotPublish
from tests.factories import NOW, YEAR, make_staff, make_survey, make_survey_version, wording_of
from tests.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def publish(survey):
    return publishing.publish(survey, by=None, now=NOW)


def test_a_version_holds_the_whole_survey_hashed():
    survey = make_survey(
        instruments=["eq5d-5l", "recovery-example"],
        time_points=[YEAR | {"send_at": "08:00"}],
        reminders=[7],
        languages=["sv", "en"],
        name_en="After the hip",
    )
    staff = make_staff()

    version = publishing.publish(survey, by=staff, now=NOW)

    version.refresh_from_db()
    plan = version.plan
    assert (plan.number, plan.survey, plan.register) == (1, survey.code, survey.register.code)
    assert plan.names == {"sv": "Efter höften", "en": "After the hip"}
    assert plan.instruments == (
        PlannedInstrument("eq5d-5l", "1.0", True),
        PlannedInstrument("recovery-example", "1.0", False),
    )
    (point,) = plan.time_points
    assert (point.code, point.offset, point.offset_unit) == ("year", 12, "months")
    assert (point.send_at, point.names) == ("08:00", {"sv": "Ett år", "en": "One year"})
    assert version.sha256 == sha256(version.definition)
    assert (version.published_by, version.published_at) == (staff, NOW)


def test_a_version_holds_the_stop_rule_of_adaptive_instruments_alone():
    survey = make_survey(instruments=["eq5d-5l", "promis-anxiety", "promis-fatigue"])
    fatigue = survey.instruments.filter(instrument__code="promis-fatigue")
    fatigue.update(rule="standard")

    rules = [each.rule for each in publish(survey).plan.instruments]

    assert rules == ["", "recommended", "standard"]


def test_a_version_takes_its_instruments_in_every_language():
    version = make_survey_version(languages=["sv", "en"])

    found = version.instrument_versions.order_by("language").values_list("language", flat=True)

    assert list(found) == ["en", "sv"]


def test_publishing_again_makes_the_next_version_and_leaves_the_first():
    survey = make_survey()
    first = publish(survey)
    survey.reminders = [7]
    survey.save()

    second = publish(survey)

    first.refresh_from_db()
    assert (second.number, publishing.current(survey)) == (2, second)
    assert (first.plan.reminders, second.plan.reminders) == ((), (7,))


def test_an_unpublished_survey_has_no_current_version():
    assert publishing.current(make_survey()) is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"instruments": []}, "Add at least one instrument."),
        ({"time_points": []}, "Add at least one time point."),
        ({"languages": []}, "Add at least one language."),
        ({"channels": []}, "Add at least one channel."),
        ({"channels": ["inbox", "pigeon"]}, "no channel pigeon: choose among inbox, email"),
        ({"languages": ["sv", "fi"]}, "no text in the language fi"),
    ],
)
def test_what_is_lacking_is_told_and_nothing_is_published(fields, problem):
    survey = make_survey(**fields)

    with pytest.raises(CannotPublish) as refusal:
        publish(survey)
    (told,) = refusal.value.problems
    assert problem in told
    assert not SurveyVersion.objects.exists()


def test_a_survey_without_key_instrument_is_refused():
    survey = make_survey()
    survey.instruments.update(is_key=False)

    with pytest.raises(CannotPublish, match="key instrument"):
        publish(survey)


def test_everything_that_is_lacking_is_told_at_once():
    with pytest.raises(CannotPublish) as refusal:
        publish(make_survey(instruments=[], time_points=[]))
    assert len(refusal.value.problems) == 2


def test_demonstration_wording_is_published_only_where_it_is_allowed(settings):
    settings.ALLOW_DEMONSTRATION_WORDING = False

    with pytest.raises(CannotPublish, match="EQ-5D-5L"):
        publish(make_survey())
    assert publish(make_survey(instruments=["recovery-example"])).number == 1


def test_an_instrument_that_the_library_lacks_is_told():
    survey = make_survey()
    InstrumentVersion.objects.all().delete()
    Instrument.objects.filter(code="eq5d-5l").update(code="lost")

    with pytest.raises(CannotPublish, match="lost"):
        publish(survey)


@pytest.mark.parametrize("column", ["number = 7", "sha256 = 'x'", "definition = '{}'"])
def test_a_version_never_changes(column):
    make_survey_version()

    with (
        pytest.raises(IntegrityError, match="surveys_surveyversion rows never change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE surveys_surveyversion SET {column}")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_publications_at_once_get_two_numbers():
    survey = make_survey()

    versions = race(*[lambda: publish(survey)] * 3)

    assert sorted(version.number for version in versions) == [1, 2, 3]


def test_licensed_words_are_pinned_where_they_exist(settings):
    settings.ALLOW_DEMONSTRATION_WORDING = True
    licensed = import_wording("sv")

    version = make_survey_version(languages=["sv", "en"])

    pinned = {each.language: each for each in version.instrument_versions.all()}
    assert pinned["sv"] == licensed
    assert pinned["en"].is_demonstration


def test_licensed_words_in_every_language_may_be_published_in_production(settings):
    settings.ALLOW_DEMONSTRATION_WORDING = False
    licensed = {import_wording(language).pk for language in ("sv", "en")}

    version = make_survey_version(languages=["sv", "en"])

    assert set(version.instrument_versions.values_list("pk", flat=True)) == licensed


def test_a_lapsed_licence_stops_publication_and_says_what_lacks():
    import_wording("sv", until=NOW.date() - timedelta(days=1))

    with pytest.raises(CannotPublish) as refused:
        publish(make_survey(languages=["sv"]))

    assert refused.value.problems == [
        "EQ-5D-5L has no licence in force for: Wording (sv). Add it, or renew it.",
        "EQ-5D-5L has no licence in force for: Electronic use (sv). Add it, or renew it.",
    ]


def import_wording(language, until=None):
    return licensing.import_wording(
        "eq5d-5l",
        wording_of("eq5d-5l"),
        language=language,
        mode=Mode.SELF,
        grant=Grant("EQ 1", until),
    )
