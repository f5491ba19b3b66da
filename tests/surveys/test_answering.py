from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from notifications.models import Message
from proms import adopting
from proms.adaptive import recording, stopping
from proms.adaptive.session import replay
from proms.models import Measurement, Record
from proms.scoring import banks
from surveys import answering, sheets
from surveys.models import Answer, Occasion
from tests.factories import NOW, START, make_open_occasion, make_survey_version
from tests.racing import race

pytestmark = pytest.mark.django_db
PROFILE = {"MO": "1", "SC": "1", "UA": "2", "PD": "3", "AD": "1", "VAS": 70}


@pytest.fixture
def occasion():
    version = make_survey_version(languages=["sv", "en"], reminders=[7])
    return make_open_occasion(version)


@pytest.fixture
def session(occasion):
    return enter(occasion)


def enter(occasion, level="link", language="sv"):
    return answering.enter(occasion.pk, level=level, language=language, now=NOW)


@transaction.atomic
def give(session, item, value, *, seen=0, now=NOW, instrument="eq5d-5l"):
    sheet = answering.sheet_to_change(session, now=now)
    question = sheet.find((instrument, item))
    return answering.answer(sheet, question, value=value, seen=seen, by=session, now=now)


def give_all(session, **answers):
    for item, value in (PROFILE | answers).items():
        give(session, item, value)


def test_entering_notes_once_that_the_patient_was_reached(occasion):
    enter(occasion)
    answering.enter(occasion.pk, level="link", language="sv", now=NOW + timedelta(hours=1))

    occasion.refresh_from_db()
    assert occasion.reached_at == NOW


def test_each_entry_is_a_session_of_its_own(occasion):
    assert enter(occasion).id != enter(occasion).id


def test_an_answer_is_kept_with_who_gave_it_and_how(session):
    give(session, "MO", "2")

    kept = Answer.objects.get()
    assert (kept.instrument, kept.item, kept.value, kept.revision) == ("eq5d-5l", "MO", "2", 1)
    assert (kept.language, kept.level, kept.session) == ("sv", "link", session.id)
    assert kept.answered_at == NOW


def test_another_answer_replaces_the_first_as_a_new_row(session):
    give(session, "MO", "2")
    later = NOW + timedelta(minutes=1)

    give(session, "MO", "3", seen=1, now=later)

    first, second = Answer.objects.order_by("revision")
    assert (first.value, first.replaced_at) == ("2", later)
    assert (second.value, second.revision, second.replaced_at) == ("3", 2, None)


def test_the_same_answer_again_changes_nothing(session):
    give(session, "MO", "2")

    saved = give(session, "MO", "2")

    assert not saved.is_stale
    assert Answer.objects.count() == 1


def test_the_same_answer_from_a_new_entry_is_that_sessions_own(occasion, session):
    give(session, "MO", "2")
    another = enter(occasion)

    sheet = give(another, "MO", "2", seen=1).sheet

    assert another.may_read(sheet.given["eq5d-5l", "MO"])
    assert not session.may_read(sheet.given["eq5d-5l", "MO"])


def test_the_newest_answer_stands_and_a_stale_page_is_told(session):
    give(session, "MO", "2")

    saved = give(session, "MO", "4", seen=0)

    assert saved.is_stale
    assert Answer.objects.current().get().value == "4"


def test_a_skipped_question_is_kept_as_answered_with_nothing(session):
    give(session, "MO", None)

    assert Answer.objects.get().value is None


def test_an_instrument_keeps_the_language_of_its_first_answer(occasion, session):
    give(session, "MO", "2")

    give(enter(occasion, language="en"), "SC", "2")

    assert set(Answer.objects.values_list("language", flat=True)) == {"sv"}


def test_a_question_that_is_not_asked_is_refused(session):
    with pytest.raises(sheets.UnknownQuestion):
        give(session, "XX", "2")


def test_nothing_is_answered_outside_of_the_window(session):
    with pytest.raises(answering.Closed):
        give(session, "MO", "2", now=NOW + timedelta(days=400))


def test_submitting_scores_completes_and_discloses(occasion, session):
    give_all(session)

    answering.submit(session, now=NOW)

    occasion.refresh_from_db()
    assert (occasion.status, occasion.ended_at) == ("answered", NOW)
    assert occasion.submitted_session == session.id
    records = Record.objects.of_occasion(occasion.pk).with_answers()
    assert records.count() == 2
    assert {record.channel for record in records} == {"email"}
    measurement = records.exclude(care_provider=None).get().measurements.get()
    assert measurement.answers == PROFILE
    assert measurement.items_asked == list(PROFILE)
    assert measurement.scores.get(scale="vas").value == 70


def test_submitting_without_an_index_is_partial(occasion, session):
    give_all(session, PD=None)

    answering.submit(session, now=NOW)

    occasion.refresh_from_db()
    assert occasion.status == "partial"


def test_submitting_stops_reminders(occasion, session):
    give_all(session)

    answering.submit(session, now=NOW)

    reminders = Message.objects.filter(invitation__occasion=occasion, kind="reminder")
    assert {reminder.status for reminder in reminders} == {"suppressed"}


