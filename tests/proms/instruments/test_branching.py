import pytest

from proms.instruments import branching, library
from proms.instruments.items import Condition

EXAMPLE = library.get("recovery-example")


def shown(**answers):
    return {item.code for item in branching.shown(EXAMPLE, answers)}


def test_an_item_without_conditions_always_shows():
    assert "soreness" in shown()


def test_an_item_shows_once_its_condition_holds():
    assert "medicine" not in shown(soreness=3)
    assert "medicine" in shown(soreness=4)


def test_the_answer_to_a_hidden_item_opens_nothing():
    assert "medicine_name" not in shown(soreness=0, medicine="yes")


@pytest.mark.parametrize("answers", [{"wound": "no"}, {"wound": "yes", "soreness": 9}])
def test_any_of_several_conditions_is_enough_where_the_item_says_so(answers):
    assert "aids" in shown(**answers)


@pytest.mark.parametrize(
    ("operator", "value", "answer", "expected"),
    [
        ("is", "yes", "yes", True),
        ("is", "yes", "no", False),
        ("is", 4, 4.0, True),
        ("is", "cane", ("cane", "walker"), True),
        ("is_not", "cane", ("walker",), True),
        ("at_least", 4, 10, True),
        ("at_least", "2026-01-31", "2026-02-01", True),
        ("at_most", 4, 5, False),
        ("answered", None, 0, True),
        ("is_not", "yes", None, False),
        ("answered", None, None, False),
    ],
)
def test_conditions_compare_as_they_read(operator, value, answer, expected):
    assert branching.holds(Condition("x", operator, value), answer) is expected
