import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proms.instruments import library
from surveys import answering, sheets
from surveys.models import Occasion
from tests.factories import (
    NOW,
    make_number,
    make_open_occasion,
    make_survey_version,
    make_version_asking,
)
from tests.surveys.pages.instruments import EVERY_KIND

pytestmark = pytest.mark.django_db


@pytest.fixture
def occasion():
    return make_open_occasion(make_version_asking(EVERY_KIND))


def answer(occasion, item, value, *, instrument="every-kind"):
    session = answering.enter(occasion.pk, level="link", language="sv", now=NOW)
    sheet = sheets.lock(occasion.pk)
    question = sheet.find((instrument, item))
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
    sheet = sheets.read(occasion.pk).spoken("ar")

    assert sheet.language_of(sheet.parts[0]) == "sv"


# Span: EQ-5D's is one Stockholm day; NOW is 02:30 there on a day of 25 hours


@pytest.mark.parametrize(
    ("instrument", "hours", "left"),
    [
        ("eq5d-5l", 22.4, 1),
        ("eq5d-5l", 22.6, 0),
        ("promis-anxiety", 48, 1),
        ("promis-anxiety", 48.1, 0),
        ("recovery-example", 24 * 7, 1),
        ("recovery-example", 24 * 7 + 1, 0),
    ],
)
def test_what_was_begun_longer_ago_than_its_span_begins_anew(instrument, hours, left):
    occasion = make_open_occasion(make_survey_version(instruments=(instrument,)))
    first = sheets.read(occasion.pk).first_unanswered().item
    sheet = answer(occasion, first.code, None, instrument=instrument)

    later = sheet.at(NOW + timedelta(hours=hours))

    assert len(later.given) == left
    assert later.renewed == (set() if left else {instrument})


def test_what_was_answered_whole_stays_however_old(occasion):
    for code in ("ONE", "SOME", "HOW-MANY", "WHEN", "MUST", "VAS"):
        sheet = answer(occasion, code, None)

    assert sheet.at(NOW + timedelta(days=8)) == sheet


# Adaptive tests


@pytest.fixture
def adaptive():
    instruments = ("promis-anxiety", "eq5d-5l")
    return make_open_occasion(make_survey_version(instruments=instruments, languages=["sv", "en"]))


def anxiety(sheet):
    return [code for code in codes(sheet) if code.startswith("EDANX")]


def walk(occasion, *values):
    """Answer the test's next item with each value in turn."""
    for value in values:
        item = sheets.read(occasion.pk).first_unanswered().item.code
        answer(occasion, item, value, instrument="promis-anxiety")
    return sheets.read(occasion.pk)


def test_a_test_shows_its_first_item_beside_fixed_questions(adaptive):
    shown = codes(sheets.read(adaptive.pk))

    assert shown == ["EDANX53", "MO", "SC", "UA", "PD", "AD", "VAS"]


def test_each_answer_brings_the_next_item(adaptive):
    lengths = [len(anxiety(walk(adaptive, value))) for value in ("1", "3", "2")]

    assert lengths == [2, 3, 4]


def test_a_test_that_its_rule_stopped_asks_no_more(adaptive):
    sheet = walk(adaptive, *"3333")

    assert len(anxiety(sheet)) == 4
    assert sheet.is_over(sheet.parts[0])
    assert sheet.first_unanswered().item.code == "MO"


def test_skipped_items_are_asked_once_and_the_test_ends(adaptive):
    sheet = walk(adaptive, *[None] * 8)

    assert len(set(anxiety(sheet))) == 8
    assert sheet.is_over(sheet.parts[0])


def test_a_changed_answer_gives_the_path_of_whoever_gave_it_first(adaptive):
    other = make_open_occasion(adaptive.enrolment.survey_version, person_id=make_number(1))
    walk(adaptive, *"1111")

    answer(adaptive, "EDANX53", "5", instrument="promis-anxiety")
    changed, first = walk(adaptive), walk(other, "5")

    assert anxiety(changed)[:2] == anxiety(first)


def test_an_item_selected_again_keeps_its_answer_and_the_rest_are_kept_aside(adaptive):
    before = walk(adaptive, *"1111").paths["promis-anxiety"].asked

    sheet = answer(adaptive, "EDANX53", "5", instrument="promis-anxiety")

    path = sheet.paths["promis-anxiety"]
    assert path.dropped
    assert set(path.asked) | set(path.dropped) == set(before)
    assert all(step.answer == "1" for step in path.steps[1:])


def test_changing_back_brings_the_former_path_back(adaptive):
    before = walk(adaptive, *"1234")
    answer(adaptive, "EDANX53", "5", instrument="promis-anxiety")

    after = answer(adaptive, "EDANX53", "1", instrument="promis-anxiety")

    assert after.paths == before.paths


def test_an_item_off_the_path_is_not_to_be_found(adaptive):
    walk(adaptive, *"1111")
    sheet = answer(adaptive, "EDANX53", "5", instrument="promis-anxiety")
    [dropped, *_] = sheet.paths["promis-anxiety"].dropped

    with pytest.raises(sheets.UnknownQuestion):
        sheet.find(("promis-anxiety", dropped))


def test_a_bank_that_was_published_without_a_rule_is_asked_whole():
    whole = make_open_occasion(make_version_asking(library.get("promis-anxiety")))

    assert len(codes(sheets.read(whole.pk))) == 29


def test_an_occasion_that_is_not_there_is_not_found():
    with pytest.raises(Occasion.DoesNotExist):
        sheets.read(uuid.uuid4())
