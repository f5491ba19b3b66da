import csv
import io
import re

import pytest
from django.urls import reverse

from proms.instruments import library
from proms.models import Commission
from tests.factories import make_registry_commission
from tests.proms.scoring.test_samples import table

pytestmark = pytest.mark.django_db

ADDRESS = reverse("library:simulation", args=["promis-anxiety"])
RULES = ["standard", "recommended", "screen-to-cat", "paediatric"]


@pytest.fixture
def staff(enter, settings):
    client = enter(make_registry_commission())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def asked(**fields):
    return {"people": "200", "seed": "1", "rules": RULES} | fields


def file(*people):
    return table(*people)


def test_nobody_comes_in_without_a_login(client):
    assert client.get(ADDRESS).status_code == 302


def test_who_may_not_see_the_library_may_not_study_it(enter):
    client = enter(make_registry_commission(role=Commission.Role.LOG_REVIEWER))

    assert client.get(ADDRESS).status_code == 403


@pytest.mark.parametrize("code", ["eq5d-5l", "promis-anxiety-4a", "sf-99"])
def test_only_banks_have_the_page(staff, code):
    assert staff.get(reverse("library:simulation", args=[code])).status_code == 404


def test_the_pages_of_a_bank_lead_to_its_study(staff):
    shelf = staff.get(reverse("library:shelf")).text
    screens = staff.get(reverse("library:screens", args=["promis-anxiety", "en"])).text
    fixed = staff.get(reverse("library:screens", args=["eq5d-5l", "en"])).text

    assert f'href="{ADDRESS}"' in shelf
    assert f'href="{ADDRESS}"' in screens
    assert "simulation" not in fixed


def test_the_page_asks_before_it_studies(staff):
    page = staff.get(ADDRESS)

    assert page.status_code == 200
    assert "A thousand take a second or two." in page.text
    assert "<figure" not in page.text


def test_a_study_shows_every_plot_with_its_people_and_its_table(staff):
    page = staff.post(ADDRESS, asked())

    assert page.status_code == 200
    plots = page.text.split("<figure")[1:]
    assert len(plots) == 8
    assert all("<svg" in plot and "<details" in plot and "<table" in plot for plot in plots)
    assert sum("n = 200 people." in plot for plot in plots) == 7
    assert "200 simulated people" in page.text
    assert "Short form 4a" in page.text


def test_the_strict_policy_lets_the_page_show(staff):
    page = staff.post(ADDRESS, asked())

    assert not re.search(r"\sstyle=|<style|\son\w+=", page.text)


def test_the_same_numbers_come_as_csv(staff):
    page = staff.post(ADDRESS, asked())
    again = {"people": "200", "seed": "1", "rules": RULES, "csv": "1"}

    response = staff.post(ADDRESS, again)

    rows = list(csv.DictReader(io.StringIO(response.text)))
    [bias] = [
        row["value"]
        for row in rows
        if (row["table"], row["method"], row["figure"]) == ("summary", "standard", "bias")
    ]
    assert response["Content-Disposition"].endswith('"promis-anxiety-simulation.csv"')
    assert f"<td>{float(bias):.2f}</td>" in page.text
    assert {name for name, _ in page.context["again"]} == {"people", "seed", "rules"}


def test_swedish_readers_get_swedish_words_and_commas(staff, settings):
    staff.cookies[settings.LANGUAGE_COOKIE_NAME] = "sv"

    page = staff.post(ADDRESS, asked())

    assert "Kortform 4a" in page.text
    assert re.search(r"<td>0,\d\d</td>", page.text)
    assert "Short form" not in page.text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"people": "5001"}, "run manage.py simulate-cat in a terminal"),
        ({"people": "99"}, "greater than or equal to 100"),
        ({"seed": "-1"}, "greater than or equal to 0"),
        ({"rules": []}, "This field is required"),
        ({"rules": ["own"]}, "not one of the available choices"),
        ({"carried": "?"}, "Choose the file again"),
    ],
)
def test_what_cannot_be_studied_is_told(staff, wrong, told):
    page = staff.post(ADDRESS, asked(**wrong))

    assert page.status_code == 422
    assert told in page.text


def test_real_answers_are_studied_and_carried_to_the_csv(staff):
    people = [[str(1 + (number + place) % 5) for place in range(29)] for number in range(12)]
    page = staff.post(ADDRESS, asked(file=file(*people, ["1"])))
    assert "Real answers of 12 people" in page.text
    assert "1 person who skipped an item is left out." in page.text

    again = asked() | dict(page.context["again"]) | {"rules": RULES, "csv": "1"}
    response = staff.post(ADDRESS, again)
    assert "summary,standard,,people,12" in response.text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id,EDANX01\n", "Line 1, column EDANX02: has no column"),
        (b"", "The submitted file is empty."),
        (b"\xff\xfe\n", "Line 1: the header is not UTF-8"),
        (file(["1"] * 29, ["9"] * 29).read(), "Line 3, column EDANX01: &#x27;9&#x27; is none"),
        (file(["1"] * 29, ["<b>"] * 29).read(), "Line 3, column EDANX01: &#x27;&lt;b&gt;"),
        (file(["1"]).read(), "Nobody in the file has answered every item."),
        (file(*[["1"] * 29] * 5001).read(), "More than 5,000 people take too long here"),
    ],
)
def test_a_bad_file_is_told_by_line_and_column(staff, content, told):
    page = staff.post(ADDRESS, asked(file=io.BytesIO(content)))

    assert page.status_code == 422
    assert told in page.text


@pytest.mark.parametrize("code", [each for each in library.codes() if library.get(each).adaptive])
def test_every_bank_can_be_studied(staff, code):
    page = staff.post(reverse("library:simulation", args=[code]), asked(people="100"))

    assert page.text.count("<figure") == 8
