import io
import json
from dataclasses import replace

import pytest
from django.urls import reverse

from proms import adopting, licensing
from proms.instruments import documents, library
from proms.instruments.fhir import writing as fhir
from proms.instruments.sheets import writing as sheets
from proms.licensing import Grant
from proms.models import Commission, Instrument, InstrumentVersion, Licence, Mode
from tests.factories import (
    eq5d,
    make_answered_record,
    make_event,
    make_registry_commission,
    make_staff,
    make_survey_version,
    wording_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(enter, settings):
    person = make_staff()
    client = enter(make_registry_commission(staff=person, role=Commission.Role.REGISTRY))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def address(name, *args):
    return reverse(f"library:{name}", args=args)


def words(word="official", **fields):
    file = io.BytesIO(wording_of("eq5d-5l", word=word))
    file.name = "wording.csv"
    return {"file": file, "language": "sv", "mode": "self", "reference": "EQ 1"} | fields


def take(word="official"):
    return licensing.import_wording(
        "eq5d-5l",
        wording_of("eq5d-5l", word=word),
        language="sv",
        mode=Mode.SELF,
        grant=Grant("EQ 1"),
    )


def test_the_shelf_shows_every_instrument_of_the_library(staff):
    page = staff.get(address("shelf"))

    assert page.status_code == 200
    assert all(library.get(code).name in page.text for code in library.codes())


def test_a_shipped_instrument_is_made_available_to_surveys(staff):
    page = staff.post(address("adopt", "prem"), follow=True)

    assert "Care experience can be chosen for surveys." in page.text
    assert InstrumentVersion.objects.filter(instrument__code="prem").count() == 2


@pytest.mark.parametrize("name", ["shelf", "import"])
def test_nobody_comes_in_without_a_login(client, name):
    assert client.get(address(name)).status_code == 302


def test_a_clinician_may_not_look(enter):
    client = enter(make_registry_commission(role=Commission.Role.LOG_REVIEWER))

    assert client.get(address("shelf")).status_code == 403


@pytest.mark.parametrize("code", library.codes())
def test_every_question_is_drawn_as_the_patient_meets_it(staff, code):
    page = staff.get(address("screens", code, "sv"))

    assert page.status_code == 200
    assert page.text.count('class="screen"') == len(library.get(code).items)
    assert " style=" not in page.text
    assert "<script" not in page.text
    assert "<iframe" not in page.text


def test_a_language_that_an_instrument_lacks_is_not_there(staff):
    assert staff.get(address("screens", "eq5d-5l", "fi")).status_code == 404
    assert staff.get(address("screens", "sf-99", "sv")).status_code == 404


def test_words_are_shown_side_by_side_before_they_are_stored(staff):
    page = staff.post(address("import_text", "eq5d-5l"), words())

    assert page.status_code == 200
    assert "Hur lätt tar du dig från en plats" in page.text
    assert "official MO" in page.text
    assert not InstrumentVersion.objects.exists()


def test_confirmed_words_are_stored_with_their_licence(staff):
    shown = staff.post(address("import_text", "eq5d-5l"), words(until="2027-12-31"))

    again = dict(shown.context["again"]) | {"confirm": "1"}
    stored = staff.post(address("import_text", "eq5d-5l"), again, follow=True)

    version = InstrumentVersion.objects.get()
    assert version.definition["items"][0]["text"] == {"sv": "official MO  text"}
    assert Licence.objects.filter(until="2027-12-31", reference="EQ 1").count() == 2
    assert version.sha256 in stored.text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"item,text\nXX,a\n", "line 2, column 1: there is no item XX"),
        (b"PK\x03\x04", "workbook"),
        (b"\xff\xfe", "not UTF-8"),
        (b"<script>alert(1)</script>,text\na,b\n", "there is no column item"),
    ],
)
def test_a_bad_file_is_told_by_place_and_leaves_nothing(staff, content, told):
    file = io.BytesIO(content)
    file.name = "wording.csv"

    page = staff.post(address("import_text", "eq5d-5l"), words(file=file))

    assert page.status_code == 422
    assert told in page.text
    assert "<script>alert" not in page.text
    assert not Instrument.objects.exists()


def test_a_page_sent_again_with_broken_content_is_told(staff):
    page = staff.post(address("import_text", "eq5d-5l"), words(file="", carried="?", confirm="1"))

    assert page.status_code == 422


@pytest.mark.parametrize("form", ["fhir", "xlsx", "json"])
def test_an_own_instrument_is_shown_and_then_stored(staff, form):
    own = own_copy("own-prem")
    content = {
        "fhir": lambda: fhir.questionnaire(own).content,
        "xlsx": lambda: sheets.excel(own).content,
        "json": lambda: library_json(own),
    }[form]()
    file = io.BytesIO(content)
    file.name = "own"
    shown = staff.post(address("import"), {"file": file, "form": form, "wording": "own"})
    assert shown.status_code == 200

    staff.post(address("import"), dict(shown.context["again"]) | {"confirm": "1"})

    stored = InstrumentVersion.objects.filter(instrument__code="own-prem")
    assert sorted(stored.values_list("language", flat=True)) == ["en", "sv"]


def test_an_instrument_under_a_code_of_the_library_is_refused(staff):
    file = io.BytesIO(library_json(library.get("phq-9")))
    file.name = "phq.json"

    page = staff.post(
        address("import"), {"file": file, "form": "json", "wording": "own", "confirm": "1"}
    )

    assert page.status_code == 422
    assert "is an instrument of the library" in page.text


def test_a_version_tells_hash_licence_and_where_it_is_used(staff):
    stored = take()
    published = make_survey_version(languages=["sv"])

    page = staff.get(address("version", stored.pk))

    assert stored.sha256 in page.text
    assert f"{published.survey.name} {published.number}" in page.text
    assert "in force" in page.text


def test_a_lapsed_licence_shows(staff):
    stored = take()
    Licence.objects.update(until="2020-01-01")

    assert "none in force" in staff.get(address("version", stored.pk)).text


def test_answers_are_counted(staff):
    make_answered_record(make_event(), answers=eq5d("11231", 60))

    page = staff.get(address("version", InstrumentVersion.objects.get().pk))

    assert "1 answered questionnaire." in page.text


def test_two_versions_are_compared_part_by_part(staff):
    old, new = take(), take("other")

    page = staff.get(address("compare"), {"old": old.pk, "new": new.pk})

    assert "MO, option 3: text" in page.text
    assert "official MO 3 text" in page.text
    assert "other MO 3 text" in page.text
    assert "scales" not in page.text


@pytest.mark.parametrize("old", ["", "0", "x", "9" * 30])
def test_a_version_that_is_not_there_is_not_compared(staff, old):
    assert staff.get(address("compare"), {"old": old, "new": take().pk}).status_code == 404


@pytest.mark.parametrize("form", ["json", "fhir", "redcap", "csv", "xlsx", "wording"])
def test_an_instrument_is_downloaded_in_every_format(staff, form):
    file = staff.get(address("export", "eq5d-5l"), {"format": form})

    assert file.status_code == 200
    assert file["Content-Disposition"].startswith('attachment; filename="eq5d-5l-')


def own_copy(code):
    return replace(library.get("prem"), code=code)


def library_json(definition):
    return json.dumps(documents.write(definition)).encode()


def test_the_stored_version_is_drawn_in_its_own_words(staff):
    stored = take()

    page = staff.get(address("version_screens", stored.pk))

    assert "official MO" in page.text
    assert adopting.definition_of(stored).licence.reference == "EQ 1"
