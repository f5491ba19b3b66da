import pytest

from notifications import wording

REGISTERS = ["Svenska Höftregistret", "SWEDEHEART"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hej. Du har fått frågor om hur du mår.",
        "Du kan svara till och med 14 mars 2027, kl. 08.00.",
        "Ring 08-123 456 00 eller 0812345600.",
        "Hello. You have got questions to answer.",
        "Det beror på dig.",
    ],
)
def test_a_plain_call_may_be_sent(text):
    assert wording.refuse(text, REGISTERS) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Frågor om din CANCER", "cancer"),
        ("Prostatacancerregistret frågar", "prostata"),
        ("efter din höft", "höft"),
        ("efter operationen", "operation"),
        ("your surgery", "surgery"),
        ("Svenska Höftregistret frågar", "svenska höftregistret"),
        ("från   svenska\nhöftregistret", "svenska höftregistret"),
        ("can\u00adcer", "cancer"),
        ("cance\u0072", "cancer"),
        ("ＣＡＮＣＥＲ", "cancer"),
        ("198001022386", "personnummer"),
        ("800102-2386", "personnummer"),
        ("19800102 2386", "personnummer"),
        ("19500191-2384", "personnummer"),
    ],
)
def test_what_tells_something_is_named(text, said):
    assert said in wording.refuse(text, REGISTERS)


def test_each_word_is_named_once():
    assert wording.refuse("cancer, cancer") == ["cancer"]


def test_the_number_itself_is_not_told():
    assert wording.refuse("Du är 800102-2386") == ["personnummer"]


def test_a_name_without_letters_forbids_nothing():
    assert wording.refuse("Hej", ["", " "]) == []
