import pytest

from proms.instruments import library
from proms.instruments.answers import InvalidAnswer, given, score_of

EXAMPLE = library.get("recovery-example")
EQ5D = library.get("eq5d-5l")


def test_blank_answers_do_not_count():
    assert given(EQ5D, {"MO": "", "SC": None, "UA": "2"}) == {"UA": "2"}


def test_answers_to_hidden_items_do_not_count():
    answers = {"soreness": 0, "medicine": "yes"}

    assert given(EXAMPLE, answers) == {"soreness": 0}


def test_answers_take_their_stored_form():
    answers = {"MO": 3, "VAS": "77"}

    assert given(EQ5D, answers) == {"MO": "3", "VAS": 77}


def test_chosen_options_are_stored_in_the_items_order():
    answers = given(EXAMPLE, {"wound": "no", "aids": ["walker", "cane"]})

    assert answers["aids"] == ("cane", "walker")


@pytest.mark.parametrize(
    ("definition", "item", "answer", "problem"),
    [
        (EQ5D, "MO", "6", "none of the options"),
        (EQ5D, "MO", True, "none of the options"),
        (EQ5D, "MO", 2.0, "none of the options"),
        (EQ5D, "XX", "1", "no such item"),
        (EQ5D, "VAS", 101, "above 100"),
        (EQ5D, "VAS", -1, "below 0"),
        (EQ5D, "VAS", 50.5, "decimals"),
        (EQ5D, "VAS", "50,5", "comma"),
        (EQ5D, "VAS", "much", "not a number"),
        (EQ5D, "VAS", "nan", "not a number"),
        (EQ5D, "VAS", "1_0", "not a number"),
        (EQ5D, "VAS", "1" * 400, "not a number"),
        (EQ5D, "VAS", True, "number is expected"),
        (EQ5D, "VAS", [50], "number is expected"),
        (EXAMPLE, "weight", 70.25, "decimals"),
        (EXAMPLE, "operated_on", "2026-02-30", "not a date"),
        (EXAMPLE, "aids", "cane", "list"),
        (EXAMPLE, "aids", ["cane", "cane"], "twice"),
        (EXAMPLE, "aids", ["cane", "none"], "together"),
        (EXAMPLE, "medicine_name", "x" * 201, "at most 200"),
        (EXAMPLE, "medicine_name", "a\x00b", "NUL"),
        (EXAMPLE, "medicine_name", 5, "text is expected"),
    ],
)
def test_an_answer_that_the_item_does_not_allow_is_refused(definition, item, answer, problem):
    with pytest.raises(InvalidAnswer, match=problem) as refused:
        given(definition, {item: answer})

    assert refused.value.item == item


def test_a_refusal_quotes_little_of_a_huge_answer():
    with pytest.raises(InvalidAnswer) as refused:
        given(EQ5D, {"MO": "x" * 10_000_000})

    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("code", "answer", "worth"),
    [("soreness", 0, 1), ("soreness", 5, 3), ("soreness", 10, 5), ("wound", "almost", 3)],
)
def test_numbers_and_options_are_worth_their_recoded_scores(code, answer, worth):
    assert score_of(EXAMPLE.items_by_code[code], answer) == worth


def test_a_text_is_worth_nothing_to_scoring():
    assert score_of(EXAMPLE.items_by_code["medicine_name"], "12") is None