def test_what_is_not_answered_whole_is_not_submitted(occasion, session):
    give(session, "MO", "2")

    with pytest.raises(answering.Unanswered):
        answering.submit(session, now=NOW)


def test_submitting_again_changes_nothing(occasion, session):
    give_all(session)
    answering.submit(session, now=NOW)

    answering.submit(session, now=NOW + timedelta(minutes=1))

    occasion.refresh_from_db()
    assert occasion.ended_at == NOW


def test_another_link_session_cannot_submit_again(occasion, session):
    give_all(session)
    answering.submit(session, now=NOW)

    with pytest.raises(answering.Closed):
        answering.submit(enter(occasion), now=NOW)


def test_only_the_session_that_submitted_and_a_strong_login_read_the_receipt(occasion, session):
    give_all(session)
    answering.submit(session, now=NOW)
    occasion.refresh_from_db()

    assert session.may_read_receipt(occasion)
    assert enter(occasion, "strong").may_read_receipt(occasion)
    assert not enter(occasion).may_read_receipt(occasion)
    assert not enter(occasion, "code").may_read_receipt(occasion)


def test_nobody_reads_a_receipt_of_what_was_not_submitted(occasion):
    assert not enter(occasion, "strong").may_read_receipt(occasion)


def test_a_strong_login_reads_the_answers_of_other_sessions(occasion, session):
    sheet = give(session, "MO", "2").sheet

    assert enter(occasion, "strong").may_read(sheet.given["eq5d-5l", "MO"])


def test_the_database_lets_no_answer_be_rewritten(session):
    give(session, "MO", "2")

    with pytest.raises(Exception, match="never"), transaction.atomic():
        Answer.objects.update(value="5")


# Span


def test_an_instrument_begins_anew_past_its_span_and_keeps_its_history(session):
    give(session, "MO", "2")
    give(session, "SC", "2")
    tomorrow = NOW + timedelta(days=1)

    saved = give(session, "MO", "4", now=tomorrow)

    assert not saved.is_stale
    assert [(each.value, each.revision) for each in Answer.objects.current()] == [("4", 2)]
    history = Answer.objects.exclude(replaced_at=None)
    assert {(each.item, each.replaced_at) for each in history} == {
        ("MO", tomorrow),
        ("SC", tomorrow),
    }


def test_an_instrument_that_begins_anew_takes_the_language_of_now(occasion, session):
    give(session, "MO", "2")

    give(enter(occasion, language="en"), "MO", "2", now=NOW + timedelta(days=1))

    assert Answer.objects.current().get().language == "en"


def test_a_change_past_the_span_asks_for_the_other_answers_again(session):
    give_all(session)
    tomorrow = NOW + timedelta(days=1)

    saved = give(session, "PD", "1", seen=1, now=tomorrow)

    assert Answer.objects.current().get().item == "PD"
    assert saved.sheet.first_unanswered().item.code == "MO"
    with pytest.raises(answering.Unanswered):
        answering.submit(session, now=tomorrow)


def test_answers_within_their_span_are_submitted_after_it(occasion, session):
    give_all(session)

    answering.submit(session, now=NOW + timedelta(days=1))

    occasion.refresh_from_db()
    assert occasion.status == "answered"


def test_what_was_begun_in_time_and_never_finished_is_handed_in_as_it_is(occasion, session):
    give(session, "MO", "2")
    Occasion.objects.filter(pk=occasion.pk).update(closes_at=NOW + timedelta(days=3))

    assert answering.hand_in_at_close(occasion.pk, now=NOW + timedelta(days=3))

    assert Measurement.objects.first().answers == {"MO": "2"}


def test_an_adaptive_test_begins_anew_past_its_span(anxious):
    walk(anxious, *"15")

    walk(anxious, *"3333", now=NOW + timedelta(hours=49))

    answering.submit(anxious, now=NOW + timedelta(hours=50))
    steps = Measurement.objects.first().trace["steps"]
    assert [step["answer"] for step in steps] == list("3333")
    assert "path_edited" not in Measurement.objects.first().trace


# Adaptive tests


@pytest.fixture
def anxious():
    version = make_survey_version(
        instruments=("promis-anxiety",), languages=["sv", "en"], time_points=(START,)
    )
    return enter(make_open_occasion(version))


def walk(session, *values, now=NOW):
    """Answer the test's next item with each value in turn, a second apart, until it stops."""
    for second, value in enumerate(values):
        following = sheets.read(session.occasion_id).at(now).first_unanswered()
        if following is None:
            return
        at = now + timedelta(seconds=second)
        give(session, following.item.code, value, now=at, instrument="promis-anxiety")


def measured(session):
    answering.submit(session, now=NOW + timedelta(hours=1))
    records = Record.objects.of_occasion(session.occasion_id).with_answers()
    return records.exclude(care_provider=None).get().measurements.get()


def walked_again(measurement):
    """The trace as anyone can make it from what is stored."""
    definition = adopting.definition_of(measurement.instrument_version)
    bank = banks.bank(definition, measurement.instrument_version.language)
    answers = {item: measurement.answers.get(item) for item in measurement.items_asked}
    rules = stopping.NAMED[measurement.trace["rule"]]
    return recording.trace(bank, rules, replay(bank, answers, rules))


