from datetime import timedelta

import pytest
from django.db import IntegrityError

from surveys.models import Invitation, Occasion
from tests.factories import NOW, make_enrolment, make_open_occasion
from tests.notifications.factories import make_message

pytestmark = pytest.mark.django_db


def make_occasion(**fields):
    defaults = {"enrolment": make_enrolment(), "time_point": "new", "due_at": NOW, "opens_at": NOW}
    return Occasion.objects.create(**(defaults | {"closes_at": NOW + timedelta(days=1)} | fields))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"time_point": "start"}, "surveys_occasion_one_per_time_point"),
        ({"closes_at": NOW}, "surveys_occasion_opens_before_it_closes"),
        ({"status": "lost", "ended_at": NOW}, "surveys_occasion_known_status"),
        ({"status": "declined"}, "surveys_occasion_ended_when_it_has_an_end"),
        ({"ended_at": NOW}, "surveys_occasion_ended_when_it_has_an_end"),
        ({"status": "withdrawn", "ended_at": NOW}, "surveys_occasion_withdrawn_for_a_reason"),
    ],
)
def test_an_occasion_holds_to_its_rules(fields, name):
    with pytest.raises(IntegrityError, match=name):
        make_occasion(**fields)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (NOW - timedelta(microseconds=1), False),
        (NOW, True),
        (NOW + timedelta(days=1) - timedelta(microseconds=1), True),
        (NOW + timedelta(days=1), False),
    ],
)
def test_a_window_holds_its_first_moment_and_not_its_last(moment, is_open):
    occasion = make_occasion(status="open")

    assert occasion.is_open(moment) is is_open
    assert Occasion.objects.open(moment).contains(occasion) is is_open


def test_what_is_due_overdue_or_ended_is_told_apart():
    occasion = make_occasion()
    ever = NOW + timedelta(days=400)

    due = Occasion.objects.due(NOW)
    assert list(due) == [occasion]
    due.update(status="open")
    assert (due.exists(), Occasion.objects.overdue(occasion.closes_at).get()) == (False, occasion)
    Occasion.objects.update(status="declined", ended_at=NOW)
    assert not Occasion.objects.overdue(ever).exists()


def test_a_step_is_taken_once():
    occasion = make_open_occasion()

    with pytest.raises(IntegrityError, match="surveys_invitation_one_per_step"):
        occasion.invitations.create(step="invitation", message=make_message())


def test_a_token_leads_to_one_invitation():
    occasion = make_open_occasion()
    Invitation.objects.update(token_hash="x")

    with pytest.raises(IntegrityError, match="surveys_invitation_token_hash"):
        occasion.invitations.create(step="reminder-1", message=make_message(), token_hash="x")
