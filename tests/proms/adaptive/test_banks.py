import pytest

from proms.adaptive.banks import SKIPPED, InvalidAnswer
from tests.proms.adaptive.invented import make_bank

BANK = make_bank()


@pytest.mark.parametrize(
    ("item", "answer", "category"),
    [
        ("RISING1", "4", 3),
        ("REVERSED", "4", 0),
        ("COLLAPSED", "3", 2),
        ("COLLAPSED", "4", 2),
        ("RECODED", 10, 2),
        ("TWIN1", "not_relevant", SKIPPED),
        ("TWIN1", None, SKIPPED),
    ],
)
def test_each_option_stands_for_its_category(item, answer, category):
    assert BANK.category(item, answer) == category


def test_an_answer_that_is_no_option_is_refused_by_name():
    with pytest.raises(InvalidAnswer, match="TWIN2: 'perhaps' is none of the options no, yes"):
        BANK.category("TWIN2", "perhaps")


@pytest.mark.parametrize(
    ("healthiest", "category", "is_healthiest"),
    [("lowest", 0, True), ("lowest", 3, False), ("highest", 3, True), ("unknown", 0, False)],
)
def test_the_healthiest_answer_is_at_the_end_that_the_scale_says(
    healthiest, category, is_healthiest
):
    assert make_bank(healthiest=healthiest).is_healthiest(0, category) is is_healthiest


def test_parameters_are_kept_under_bank_version_and_language():
    assert make_bank(version="2", language="nl").key == ("invented", "2", "nl")