def test_an_adaptive_test_is_recorded_with_its_path_and_score(anxious):
    walk(anxious, *"3234")

    measurement = measured(anxious)

    assert measurement.items_asked[0] == "EDANX53"
    assert set(measurement.answers) == set(measurement.items_asked)
    trace = measurement.trace
    assert (trace["rule"], trace["stop"]) == ("recommended", "se")
    assert [step["item"] for step in trace["steps"]] == measurement.items_asked
    assert "path_edited" not in trace
    score = measurement.scores.get()
    assert score.set_id == trace["set_id"]
    assert score.value == pytest.approx(50 + 10 * trace["steps"][-1]["theta"], abs=1e-9)
    assert score.standard_error == pytest.approx(10 * trace["steps"][-1]["se"], abs=1e-9)


@pytest.mark.parametrize("values", ["3234", "11111111", [None, "2", None, "4", "1", "5", "2"]])
def test_the_trace_can_be_made_again_from_the_answers(anxious, values):
    walk(anxious, *values)

    measurement = measured(anxious)

    assert walked_again(measurement) == measurement.trace


def test_the_register_gets_the_trace_with_the_answers(anxious):
    walk(anxious, *"3234")

    trace = measured(anxious).trace

    [disclosed] = Record.objects.exclude(disclosed_from=None)
    assert disclosed.measurements.get().trace == trace


def test_a_changed_answer_leaves_only_the_new_path_in_the_score(anxious):
    walk(anxious, *"3333")
    give(anxious, "EDANX53", "1", instrument="promis-anxiety", now=NOW + timedelta(minutes=1))
    dropped = sheets.read(anxious.occasion_id).paths["promis-anxiety"].dropped
    while sheets.read(anxious.occasion_id).first_unanswered():
        walk(anxious, "2", now=NOW + timedelta(minutes=2))

    measurement = measured(anxious)

    assert measurement.trace["path_edited"]
    assert not set(dropped) & set(measurement.answers)
    assert set(dropped) < set(Answer.objects.current().values_list("item", flat=True))
    assert walked_again(measurement) | {"path_edited": True} == measurement.trace


def test_an_answer_changed_before_the_next_was_given_is_no_edited_path(anxious):
    walk(anxious, "3")
    give(anxious, "EDANX53", "1", instrument="promis-anxiety", now=NOW + timedelta(minutes=1))
    while sheets.read(anxious.occasion_id).first_unanswered():
        walk(anxious, "2", now=NOW + timedelta(minutes=2))

    assert "path_edited" not in measured(anxious).trace


def test_skipping_everything_ends_without_a_score(anxious):
    walk(anxious, *[None] * 8)

    measurement = measured(anxious)

    assert measurement.trace["stop"] == "max_items"
    assert measurement.answers == {}
    assert measurement.scores.get().value is None


@pytest.mark.parametrize(
    ("values", "reason"), [("33", "too_few"), ("1234", "")], ids=["two answers", "four answers"]
)
def test_a_test_that_the_window_cut_off_gives_a_score_from_four_answers(anxious, values, reason):
    walk(anxious, *values)
    Occasion.objects.filter(pk=anxious.occasion_id).update(closes_at=NOW + timedelta(minutes=1))

    answering.hand_in_at_close(anxious.occasion_id, now=NOW + timedelta(minutes=1))

    stored = Measurement.objects.filter(record__register=None).get()
    assert stored.scores.get().missing_reason == reason
    assert len(stored.trace["steps"]) == len(values)
    assert (stored.trace["stop"] == "unfinished") == bool(reason)


def test_a_test_goes_on_in_the_language_it_was_begun_in(anxious):
    walk(anxious, "3")

    walk(enter(Occasion.objects.get(), language="en"), "3", "3", "3")

    assert set(Answer.objects.values_list("language", flat=True)) == {"sv"}


@pytest.mark.parametrize("name", ["surveys_answer_one_current", "surveys_answer_one_per_revision"])
def test_one_answer_stands_for_a_question(session, name):
    give(session, "MO", "2")
    row = Answer.objects.get()
    row.pk = None
    row.revision = 2 if name.endswith("current") else 1
    row.replaced_at = None if name.endswith("current") else NOW

    with pytest.raises(IntegrityError, match=name):
        row.save(force_insert=True)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_threads_that_submit_at_once_hand_in_once(occasion, session):
    give_all(session)

    results = race(*[partial(answering.submit, session, now=NOW)] * 8)

    assert results == [None] * 8
    assert Record.objects.of_occasion(occasion.pk).with_answers().count() == 2
    assert Occasion.objects.get(pk=occasion.pk).status == "answered"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_threads_that_answer_at_once_leave_one_history(session):
    results = race(*(partial(give, session, "MO", str(n % 5 + 1)) for n in range(8)))

    assert all(isinstance(result, answering.Saved) for result in results)
    revisions = list(Answer.objects.order_by("revision").values_list("revision", flat=True))
    assert revisions == list(range(1, len(revisions) + 1))
    assert Answer.objects.current().count() == 1
