from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from notifications import channels, delivery
from notifications.channels.base import ChannelError, Kind, Pace, Promise
from notifications.channels.inbox import RETRY_STEPS
from notifications.delivery import Outcome, Resolution
from notifications.models import ClockTimestamp, Delivery, Message
from tests.notifications.factories import CONTENT, NOW, PERSON, make_message
from tests.racing import race

pytestmark = pytest.mark.django_db
OVER = timedelta(seconds=-1)


class FakeChannel:
    """Keeps what it was sent, and fails as it is told."""

    name = "inbox"
    peer = "SE-PEER"
    pace = None
    retry_steps = RETRY_STEPS

    def __init__(self):
        self.sent = []
        self.error = None
        self.promise = Promise.PREFER_COMPLETE

    def send(self, sent):
        self.sent.append(sent.pk)
        if self.error:
            raise self.error
        return {"thread_id": str(sent.message.thread_id)}


@pytest.fixture
def channel(monkeypatch):
    fake = FakeChannel()
    monkeypatch.setattr(channels, "get", lambda name: fake)
    return fake


def claimed(**fields):
    return delivery.claim(make_message(**fields).pk, now=NOW)


def prepared(message=None):
    return delivery.prepare(
        message or claimed(),
        channel="inbox",
        channel_reason="first choice",
        address=PERSON,
        content=CONTENT,
        now=NOW,
    )


def failing(channel, kind, reason="because", **more):
    channel.error = ChannelError(reason, kind, **more)
    return prepared()


def approx(seconds):
    """Up to a tenth longer: what failed together does not come back together."""
    return pytest.approx(1.05 * seconds, rel=0.05)


def settle_somehow(row, outcome):
    then = {"next_try_at": NOW}
    return delivery.settle(row, Outcome(outcome), then=then, reason="r", now=NOW)


def let_the_lease_run_out(message_id):
    over = ClockTimestamp() + OVER
    Message.objects.filter(pk=message_id).update(leased_until=over, next_try_at=NOW)


def test_a_claimed_message_is_leased_and_counted():
    message = claimed()

    assert message.attempts == 1
    assert Message.objects.filter(pk=message.pk, leased_until__gt=ClockTimestamp()).exists()


def test_a_leased_message_is_not_claimed_again():
    message = claimed()

    assert delivery.claim(message.pk, now=NOW) is None


def test_a_message_that_is_not_due_is_not_claimed():
    message = make_message(due_at=NOW + timedelta(seconds=1))

    assert delivery.claim(message.pk, now=NOW) is None


def test_a_message_that_has_ended_is_not_claimed():
    message = make_message(status="sent", ended_at=NOW)

    assert delivery.claim(message.pk, now=NOW) is None


def test_a_worker_that_died_before_it_prepared_loses_nothing():
    message = claimed()
    let_the_lease_run_out(message.pk)

    again = delivery.claim(message.pk, now=NOW)

    assert again.attempts == 2


def test_a_message_claimed_too_late_is_suppressed():
    message = make_message(not_after=NOW)

    assert delivery.claim(message.pk, now=NOW) is None

    message.refresh_from_db()
    assert (message.status, message.reason) == ("suppressed", "too late")


def test_what_is_prepared_names_the_peer_and_seals_the_rest(channel):
    row = prepared()

    row.refresh_from_db()
    assert (row.ordinal, row.peer, row.outcome) == (1, "SE-PEER", "")
    assert row.address == PERSON
    assert row.rendered == CONTENT


def test_a_sent_message_ends_with_its_receipt(channel):
    row = prepared()

    assert delivery.attempt(row.pk, now=NOW) == Outcome.SENT

    row.refresh_from_db()
    assert row.receipt == {"thread_id": str(row.message.thread_id)}
    assert (row.outcome_at, row.message.ended_at) == (NOW, NOW)
    assert row.message.status == Message.Status.SENT
    assert row.message.leased_until is None


def test_a_refused_message_is_due_at_once_for_the_next_channel(channel):
    row = failing(channel, Kind.REFUSED, "no account")

    assert delivery.attempt(row.pk, now=NOW) == Outcome.REFUSED

    again = delivery.claim(row.message_id, now=NOW)
    assert delivery.refused_channels(again) == {"inbox": "no account"}
    assert again.attempts == 2


def test_retries_wait_longer_each_time(channel):
    row = failing(channel, Kind.RETRY)
    now, waits = NOW, []

    for _ in range(5):
        delivery.attempt(row.pk, now=now)
        row.message.refresh_from_db()
        waits.append((row.message.next_try_at - now).total_seconds())
        now = row.message.next_try_at
        row = prepared(delivery.claim(row.message_id, now=now))

    assert waits == [approx(seconds) for seconds in (4, 20, 300, 1800, 1800)]


def test_a_peer_that_asks_for_more_time_gets_it(channel):
    row = failing(channel, Kind.RETRY, retry_after=timedelta(seconds=90))

    delivery.attempt(row.pk, now=NOW)

    row.message.refresh_from_db()
    assert (row.message.next_try_at - NOW).total_seconds() == approx(90)


