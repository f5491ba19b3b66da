from datetime import timedelta

import pytest

from notifications.models import Message
from proms.models import Record
from surveys import answering, closing
from surveys.models import Occasion
from tests.factories import NOW, make_number, make_open_occasion, make_survey_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def occasion():
    return make_open_occasion(make_survey_version(reminders=[7]))


def test_at_the_end_of_its_window_an_occasion_ends_unanswered(occasion):
    assert closing.close_overdue(now=occasion.closes_at) == 1

    occasion.refresh_from_db()
    assert (occasion.status, occasion.ended_at) == ("unanswered", occasion.closes_at)
    found = Record.objects.of_occasion(occasion.pk).values_list("status", "ended_at")
    assert set(found) == {("unanswered", occasion.closes_at)}


def test_its_waiting_messages_are_no_longer_sent(occasion):
    closing.close_overdue(now=occasion.closes_at)

    told = Message.objects.values_list("status", "reason")
    assert list(told) == [("suppressed", "closed")] * 2


def test_until_its_window_ends_an_occasion_stays_open(occasion):
    before = occasion.closes_at - timedelta(microseconds=1)

    assert closing.close_overdue(now=before) == 0
    assert Message.objects.queued().count() == 2


def test_closing_twice_changes_nothing(occasion):
    closing.close_overdue(now=occasion.closes_at)

    assert closing.close_overdue(now=occasion.closes_at + timedelta(days=1)) == 0
    occasion.refresh_from_db()
    assert occasion.ended_at == occasion.closes_at


def test_closing_goes_on_until_nothing_is_overdue(monkeypatch):
    monkeypatch.setattr(closing, "BATCH", 2)
    version = make_survey_version()
    for n in range(5):
        occasion = make_open_occasion(version, person_id=make_number(n))

    assert closing.close_overdue(now=occasion.closes_at) == 5


def test_what_has_ended_does_not_end_again(occasion):
    status = Occasion.Status
    closing.end([occasion.pk], status=status.DECLINED, now=NOW, reason="", because="declined")

    closing.end([occasion.pk], status=status.WITHDRAWN, now=NOW, reason="dead", because="dead")

    occasion.refresh_from_db()
    assert (occasion.status, occasion.reason) == ("declined", "")
    found = Record.objects.of_occasion(occasion.pk).values_list("status", flat=True)
    assert set(found) == {"declined"}
    assert set(Message.objects.values_list("reason", flat=True)) == {"declined"}


def test_an_end_keeps_its_reason_with_occasion_and_records(occasion):
    closing.end(
        [occasion.pk],
        status=Occasion.Status.WITHDRAWN,
        now=NOW,
        reason="event withdrawn",
        because="withdrawn",
    )

    occasion.refresh_from_db()
    assert occasion.reason == "event withdrawn"
    reasons = Record.objects.of_occasion(occasion.pk).values_list("reason", flat=True)
    assert set(reasons) == {"event withdrawn"}


PROFILE = {"MO": "1", "SC": "1", "UA": "2", "PD": "3", "AD": "1"}


def give(occasion, answers, level="link"):
    session = answering.enter(occasion.pk, level=level, language="sv", now=NOW)
    for item, value in answers.items():
        sheet = answering.sheet_to_change(session, now=NOW)
        question = sheet.find(("eq5d-5l", item))
        answering.answer(sheet, question, value=value, seen=0, by=session, now=NOW)


@pytest.mark.parametrize(
    ("answers", "status"), [(PROFILE, "answered"), ({"MO": "2"}, "partial"), ({}, "unanswered")]
)
def test_what_was_answered_but_not_submitted_is_handed_in(occasion, answers, status):
    give(occasion, answers)

    closing.close_overdue(now=occasion.closes_at)

    occasion.refresh_from_db()
    found = Record.objects.of_occasion(occasion.pk).values_list("status", flat=True)
    assert {occasion.status, *found} == {status}


def test_what_is_handed_in_has_the_weakest_level_it_was_given_at(occasion):
    give(occasion, {"MO": "2"}, level="strong")
    give(occasion, {"SC": "2"}, level="link")

    closing.close_overdue(now=occasion.closes_at)

    found = Record.objects.of_occasion(occasion.pk).values_list("identity_level", flat=True)
    assert set(found) == {"link"}


def test_one_that_cannot_be_handed_in_stays_open_and_stops_no_other(monkeypatch, caplog):
    version = make_survey_version()
    poison, other = (make_open_occasion(version, person_id=make_number(n)) for n in range(2))
    for occasion in (poison, other):
        give(occasion, PROFILE)
    whole = answering.hand_in_at_close

    def hand_in(occasion_id, *, now):
        if occasion_id == poison.pk:
            raise ArithmeticError
        return whole(occasion_id, now=now)

    monkeypatch.setattr(answering, "hand_in_at_close", hand_in)

    closing.close_overdue(now=other.closes_at)

    statuses = [Occasion.objects.get(pk=each.pk).status for each in (poison, other)]
    assert statuses == ["open", "answered"]
    assert str(poison.pk) in caplog.text
