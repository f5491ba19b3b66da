import pytest

from notifications import wording
from surveys import texts
from tests.factories import make_open_occasion, make_register, make_survey_version, make_unit

pytestmark = pytest.mark.django_db
LANGUAGES = {"languages": ["sv", "en"]}


@pytest.fixture
def unit():
    return make_unit(
        hsa_id="SE-1",
        name="Ortopedkliniken",
        phone="08-123 456 00",
        phone_hours="8-16",
        street="Storgatan 1",
        postal_code="111 22",
        city="Fjärden",
    )


def occasion_of(unit, *, language="sv", **fields):
    register = make_register(name="Höftregistret", invitation_informs=True)
    version = make_survey_version(register=register, **(LANGUAGES | fields))
    return make_open_occasion(version, unit=unit.hsa_id, contact={"language": language})


def inbox(occasion, *, is_reminder=False):
    return texts.inbox(occasion, is_reminder=is_reminder, link="?occasion=1")


def email(occasion, *, is_reminder=False):
    return texts.email(occasion, is_reminder=is_reminder, link="https://example.org/s/abc/")


def test_the_inbox_names_unit_purpose_register_and_contact(unit):
    content = inbox(occasion_of(unit))

    for told in ("Ortopedkliniken", "Höftregistret", "08-123 456 00", "8-16"):
        assert told in content.text
    assert (content.link, content.sender.unit_id) == ("?occasion=1", "SE-1")
    assert (content.sender.address, content.sender.city) == ("Storgatan 1", "Fjärden")


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("care", "The answers go to your clinic."),
        ("register", "The answers go to the quality register Höftregistret."),
        ("both", "The answers go to your clinic and to the quality register Höftregistret."),
    ],
)
def test_the_inbox_says_where_the_answers_go(unit, role, told):
    assert told in inbox(occasion_of(unit, language="en", role=role)).text


def test_a_message_is_in_the_patient_s_language_where_the_survey_has_it(unit):
    swedish, english = inbox(occasion_of(unit)), inbox(occasion_of(unit, language="en"))

    assert english.subject == "Questions about your health"
    assert swedish.subject.startswith("Frågor")


def test_a_language_without_texts_gives_the_survey_s_first(unit):
    content = inbox(occasion_of(unit, language="fi", languages=["en", "sv"]))

    assert content.subject == "Questions about your health"


def test_a_reminder_says_that_it_is_one(unit):
    occasion = occasion_of(unit, language="en")

    assert inbox(occasion, is_reminder=True).subject.startswith("Reminder")
    assert "can still" in email(occasion, is_reminder=True).text


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("is_reminder", [True, False])
def test_an_email_tells_neither_health_nor_names_nor_numbers(unit, language, is_reminder):
    occasion = occasion_of(unit, language=language)

    content = email(occasion, is_reminder=is_reminder)

    said = f"{content.subject} {content.text} {content.link_text}"
    forbidden = [*texts.words_for_open_channels_to_refuse(occasion), unit.name, "Vera", "1980"]
    assert wording.refuse(said, forbidden) == []
    assert content.link == "https://example.org/s/abc/"


def test_an_open_channel_names_no_register_survey_or_sensitive_unit(unit):
    occasion = occasion_of(unit)
    before = texts.words_for_open_channels_to_refuse(occasion)
    occasion.enrolment.event.unit.name_is_sensitive = True

    after = texts.words_for_open_channels_to_refuse(occasion)

    assert {"Höftregistret", "Efter höften"} <= set(before)
    assert set(after) - set(before) == {"Ortopedkliniken"}


def test_without_hours_the_number_stands_alone():
    content = inbox(occasion_of(make_unit(name="Ortopeden", phone="08-1"), language="en"))

    assert "Questions? Call Ortopeden, 08-1." in content.text
