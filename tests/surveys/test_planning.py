from datetime import date, timedelta

import pytest
from django.db import transaction

from config.local import roles
from notifications.models import Message
from proms.models import Patient, Record
from surveys import planning
from surveys.models import Invitation, Occasion
from tests.factories import NOW, YEAR, make_enrolment, make_number, make_survey_version
from tests.racing import race

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=400)


@pytest.fixture
def version():
    return make_survey_version(time_points=[YEAR], reminders=[7, 14, 90])


def statuses(model):
    return set(model.objects.values_list("status", flat=True))


def test_what_is_not_due_stays_planned(version):
    make_enrolment(version)

    assert planning.open_due(now=NOW) == 0
    assert statuses(Occasion) == {"planned"}


def test_what_is_due_opens_with_its_records_and_messages(version):
    occasion = make_enrolment(version).occasions.get()

    assert planning.open_due(now=LATER) == 1

    assert statuses(Occasion) == {"open"}
    assert statuses(Record) == {"expected"}
    invitations = Invitation.objects.order_by("message__due_at").select_related("message")
    told = [(each.step, each.message.kind, each.message.due_at) for each in invitations]
    assert told == [
        ("invitation", "invitation", LATER),
        ("reminder-1", "reminder", LATER + timedelta(days=7)),
        ("reminder-2", "reminder", LATER + timedelta(days=14)),
    ]
    assert {each.message.not_after for each in invitations} == {occasion.closes_at}
    assert {each.message.key for each in invitations} == {
        f"{occasion.pk}:{each.step}" for each in invitations
    }


def test_a_second_sweep_changes_nothing(version):
    make_enrolment(version)
    planning.open_due(now=LATER)

    assert planning.open_due(now=LATER) == 0
    assert Message.objects.count() == 3


def test_opening_and_messages_stand_or_fall_together(version, monkeypatch):
    make_enrolment(version)
    monkeypatch.setattr(planning.outbox, "enqueue_all", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        planning.open_due(now=LATER)
    assert (statuses(Occasion), statuses(Record)) == ({"planned"}, {"planned"})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"died_on": date(2027, 11, 1)}, "dead"),
        ({"deregistered_on": date(2027, 11, 1)}, "deregistered"),
    ],
)
def test_who_is_dead_or_deregistered_is_not_asked(version, fields, reason):
    make_enrolment(version)
    Patient.objects.update(**fields)

    planning.open_due(now=LATER)

    occasion = Occasion.objects.get()
    assert (occasion.status, occasion.reason, occasion.ended_at) == ("withdrawn", reason, LATER)
    found = Record.objects.values_list("status", "reason", "ended_at")
    assert set(found) == {("withdrawn", reason, LATER)}
    assert not Message.objects.exists()


def test_an_enrolment_that_was_stopped_asks_no_more(version):
    enrolment = make_enrolment(version)
    enrolment.stopped_at, enrolment.stop_reason = NOW, "objection"
    enrolment.save()

    planning.open_due(now=LATER)

    assert Occasion.objects.get().reason == "stopped"


def test_a_death_that_is_ahead_withdraws_nothing_yet(version):
    make_enrolment(version)
    Patient.objects.update(died_on=LATER.date() + timedelta(days=1))

    planning.open_due(now=LATER)

    assert statuses(Occasion) == {"open"}


def test_a_sweep_that_comes_after_the_window_withdraws(version):
    occasion = make_enrolment(version).occasions.get()

    planning.open_due(now=occasion.closes_at)

    assert Occasion.objects.get().reason == "registered late"


def test_a_sweep_goes_on_until_nothing_is_due(version, monkeypatch):
    monkeypatch.setattr(planning, "BATCH", 2)
    for n in range(5):
        make_enrolment(version, person_id=make_number(n))

    assert planning.open_due(now=LATER) == 5


def test_a_sweep_asks_the_database_no_more_for_more_occasions(
    version, django_assert_max_num_queries
):
    for n in range(20):
        make_enrolment(version, person_id=make_number(n))

    with django_assert_max_num_queries(16):
        planning.open_due(now=LATER)


@pytest.mark.role(roles.WORKER)
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_share_the_work():
    version = make_survey_version(time_points=[YEAR], reminders=[7])
    for n in range(20):
        make_enrolment(version, person_id=make_number(n))

    opened = race(*[lambda: planning.open_due(now=LATER)] * 3)

    assert sum(opened) == 20
    assert (statuses(Occasion), Message.objects.count()) == ({"open"}, 40)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_sweep_does_not_wait_for_a_row_that_another_holds():
    version = make_survey_version(time_points=[YEAR])
    held = make_enrolment(version).occasions.get()
    make_enrolment(version, person_id=make_number(1))

    with transaction.atomic():
        Occasion.objects.select_for_update().get(pk=held.pk)
        (opened,) = race(lambda: planning.open_due(now=LATER))

    assert opened == 1
    held.refresh_from_db()
    assert held.status == "planned"
