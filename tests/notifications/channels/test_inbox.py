from datetime import timedelta

import pytest

from notifications import channels
from notifications.channels.base import ChannelError, Kind, Promise
from notifications.content import Content
from notifications.models import Delivery, Message
from tests.notifications.factories import CONTENT, NOW, PERSON, SENDER

ADD = "AddMessageToPatientPortalInbox"
ASK = "IsActiveUser"
_people = iter(range(1, 9999))


@pytest.fixture
def person():
    """A number that no other test has written to."""
    return f"19900101{next(_people):04}"


@pytest.fixture
def send(simulator, person):
    def send(*, ordinal=1, thread_id=None, content=CONTENT, address=person):
        message = Message(kind="invitation", due_at=NOW)
        message.thread_id = thread_id or message.thread_id
        delivery = Delivery(
            message=message, ordinal=ordinal, address=address, content=content.to_json()
        )
        return channels.get("inbox").send(delivery)

    return send


def failure(send, **more):
    with pytest.raises(ChannelError) as error:
        send(**more)
    return error.value


def test_a_message_arrives_with_its_link_and_a_notice(send, simulator, person):
    receipt = send()

    (message,) = simulator.inbox(person)
    assert receipt["notification_sent"] == ["Email"]
    assert (message["subject"], message["text"]) == (CONTENT.subject, CONTENT.text)
    assert message["thread_id"] == receipt["thread_id"]
    assert message["link"].startswith(f"{simulator.url}/sso/")


def test_a_message_without_a_link_arrives_too(send, simulator, person):
    send(content=Content("Tack", "Vi har fått dina svar.", SENDER))

    assert simulator.inbox(person)[0]["link"] == ""


@pytest.mark.parametrize(
    ("kind", "reason"), [("inactive", "no account"), ("no-notice", "no notice")]
)
def test_who_would_not_see_it_is_refused_for_the_next_channel(
    send, simulator, person, kind, reason
):
    simulator.switch(kind, person_id=person)

    error = failure(send)

    assert (error.kind, error.reason) == (Kind.REFUSED, reason)
    assert simulator.inbox(person) == []


def test_a_number_that_the_contract_does_not_know_is_refused(send):
    assert failure(send, address="no number").kind is Kind.REFUSED


def test_a_logical_error_is_refused(send, simulator, person):
    simulator.switch("error", person_id=person)

    error = failure(send)

    assert (error.kind, error.reason) == (Kind.REFUSED, "refused: Simulated refusal")


@pytest.mark.parametrize("operation", [ADD, ASK])
@pytest.mark.parametrize(
    ("code", "kind"), [("VP009", Kind.RETRY), ("VP012", Kind.RETRY), ("VP007", Kind.FAULT)]
)
def test_faults_are_retried_or_stop_by_their_code(send, simulator, person, operation, code, kind):
    simulator.switch("fault", person_id=person, code=code, operation=operation)

    error = failure(send)

    assert error.kind is kind
    assert error.reason.startswith(code)


def test_a_busy_inbox_is_tried_again_when_it_says(send, simulator, person):
    simulator.switch("429", person_id=person, seconds=90)

    error = failure(send)

    assert (error.kind, error.retry_after) == (Kind.RETRY, timedelta(seconds=90))


BAD = ["500", "garbage", "namespace", "huge", "entities"]


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_reply_to_the_message_leaves_it_open(send, simulator, person, kind):
    simulator.switch(kind, person_id=person)

    assert failure(send).kind is Kind.AMBIGUOUS
    assert simulator.inbox(person) == []


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_reply_to_the_question_leaves_nothing_open(send, simulator, person, kind):
    simulator.switch(kind, person_id=person, operation=ASK)

    assert failure(send).kind is Kind.RETRY


def test_a_redirect_is_not_followed_and_nothing_is_sent(send, simulator, person):
    simulator.switch("redirect", person_id=person)

    assert failure(send).kind is Kind.RETRY
    assert simulator.inbox(person) == []


def test_a_reply_that_is_lost_leaves_it_open(send, simulator, person):
    simulator.switch("drop", person_id=person, times=1)

    assert failure(send).kind is Kind.AMBIGUOUS
    assert len(simulator.inbox(person)) == 1


def test_an_inbox_that_is_down_is_tried_again(send, settings, free_port):
    settings.INBOX_URL = f"http://127.0.0.1:{free_port}"

    assert failure(send).kind is Kind.RETRY


def test_a_second_copy_has_the_same_thread_and_link_text(send, simulator, person):
    simulator.switch("drop", person_id=person, times=1)
    thread_id = "0f7b0a52-9d3b-4b3b-8f0f-6a1c3c9d0001"
    failure(send, thread_id=thread_id)

    send(thread_id=thread_id, ordinal=2)

    assert [(m["thread_id"], m["copy"]) for m in simulator.inbox(person)] == [
        (thread_id, 1),
        (thread_id, 2),
    ]


def test_an_inbox_that_dedupes_keeps_one(send, simulator, person, settings):
    settings.INBOX_PROMISE = "dedupe"
    simulator.mode("dedupe")
    simulator.switch("drop", person_id=person, times=1)
    thread_id = "0f7b0a52-9d3b-4b3b-8f0f-6a1c3c9d0002"
    failure(send, thread_id=thread_id)

    send(thread_id=thread_id, ordinal=2)

    assert len(simulator.inbox(person)) == 1


def test_an_inbox_that_can_be_asked_is_asked_before_a_second_attempt(
    send, simulator, person, settings
):
    settings.INBOX_PROMISE = "lookup"
    simulator.mode("lookup")
    simulator.switch("drop", person_id=person, times=1)
    thread_id = "0f7b0a52-9d3b-4b3b-8f0f-6a1c3c9d0003"
    failure(send, thread_id=thread_id)

    receipt = send(thread_id=thread_id, ordinal=2)

    assert receipt == {"found_by_lookup": True}
    assert len(simulator.inbox(person)) == 1


def test_what_did_not_arrive_is_sent_after_asking(send, simulator, person, settings):
    settings.INBOX_PROMISE = "lookup"
    simulator.mode("lookup")

    send(ordinal=2)

    assert len(simulator.inbox(person)) == 1


def test_the_first_attempt_does_not_ask(send, simulator, person, settings):
    # In blind mode the question itself would be a fault.
    settings.INBOX_PROMISE = "lookup"

    send(ordinal=1)

    assert len(simulator.inbox(person)) == 1


def test_the_promise_is_what_the_settings_say(settings):
    settings.INBOX_PROMISE = "prefer-once"

    assert channels.get("inbox").promise is Promise.PREFER_ONCE


def test_a_message_that_cannot_be_written_is_our_fault(send):
    with pytest.raises(ValueError, match="XML"):
        send(content=Content("Hej", "\x00", SENDER))


def test_the_person_of_the_factories_has_the_form_of_the_contract(send):
    send(address=PERSON)
