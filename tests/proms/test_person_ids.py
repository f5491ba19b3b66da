from datetime import date
from pathlib import Path

import pytest

from proms import person_ids
from proms.person_ids import COORDINATION_NUMBER, PERSONAL_NUMBER, NotAPersonId, PersonId
from tests.factories import make_number

TODAY = date(2026, 10, 25)
RESERVE = "1.2.752.97.3.1.3"
OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("198001022386", "198001022386", PERSONAL_NUMBER),
        (" 19800102-2386 ", "198001022386", PERSONAL_NUMBER),
        ("8001022386", "198001022386", PERSONAL_NUMBER),
        ("800102-2386", "198001022386", PERSONAL_NUMBER),
        ("191401682396", "191401682396", COORDINATION_NUMBER),
        ("140168+2396", "191401682396", COORDINATION_NUMBER),
    ],
)
def test_a_number_is_brought_to_its_full_form(text, number, kind):
    assert person_ids.parse(text, today=TODAY) == PersonId(number, kind)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "twelve digits"),
        ("19800102238", "twelve digits"),
        ("1980-01-02-2386", "twelve digits"),
        ("١٩٨٠٠١٠٢٢٣٨٦", "twelve digits"),
        ("198001022387", "check digit"),
        ("198013022382", "no possible date"),
        ("198002302381", "no possible date"),
        ("202610262384", "no possible date"),
        ("198013622389", "no possible date"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text, why):
    with pytest.raises(NotAPersonId, match=why):
        person_ids.parse(text, today=TODAY)


def test_a_reserve_number_is_kept_by_its_oid_without_a_check_digit():
    found = person_ids.parse(" 19800102abcd ", type=RESERVE, today=TODAY)

    assert found == PersonId("19800102ABCD", RESERVE)
    assert (found.birth_date, found.sex, found.age_on(TODAY)) == (None, None, None)
    assert found.display == "19800102ABCD"


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("19800102ABCD", "reserve", "not an OID"),
        ("19800102ABCD", "1.02.3", "not an OID"),
        ("A B", RESERVE, "6 to 20"),
        ("198001022386", COORDINATION_NUMBER, "not of the kind"),
        ("191401682396", PERSONAL_NUMBER, "not of the kind"),
    ],
)
def test_a_number_of_another_kind_than_named_is_refused(text, kind, why):
    with pytest.raises(NotAPersonId, match=why):
        person_ids.parse(text, type=kind, today=TODAY)


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("198001022386", date(1980, 1, 2), "female"),
        ("189001029819", date(1890, 1, 2), "male"),
        ("191401682396", date(1914, 1, 8), "male"),
        ("191400602394", None, "male"),
    ],
)
def test_a_number_tells_birth_date_and_sex(number, born, sex):
    kind = COORDINATION_NUMBER if int(number[6:8]) >= 60 else PERSONAL_NUMBER
    person_id = PersonId(number, kind)

    assert (person_id.birth_date, person_id.sex) == (born, sex)


@pytest.mark.parametrize(
    ("day", "age"), [(date(2026, 1, 1), 45), (date(2026, 1, 2), 46), (date(2027, 1, 1), 46)]
)
def test_age_is_in_completed_years(day, age):
    assert PersonId("198001022386", PERSONAL_NUMBER).age_on(day) == age


def test_a_number_is_displayed_as_people_write_it():
    assert PersonId("198001022386", PERSONAL_NUMBER).display == "19800102-2386"


def test_made_numbers_are_numbers():
    numbers = {make_number(n) for n in range(500)}

    assert len({person_ids.parse(number, today=TODAY).number for number in numbers}) == 500


@pytest.mark.skipif(not OFFICIAL.exists(), reason="Skatteverket's test numbers are not here")
@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("test_personnummer.txt", PERSONAL_NUMBER),
        ("test_samordningsnummer.txt", COORDINATION_NUMBER),
    ],
)
def test_every_official_test_number_is_accepted(file, kind):
    numbers = (OFFICIAL / file).read_text().split()

    refused = [each for each in numbers if _kind(each) != kind]

    assert numbers
    assert not refused


def _kind(number):
    try:
        return person_ids.parse(number, today=TODAY).type
    except NotAPersonId:
        return None
