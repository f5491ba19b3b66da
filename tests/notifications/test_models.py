from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F

from notifications.models import ClockTimestamp, Delivery, Message
from tests.notifications.factories import NOW, make_delivery, make_message

pytestmark = pytest.mark.django_db
ENDED = {"status": "sent", "ended_at": NOW}


def violates(name):
    return pytest.raises(IntegrityError, match=name)


def test_a_key_is_queued_once():
    make_message(key="a")

    with violates("notifications_message_key_once"):
        make_message(key="a")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("known_status", {"status": "lost", "reason": "r", "ended_at": NOW}),
        ("ended_when_over", {"status": "sent"}),
        ("ended_when_over", {"ended_at": NOW}),
        ("leased_while_queued", {**ENDED, "leased_until": NOW}),
        ("end_has_reason", {"status": "suppressed", "ended_at": NOW}),
        ("end_has_reason", {"status": "quarantined"}),
        ("due_before_deadline", {"due_at": NOW, "not_after": NOW}),
        ("tried_when_due", {"due_at": NOW, "next_try_at": NOW - timedelta(seconds=1)}),
    ],
)
def test_a_message_that_makes_no_sense_is_refused(name, fields):
    with violates(f"notifications_message_{name}"):
        make_message(**fields)


def test_a_delivery_has_a_number_of_its_own():
    delivery = make_delivery(ordinal=1, outcome="sent", outcome_at=NOW)

    with violates("notifications_delivery_ordinal_once"):
        make_delivery(delivery.message, ordinal=1, outcome="sent", outcome_at=NOW)


def test_a_message_is_under_way_once_at_a_time():
    delivery = make_delivery()

    with violates("notifications_delivery_one_under_way"):
        make_delivery(delivery.message)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("known_channel", {"channel": "pigeon"}),
        ("known_outcome", {"outcome": "lost", "reason": "r", "outcome_at": NOW}),
        ("outcome_has_time", {"outcome": "sent"}),
        ("outcome_has_time", {"outcome_at": NOW}),
        ("failure_has_reason", {"outcome": "refused", "outcome_at": NOW}),
        ("receipt_when_sent", {"receipt": {"thread_id": "x"}}),
        ("forgotten_whole", {"address": None}),
        ("forgotten_whole", {"content": None}),
    ],
)
def test_a_delivery_that_makes_no_sense_is_refused(name, fields):
    with violates(f"notifications_delivery_{name}"):
        make_delivery(**fields)


def test_a_message_with_deliveries_is_not_deleted():
    delivery = make_delivery()

    with pytest.raises(models.ProtectedError):
        delivery.message.delete()


def test_due_means_queued_and_its_time_has_come():
    due = make_message(due_at=NOW)
    make_message(due_at=NOW + timedelta(seconds=1))
    make_message(due_at=NOW, **ENDED)

    assert list(Message.objects.due(NOW)) == [due]


def test_unleased_is_measured_by_the_clock_of_the_database():
    never, over, held = make_message(), make_message(), make_message()
    lease = ClockTimestamp()
    Message.objects.filter(pk=over.pk).update(leased_until=lease - timedelta(seconds=1))
    Message.objects.filter(pk=held.pk).update(leased_until=lease + timedelta(seconds=60))

    assert set(Message.objects.unleased()) == {never, over}


def test_the_clock_goes_on_within_a_transaction():
    make_message()
    with transaction.atomic():
        first = Message.objects.values_list(ClockTimestamp(), flat=True).get()
        second = Message.objects.values_list(ClockTimestamp(), flat=True).get()

    assert first < second


def test_the_urgent_and_then_the_oldest_are_sent_first():
    late = make_message(due_at=NOW)
    early = make_message(due_at=NOW - timedelta(hours=1))
    urgent = make_message(due_at=NOW, priority=1)

    assert list(Message.objects.in_sending_order()) == [urgent, early, late]


def test_the_sweep_reads_its_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Message.objects.due(NOW).unleased().in_sending_order()[:200].explain()

    assert "notifications_message_due" in plan


def test_a_delivery_is_held_as_long_as_its_message_is_leased():
    held, over = make_delivery(), make_delivery()
    held_until = ClockTimestamp() + timedelta(seconds=60)
    Message.objects.filter(pk=held.message_id).update(leased_until=held_until)
    Message.objects.filter(pk=over.message_id).update(leased_until=ClockTimestamp())

    assert list(Delivery.objects.held()) == [held]


def test_names_tell_nothing_of_a_person():
    delivery = make_delivery(address="someone@example.org")

    assert str(delivery.message) == f"invitation {delivery.message_id}"
    assert str(delivery) == f"inbox {delivery.ordinal} of {delivery.message_id}"


def test_attempts_count_up():
    message = make_message()

    Message.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)

    message.refresh_from_db()
    assert message.attempts == 1