def test_a_client_fault_stops_the_message_and_alarms_the_operator(channel, caplog):
    row = failing(channel, Kind.FAULT, "VP007 not authorised")

    assert delivery.attempt(row.pk, now=NOW) == Outcome.FAULT

    row.message.refresh_from_db()
    assert row.message.status == Message.Status.QUARANTINED
    assert row.message.reason == "inbox: VP007 not authorised"
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_message_that_breaks_its_channel_stops_alone(channel, caplog):
    row = prepared()
    channel.error = ValueError("unencodable")

    assert delivery.attempt(row.pk, now=NOW) == Outcome.FAULT

    row.message.refresh_from_db()
    assert (row.message.status, row.message.reason) == ("quarantined", "inbox: ValueError")


@pytest.mark.parametrize("promise", [Promise.DEDUPE, Promise.LOOKUP, Promise.PREFER_COMPLETE])
def test_without_a_valid_reply_it_is_sent_again_where_that_is_promised(channel, promise):
    channel.promise = promise
    row = failing(channel, Kind.AMBIGUOUS)

    assert delivery.attempt(row.pk, now=NOW) == Outcome.AMBIGUOUS

    row.message.refresh_from_db()
    assert row.message.status == Message.Status.QUEUED
    assert (row.message.next_try_at - NOW).total_seconds() == approx(4)


def test_without_a_valid_reply_it_ends_as_unknown_where_once_is_promised(channel):
    channel.promise = Promise.PREFER_ONCE
    row = failing(channel, Kind.AMBIGUOUS)

    delivery.attempt(row.pk, now=NOW)

    row.message.refresh_from_db()
    assert (row.message.status, row.message.reason) == ("unknown", "inbox: because")


def test_a_worker_that_died_in_the_call_leaves_an_ambiguous_attempt(channel):
    row = prepared()
    let_the_lease_run_out(row.message_id)

    message = delivery.claim(row.message_id, now=NOW)

    row.refresh_from_db()
    assert row.outcome == Outcome.AMBIGUOUS
    assert delivery.resolve_ambiguous(message, now=NOW) is Resolution.RESEND
    assert prepared(message).ordinal == 2


def test_a_worker_that_died_in_the_call_ends_it_where_once_is_promised(channel):
    channel.promise = Promise.PREFER_ONCE
    row = prepared()
    let_the_lease_run_out(row.message_id)

    assert delivery.claim(row.message_id, now=NOW) is None

    row.refresh_from_db()
    assert row.outcome == Outcome.AMBIGUOUS
    assert row.message.status == Message.Status.UNKNOWN


def test_a_worker_that_wakes_after_its_lease_does_not_send(channel):
    row = prepared()
    let_the_lease_run_out(row.message_id)

    assert delivery.attempt(row.pk, now=NOW) == Outcome.RETRY

    assert channel.sent == []


def test_an_attempt_is_made_once(channel):
    row = prepared()
    delivery.attempt(row.pk, now=NOW)

    assert delivery.attempt(row.pk, now=NOW) == Outcome.SENT

    assert channel.sent == [row.pk]


def test_what_is_settled_stays_settled(channel, caplog):
    row = prepared()
    let_the_lease_run_out(row.message_id)
    delivery.claim(row.message_id, now=NOW)

    sent = delivery.settle(row, Outcome.SENT, then={"status": "sent", "ended_at": NOW}, now=NOW)

    assert sent == Outcome.AMBIGUOUS
    assert Message.objects.get().status == Message.Status.QUEUED
    assert "came after it was settled" in caplog.text


def test_a_claimed_message_is_suppressed_with_its_reason():
    message = claimed()

    delivery.suppress(message, reason="answered", now=NOW)

    message.refresh_from_db()
    assert (message.status, message.reason, message.ended_at) == ("suppressed", "answered", NOW)


def test_a_message_that_no_channel_takes_is_undeliverable():
    message = claimed()

    delivery.undeliverable(message, reason="no way to reach", now=NOW)

    message.refresh_from_db()
    assert (message.status, message.reason) == ("undeliverable", "no way to reach")


def test_a_message_that_has_ended_does_not_end_again():
    message = claimed()
    delivery.suppress(message, reason="answered", now=NOW)

    delivery.undeliverable(message, reason="late", now=NOW)

    message.refresh_from_db()
    assert message.reason == "answered"


def test_a_message_that_cannot_be_prepared_waits_for_an_operator():
    message = make_message()

    delivery.quarantine(message.pk, reason="not prepared: KeyError")

    message.refresh_from_db()
    assert (message.status, message.reason) == ("quarantined", "not prepared: KeyError")


def test_a_message_that_another_worker_holds_is_not_quarantined():
    message = claimed()

    delivery.quarantine(message.pk, reason="not prepared: KeyError")

    message.refresh_from_db()
    assert message.status == Message.Status.QUEUED


