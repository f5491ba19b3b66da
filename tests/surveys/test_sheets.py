import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys import answering, sheets
from surveys.models import Occasion
from tests.factories import NOW, make_open_occasion, make_survey_version, make_version_asking
from tests.surveys.pages.instruments import EVERY_KIND

pytestmark = pytest.mark.django_db


@pytest.fixture
def occasion():
    return make_open_occasion(make_version_asking(EVERY_KIND))


def answer(occasion, item, value):
    session = answering.enter(occasion.pk, level="link", language="sv", now=NOW)
    sheet = sheets.lock(occasion.pk)
    question = sheet.find(("every-kind", item))
    return answering.answer(sheet, question, value=value, seen=0, by=session, now=NOW).sheet


def codes(sheet):
    return [question.item.code for question in sheet.questions]


def test_questions_come_in_order_without_those_that_do_not_show(occasion):
    assert codes(sheets.read(occasion.pk)) == ["ONE", "SOME", "HOW-MANY", "WHEN", "MUST", "VAS"]


def test_an_answer_opens_the_question_that_follows_from_it(occasion):
    assert codes(answer(occasion, "ONE", "b"))[:2] == ["ONE", "WHY"]


def test_an_answer_to_a_question_that_no_longer_shows_is_kept_aside(occasion):
    answer(occasion, "ONE", "b")
    answer(occasion, "WHY", "Därför")

    sheet = answer(occasion, "ONE", "a")

    assert "WHY" not in codes(sheet)
    assert ("every-kind", "WHY") in sheet.given


def test_reading_and_locking_give_the_same(occasion):
    for item, value in (("ONE", "b"), ("SOME", ("x", "y")), ("HOW-MANY", 7.5), ("WHEN", None)):
        answer(occasion, item, value)

    assert sheets.read(occasion.pk).given == sheets.lock(occasion.pk).given


def test_reading_takes_one_statement_once_the_version_is_known(occasion):
    sheets.read(occasion.pk)

    with CaptureQueriesContext(connection) as context:
        sheet = sheets.read(occasion.pk)
        assert sheet.plan.languages
        assert sheet.unit.phone

    assert len(context) == 1


def test_the_neighbours_of_a_question(occasion):
    sheet = sheets.read(occasion.pk)
    first, second, *others = sheet.questions

    assert sheet.before(first) is None
    assert sheet.before(second) == first
    assert sheet.after(second) == tuple(others)


def test_a_wished_language_that_the_survey_lacks_gives_its_first():
    occasion = make_open_occasion(make_survey_version())
    sheet = sheets.read(occasion.pk)

    assert sheet.language_of(sheet.parts[0], wished="ar") == "sv"


def test_an_occasion_that_is_not_there_is_not_found():
    with pytest.raises(Occasion.DoesNotExist):
        sheets.read(uuid.uuid4())
