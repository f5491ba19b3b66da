import pytest

from surveys import answering, sheets
from surveys.pages import progress
from tests.factories import NOW, START, make_open_occasion, make_survey, make_survey_version

pytestmark = pytest.mark.django_db


def sheet_of(*instruments, rule="recommended"):
    survey = make_survey(instruments=instruments, time_points=(START,))
    survey.instruments.update(rule=rule)
    return sheets.read(make_open_occasion(make_survey_version(survey)).pk)


def walk(sheet, *values):
    """Answer a test's next item with each value in turn."""
    session = answering.enter(sheet.occasion.pk, level="link", language="sv", now=NOW)
    for value in values:
        question = sheet.first_unanswered()
        given = answering.answer(sheet, question, value=value, seen=0, by=session, now=NOW)
        sheet = given.sheet
    return sheet


def percents(sheet):
    return [progress.at(sheet, question).percent for question in sheet.questions]


def test_fixed_questions_are_counted():
    sheet = sheet_of("eq5d-5l")

    assert progress.length(sheet) == (6, 6)
    assert progress.at(sheet, sheet.questions[3]) == progress.Progress(4, 6, 50)


@pytest.mark.parametrize(
    ("rule", "length"),
    [
        ("standard", (4, 12)),
        ("recommended", (4, 8)),
        ("screen-to-cat", (1, 8)),
        ("paediatric", (5, 12)),
    ],
)
def test_a_test_is_as_long_as_its_rule_lets_it_be(rule, length):
    assert progress.length(sheet_of("promis-anxiety", rule=rule)) == length


def test_the_length_is_certain_once_the_test_is_over():
    sheet = walk(sheet_of("promis-anxiety"), *"3333")

    assert progress.length(sheet) == (4, 4)
    assert progress.at(sheet, sheet.questions[0]).count == 4


def test_the_bar_follows_the_standard_error():
    certain, uncertain = (walk(sheet_of("promis-anxiety"), value) for value in "31")

    steps = [each.paths["promis-anxiety"].steps[0] for each in (certain, uncertain)]
    assert steps[0].se < steps[1].se
    assert percents(certain)[1] > percents(uncertain)[1]


@pytest.mark.parametrize("values", ["333", "1111111", "5131", [None] * 7, ["1", None, "5", None]])
def test_the_bar_rises_with_every_question(values):
    bars = percents(walk(sheet_of("promis-anxiety", rule="standard"), *values))

    assert bars == sorted(set(bars))
    assert bars[0] == 0
    assert bars[-1] < 100