def test_a_message_that_was_tried_too_often_waits_for_an_operator(settings, caplog):
    settings.DELIVERY_MAX_ATTEMPTS = 3
    message = make_message(attempts=2)

    assert delivery.claim(message.pk, now=NOW) is None

    message.refresh_from_db()
    assert (message.status, message.reason) == ("quarantined", "3 attempts")
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_an_operator_lets_a_message_be_tried_again_as_often(settings):
    settings.DELIVERY_MAX_ATTEMPTS = 3
    message = make_message(attempts=3, status="quarantined", reason="3 attempts")

    assert delivery.release(Message.objects.all(), now=NOW) == 1

    assert delivery.claim(message.pk, now=NOW).attempts == 4


def test_an_operator_settles_a_message_by_hand():
    message = make_message(status="quarantined", reason="VP007")
    make_message()

    told = {"status": Message.Status.SENT, "reason": "seen at the peer"}
    assert delivery.settle_by_hand(Message.objects.all(), **told, now=NOW) == 1

    message.refresh_from_db()
    assert (message.status, message.reason, message.ended_at) == ("sent", "seen at the peer", NOW)


def test_an_attempt_that_is_not_its_peers_turn_leaves_no_trace(channel):
    channel.pace = Pace(timedelta(minutes=1), timedelta(), 1000, timedelta(minutes=5))
    delivery.attempt(prepared().pk, now=NOW)
    row = prepared()

    delivery.attempt(row.pk, now=NOW)

    row.message.refresh_from_db()
    assert not Delivery.objects.filter(pk=row.pk).exists()
    assert (row.message.attempts, row.message.leased_until) == (0, None)
    assert row.message.next_try_at > NOW
    assert len(channel.sent) == 1


def test_a_postponed_message_comes_back_at_its_time():
    message = claimed()
    morning = NOW + timedelta(hours=8)

    delivery.postpone(message, until=morning)

    assert delivery.claim(message.pk, now=NOW) is None
    assert delivery.claim(message.pk, now=morning).attempts == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_many_workers_one_claims():
    for _ in range(25):
        message = make_message()

        winners = race(*[lambda key=message.pk: delivery.claim(key, now=NOW)] * 8)

        assert len([winner for winner in winners if winner]) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_many_settlements_one_counts(channel):
    for _ in range(25):
        row = prepared()

        told = race(*[partial(settle_somehow, row, outcome) for outcome in ["sent", "retry"] * 4])

        assert len(set(told)) == 1
        assert told[0] == Delivery.objects.get(pk=row.pk).outcome


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_commit_leaves_no_trace(channel):
    message = make_message()
    with transaction.atomic():
        prepared(delivery.claim(message.pk, now=NOW))
        transaction.set_rollback(True)

    message.refresh_from_db()
    assert (message.attempts, message.leased_until) == (0, None)
    assert not Delivery.objects.exists()


class Killed(BaseException):
    """The end of a process: no handler of ours catches it."""


@pytest.mark.parametrize(
    ("mode", "promise", "status", "copies"),
    [
        ("blind", Promise.PREFER_COMPLETE, "sent", 2),
        ("blind", Promise.PREFER_ONCE, "unknown", 1),
        ("dedupe", Promise.DEDUPE, "sent", 1),
        ("lookup", Promise.LOOKUP, "sent", 1),
    ],
)
def test_a_worker_killed_after_the_call_keeps_the_promise_of_the_channel(
    simulator, settings, monkeypatch, mode, promise, status, copies
):
    simulator.mode(mode)
    settings.INBOX_PROMISE = promise.value
    row = prepared()
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "settle", kill)
        with pytest.raises(Killed):
            delivery.attempt(row.pk, now=NOW)
    let_the_lease_run_out(row.message_id)

    message = delivery.claim(row.message_id, now=NOW)
    if message:
        delivery.attempt(prepared(message).pk, now=NOW)

    row.refresh_from_db()
    received = [m for m in simulator.inbox(PERSON) if m["thread_id"] == str(row.message.thread_id)]
    assert (row.outcome, row.message.status) == (Outcome.AMBIGUOUS, status)
    assert len(received) == copies


def kill(*args, **kwargs):
    raise Killed


@pytest.mark.parametrize("number", [PERSON, f"{PERSON[:8]}-{PERSON[8:]}"])
@pytest.mark.parametrize("kind", [Kind.REFUSED, Kind.FAULT])
def test_a_peer_that_names_the_person_is_not_quoted(channel, number, kind):
    channel.error = ChannelError(f"{number} is no user", kind)
    message = claimed()

    delivery.attempt(prepared(message).pk, now=NOW)

    message.refresh_from_db()
    assert message.deliveries.get().reason == "[address] is no user"
    assert number not in message.reason


def test_a_receipt_that_names_the_person_is_not_kept_as_it_is(channel, monkeypatch):
    monkeypatch.setattr(channel, "send", lambda _: {"result_text": f"{PERSON} told", "found": True})
    sent = prepared()

    delivery.attempt(sent.pk, now=NOW)

    sent.refresh_from_db()
    assert sent.receipt == {"result_text": "[address] told", "found": True}
