import socket
import time
from datetime import timedelta

import pytest
import redis
from django.db import transaction

from notifications import outbox
from notifications.models import ClockTimestamp, Delivery, Message
from notifications.outbox import Draft, Parcel
from tests.notifications.factories import CONTENT, NOW, make_delivery, make_message

pytestmark = pytest.mark.django_db
HELD = timedelta(seconds=60)


@pytest.fixture
def rung(monkeypatch):
    """The tasks that the doorbell was rung for."""
    tasks = []
    monkeypatch.setattr(outbox, "_ring", tasks.append)
    return tasks


def enqueue(**fields):
    defaults = {"key": "a", "kind": "invitation", "due_at": NOW, "now": NOW}
    return outbox.enqueue(**(defaults | fields))


def test_a_queued_message_waits_for_its_due_time():
    message = enqueue(due_at=NOW + timedelta(days=1), not_after=NOW + timedelta(days=2))

    assert message.status == Message.Status.QUEUED
    assert message.next_try_at == message.due_at == NOW + timedelta(days=1)
    assert message.created_at == NOW


def test_the_same_key_is_queued_once_and_keeps_its_first_time():
    first = enqueue()

    again = enqueue(due_at=NOW + timedelta(days=1))

    assert again == first
    assert again.due_at == NOW
    assert again.thread_id == first.thread_id


def test_many_are_queued_together_and_come_back_in_order():
    drafts = [Draft(key, "invitation", NOW) for key in ("b", "a", "c")]
    enqueue(key="a")

    messages = outbox.enqueue_all(drafts, now=NOW)

    assert [message.key for message in messages] == ["b", "a", "c"]
    assert Message.objects.count() == 3


def test_a_kind_without_sender_is_refused():
    with pytest.raises(KeyError):
        enqueue(kind="pigeon")


def test_the_sender_of_what_is_due_is_rung_once_after_the_commit(
    rung, django_capture_on_commit_callbacks, settings
):
    drafts = [Draft(key, "invitation", NOW) for key in ("a", "b")]

    with django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue_all(drafts, now=NOW)
        assert rung == []

    assert rung == [settings.SENDERS["invitation"]]


def test_nobody_is_rung_for_what_is_due_later(rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(due_at=NOW + timedelta(seconds=1))

    assert rung == []


def test_a_message_goes_with_the_transaction_that_fails(rung):
    with transaction.atomic():
        enqueue()
        transaction.set_rollback(True)

    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_doorbell_that_is_broken_disturbs_nobody(monkeypatch):
    monkeypatch.setattr(outbox, "current_app", None)

    with transaction.atomic():
        enqueue()

    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("backlog", [0, 5])
def test_a_broker_that_is_gone_or_hangs_is_left_after_a_moment(settings, socket_enabled, backlog):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if backlog:
            silent.listen(backlog)
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        started = time.monotonic()

        enqueue()

        assert time.monotonic() - started < 0.5
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_doorbell_rings_at_a_real_broker(settings, socket_enabled, broker):
    settings.CELERY_BROKER_URL = broker

    enqueue()

    with redis.Redis.from_url(broker) as client:
        assert client.llen("celery") == 1
        client.delete("celery")


def test_a_parcel_is_kept_with_its_message():
    parcel = Parcel("email", "the only way", "a@example.org", CONTENT)
    draft = Draft("a", "invitation", NOW, parcel=parcel)

    (message,) = outbox.enqueue_all([draft], now=NOW)

    assert Message.objects.with_parcel().get() == message
    assert message.parcel["address"] == "a@example.org"
    assert message.parcel["content"] == CONTENT.to_json()


def test_queued_messages_are_suppressed_with_their_reason():
    message = make_message()

    assert outbox.suppress(Message.objects.all(), reason="answered", now=NOW) == 1

    message.refresh_from_db()
    assert (message.status, message.reason) == ("suppressed", "answered")
    assert message.ended_at == NOW


def test_what_is_under_way_or_over_is_not_suppressed():
    leased = make_message()
    Message.objects.filter(pk=leased.pk).update(leased_until=ClockTimestamp() + HELD)
    make_delivery()
    make_message(status="sent", ended_at=NOW)

    assert outbox.suppress(Message.objects.all(), reason="answered", now=NOW) == 0


def test_forgetting_leaves_neither_address_nor_text():
    delivery = make_delivery(make_message(parcel={"address": "a"}), outcome="sent", outcome_at=NOW)

    outbox.forget(Message.objects.all(), now=NOW)

    forgotten = Delivery.objects.get(pk=delivery.pk)
    assert (forgotten.address, forgotten.content) == (None, None)
    assert forgotten.message.parcel is None


def test_forgetting_ends_what_has_not_ended():
    make_message()
    make_message(status="quarantined", reason="VP007")
    sent = make_message(status="sent", ended_at=NOW)

    outbox.forget(Message.objects.all(), now=NOW)

    assert not Message.objects.unended().exists()
    sent.refresh_from_db()
    assert sent.status == Message.Status.SENT


def test_what_was_under_way_when_forgotten_may_have_arrived():
    delivery = make_delivery()

    outbox.forget(Message.objects.all(), now=NOW)

    delivery.refresh_from_db()
    assert delivery.outcome == Delivery.Outcome.AMBIGUOUS
    assert delivery.message.status == Message.Status.SUPPRESSED


def test_forgetting_touches_no_other_messages():
    other = make_delivery()

    outbox.forget(Message.objects.filter(pk=make_message().pk), now=NOW)

    other.refresh_from_db()
    assert other.content == CONTENT.to_json()
    assert other.message.status == Message.Status.QUEUED
