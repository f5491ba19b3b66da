from datetime import date

import pytest
from django.utils import translation

from proms.overview.forms import MALFORMED, FindForm

TODAY = date(2026, 6, 1)
FAULTS = {
    "19800102-2387": "Kontrollsiffran stämmer inte",
    "19801302-2382": "inget möjligt datum",
    "20991231-2387": "inget möjligt datum",
    "abc": "tolv siffror",
    "1980 01 02": "tolv siffror",
    "": "tolv siffror",
}


@pytest.mark.parametrize(("number", "words"), FAULTS.items(), ids=repr)
def test_each_fault_is_said_in_swedish_with_its_cure(number, words):
    with translation.override("sv"):
        form = FindForm({"number": number}, today=TODAY)

        assert words in str(form.errors["number"])


@pytest.mark.parametrize("number", ["19800102-2386", "198001022386", "800102-2386", " 8001022386 "])
def test_number_is_taken_as_people_write_it(number):
    form = FindForm({"number": number}, today=TODAY)

    assert form.is_valid()
    assert form.cleaned_data["number"].number == "198001022386"


def test_words_for_a_malformed_number_name_an_example():
    assert "19800102-2386" in str(MALFORMED)
