import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from config.local import roles
from notifications import channels
from notifications.channels.base import ChannelError, Kind, Promise
from notifications.models import Delivery, Message
from proms import licensing
from proms.licensing import Grant
from proms.models import Decision, Licence, Mode, Patient
from surveys import inviting, links, texts
from surveys.models import Enrolment, Invitation, Occasion
from tests.factories import (
    NOW,
    make_care_provider,
    make_number,
    make_open_occasion,
    make_survey_version,
    make_unit,
    wording_of,
)
from tests.racing import race, wait_until_blocked

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 25)
CONSENT = {"channel": "email", "source": "form", "on": date(2026, 10, 1)}
QUESTIONS = "Questions about your health"
NO_ACCOUNT = ChannelError("no account", Kind.REFUSED)


class FakeChannel:
    """Keeps what it was sent, and fails as it is told."""

    promise = Promise.PREFER_COMPLETE
    peer = "SE-PEER"
    pace = None
    retry_steps = (timedelta(minutes=1),)

    def __init__(self, name):
        self.name = name
        self.sent = []
        self.error = None
        self.before = lambda delivery: None

    def send(self, delivery):
        self.before(delivery)
        if self.error:
            raise self.error
        self.sent.append(delivery)
        return {"taken": True}


@pytest.fixture
def inbox():
    return FakeChannel("inbox")


@pytest.fixture
def email():
    return FakeChannel("email")


@pytest.fixture(autouse=True)
def _channels(monkeypatch, inbox, email):
    monkeypatch.setattr(channels, "get", {"inbox": inbox, "email": email}.__getitem__)


@pytest.fixture
def care_provider():
    return make_care_provider()


def decide(care_provider, **fields):
    defaults = {"kind": Decision.Kind.LINK_IN_OPEN_CHANNEL, "decided_on": date(2026, 1, 1)}
    return care_provider.decisions.create(
        **(defaults | {"reference": "RF 1", "owner": "Chefläkaren"} | fields)
    )


def by_email(care_provider, **fields):
    """An open occasion of someone who may be written to by e-mail."""
    unit = make_unit(care_provider=care_provider).hsa_id
    told = {"contact": {"email": "vera@example.org"}, "consents": (CONSENT,)}
    return make_open_occasion(**(told | {"unit": unit} | fields))


def send_due(now):
    return inviting.send_due(clock=lambda: now)


def only_message():
    message = Message.objects.get()
    return message.status, message.reason


def test_an_invitation_goes_to_the_inbox_first(inbox):
    occasion = make_open_occasion()

    assert send_due(NOW) == 1

    (delivery,) = inbox.sent
    assert delivery.address == "198001022386"
    assert delivery.channel_reason == "first in the survey's order"
    assert delivery.rendered.link == links.inbox_query(occasion.pk)
    assert only_message() == ("sent", "")


def test_a_second_sweep_sends_nothing_twice(inbox):
    make_open_occasion()
    send_due(NOW)

    assert send_due(NOW + timedelta(days=1)) == 0
    assert len(inbox.sent) == 1


def test_a_reminder_goes_when_its_day_comes(inbox):
    make_open_occasion(make_survey_version(reminders=[7], languages=["en"]))
    send_due(NOW)

    send_due(NOW + timedelta(days=8))

    first, second = (delivery.rendered.subject for delivery in inbox.sent)
    assert (first, second) == (QUESTIONS, f"Reminder: q{QUESTIONS[1:]}")
    assert inbox.sent[0].message.thread_id != inbox.sent[1].message.thread_id


@pytest.mark.parametrize("status", ["answered", "partial", "declined", "unanswered"])
def test_an_occasion_that_has_ended_is_not_asked_about(inbox, status):
    make_open_occasion()
    Occasion.objects.filter(status="open").update(status=status, ended_at=NOW)

    assert send_due(NOW) == 0
    assert (only_message(), inbox.sent) == (("suppressed", status), [])


def test_nobody_is_asked_after_the_window(inbox):
    occasion = make_open_occasion()

    send_due(occasion.closes_at)

    assert (only_message(), inbox.sent) == (("suppressed", "too late"), [])


def test_nobody_is_asked_when_the_window_was_shortened(inbox):
    occasion = make_open_occasion()
    Occasion.objects.filter(pk=occasion.pk).update(closes_at=NOW + timedelta(seconds=1))

    send_due(NOW + timedelta(minutes=1))

    assert (only_message(), inbox.sent) == (("suppressed", "closed"), [])


@pytest.mark.parametrize("fields", [{"died_on": TODAY}, {"deregistered_on": TODAY}])
def test_who_died_or_moved_meanwhile_is_not_asked(inbox, fields):
    make_open_occasion()
    Patient.objects.update(**fields)

    send_due(NOW)

    assert (only_message(), inbox.sent) == (("suppressed", "dead or deregistered"), [])


def test_who_opted_out_meanwhile_is_not_asked(inbox):
    make_open_occasion()
    Enrolment.objects.update(stopped_at=NOW, stop_reason="objection")

    send_due(NOW)

    assert (only_message(), inbox.sent) == (("suppressed", "stopped"), [])


def test_who_has_no_inbox_gets_an_email_with_the_reason(inbox, email, care_provider):
    inbox.error = NO_ACCOUNT
    decide(care_provider)
    by_email(care_provider)

    send_due(NOW)

    (delivery,) = email.sent
    assert (delivery.address, delivery.ordinal) == ("vera@example.org", 2)
    assert delivery.channel_reason == "inbox: no account"
    assert only_message() == ("sent", "")
    told = Delivery.objects.order_by("ordinal").values_list("channel", "outcome", "reason")
    assert list(told) == [("inbox", "refused", "no account"), ("email", "sent", "")]


def test_who_has_no_personal_number_gets_an_email(email, care_provider):
    decide(care_provider)
    reserve = {"person_id": "19800102ABCD", "person_id_type": "1.2.752.97.3.1.3"}
    by_email(care_provider, **reserve)

    send_due(NOW)

    assert [each.channel_reason for each in email.sent] == ["inbox: no personal number"]


def test_only_the_hash_of_the_email_s_token_is_stored(inbox, email, care_provider):
    inbox.error = NO_ACCOUNT
    decide(care_provider)
    by_email(care_provider)

    send_due(NOW)

    (delivery,) = email.sent
    token = delivery.rendered.link.rstrip("/").rpartition("/")[2]
    assert Invitation.objects.get().token_hash == links.hash_of(token)
    assert not _anywhere(token)
    assert links.occasion_by_token(token, NOW)[0].status == "open"


def test_an_email_that_is_sent_again_carries_the_same_link(inbox, email, care_provider):
    inbox.error, email.error = NO_ACCOUNT, ChannelError("busy", Kind.RETRY)
    decide(care_provider)
    by_email(care_provider)
    send_due(NOW)

    email.error = None
    send_due(NOW + timedelta(minutes=10))

    seen = {each.rendered.link for each in Delivery.objects.filter(channel="email")}
    assert (len(seen), len(email.sent)) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "decision", "why"),
    [
        ({"contact": {}}, {}, "no address"),
        ({"consents": ()}, {}, "no consent"),
        ({"consents": ({**CONSENT, "on": date(2026, 10, 26)},)}, {}, "no consent"),
        ({"consents": ({**CONSENT, "channel": "sms"},)}, {}, "no consent"),
        ({}, None, "the care provider has not decided on links by e-mail"),
        ({}, {"decided_on": date(2026, 10, 26)}, "the care provider has not decided"),
        ({}, {"valid_until": date(2026, 10, 24)}, "the care provider has not decided"),
        ({}, {"kind": Decision.Kind.RETENTION}, "the care provider has not decided"),
    ],
)
def test_without_consent_and_decision_no_email_goes_and_the_whole_story_is_kept(
    inbox, email, care_provider, fields, decision, why
):
    inbox.error = NO_ACCOUNT
    if decision is not None:
        decide(care_provider, **decision)
    by_email(care_provider, **fields)

    send_due(NOW)

    status, reason = only_message()
    assert status == "undeliverable"
    assert reason.startswith(f"inbox: no account; email: {why}")
    assert email.sent == []


def test_another_care_provider_s_decision_does_not_serve(inbox, email, care_provider):
    inbox.error = NO_ACCOUNT
    decide(make_care_provider())
    by_email(care_provider)

    send_due(NOW)

    assert (only_message()[0], email.sent) == ("undeliverable", [])


def test_a_decision_s_last_day_is_a_swedish_one(inbox, email, care_provider):
    inbox.error = NO_ACCOUNT
    decide(care_provider, valid_until=date(2026, 10, 24))
    late = datetime(2026, 10, 24, 21, 59, tzinfo=UTC)
    by_email(care_provider, now=late, date=date(2026, 10, 1))

    send_due(late)

    assert len(email.sent) == 1


def test_a_withdrawn_consent_does_not_serve(inbox, email, care_provider):
    inbox.error = NO_ACCOUNT
    decide(care_provider)
    occasion = by_email(care_provider)
    occasion.enrolment.patient.consents.update(withdrawn_on=TODAY)

    send_due(NOW)

    assert (only_message()[0], email.sent) == ("undeliverable", [])


def test_a_survey_that_asks_for_a_strong_login_sends_no_link_by_email(inbox, email, care_provider):
    inbox.error = NO_ACCOUNT
    decide(care_provider)
    by_email(care_provider, version=make_survey_version(identity_level="strong"))

    send_due(NOW)

    reason = "inbox: no account; email: the survey asks for a stronger login"
    assert (only_message(), email.sent) == (("undeliverable", reason), [])


def test_a_text_that_would_tell_too_much_is_not_sent(inbox, email, care_provider, monkeypatch):
    inbox.error = NO_ACCOUNT
    decide(care_provider)
    by_email(care_provider)
    monkeypatch.setattr(texts, "words_for_open_channels_to_refuse", lambda _: ["frågor"])

    send_due(NOW)

    assert only_message()[1].endswith("email: the text would tell too much")
    assert Invitation.objects.get().token_hash is None


def test_an_address_that_the_peer_refuses_ends_with_the_whole_story(inbox, email, care_provider):
    inbox.error = ChannelError("no notice", Kind.REFUSED)
    email.error = ChannelError("address refused: 550", Kind.REFUSED)
    decide(care_provider)
    by_email(care_provider)

    send_due(NOW)

    reason = "inbox: no notice; email: address refused: 550"
    assert only_message() == ("undeliverable", reason)


def test_a_peer_that_is_away_is_tried_again_on_the_same_channel(inbox, email, care_provider):
    inbox.error = ChannelError("connection refused", Kind.RETRY)
    decide(care_provider)
    by_email(care_provider)

    send_due(NOW)

    assert (only_message(), email.sent) == (("queued", ""), [])
    assert Message.objects.get().next_try_at >= NOW + timedelta(minutes=1)


def test_a_message_that_breaks_the_preparation_stops_alone(inbox, monkeypatch, caplog):
    broken = make_open_occasion()
    make_open_occasion(person_id=make_number(1))
    write = texts.inbox
    monkeypatch.setattr(
        texts, "inbox", lambda each, **more: 1 / 0 if each == broken else write(each, **more)
    )

    send_due(NOW)

    assert len(inbox.sent) == 1
    stopped = Message.objects.get(invitation__occasion=broken)
    assert (stopped.status, stopped.reason) == ("quarantined", "not prepared: ZeroDivisionError")
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_is_away_quarantines_nothing(monkeypatch):
    make_open_occasion()
    monkeypatch.setattr(texts, "inbox", _raise(OperationalError("server closed the connection")))

    with pytest.raises(OperationalError):
        send_due(NOW)
    assert only_message() == ("queued", "")


def test_a_sweep_goes_on_until_nothing_is_due(inbox, monkeypatch):
    monkeypatch.setattr(inviting, "BATCH", 2)
    version = make_survey_version()
    for n in range(5):
        make_open_occasion(version, person_id=make_number(n))
    ended = Occasion.objects.filter(enrolment__in=Enrolment.objects.order_by("pk")[:3])
    ended.filter(status="open").update(status="declined", ended_at=NOW)

    assert send_due(NOW) == 2
    assert not Message.objects.queued().exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_delivery_is_committed_before_the_peer_is_called(inbox, worker_connection):
    make_open_occasion()
    seen = []

    def look(delivery):
        outcome = "SELECT outcome FROM notifications_delivery WHERE id = %s"
        seen.append(worker_connection.execute(outcome, [delivery.pk]).fetchone())
        seen.append(connection.in_atomic_block)

    inbox.before = look
    send_due(NOW)

    assert seen == [("",), False]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_sender_waits_for_an_answer_under_way_and_then_does_not_send(inbox):
    occasion = make_open_occasion()
    sender = threading.Thread(target=lambda: race(lambda: send_due(NOW)))

    with transaction.atomic():
        Occasion.objects.select_for_update().get(pk=occasion.pk)
        sender.start()
        wait_until_blocked()
        Occasion.objects.filter(pk=occasion.pk).update(status="answered", ended_at=NOW)
    sender.join()

    assert (only_message(), inbox.sent) == (("suppressed", "answered"), [])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_an_answer_and_a_reminder_at_once_one_comes_first_and_none_is_stuck(inbox):
    version = make_survey_version()
    for n in range(10):
        occasion = make_open_occasion(version, person_id=make_number(n))
        message = occasion.invitations.get().message

        results = race(
            lambda pk=message.pk: inviting.send(pk, now=NOW),
            lambda pk=occasion.pk: _answer(pk),
        )

        message.refresh_from_db()
        assert results in ([True, 1], [False, 1])
        assert (message.status == "sent") is results[0]
    assert len(inbox.sent) == Message.objects.filter(status="sent").count()


@pytest.mark.role(roles.WORKER)
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_message_once(inbox):
    version = make_survey_version()
    for n in range(20):
        make_open_occasion(version, person_id=make_number(n))

    tried = race(*[lambda: send_due(NOW)] * 3)

    assert sum(tried) == 20
    assert len({delivery.message_id for delivery in inbox.sent}) == len(inbox.sent) == 20


def _answer(occasion_id):
    with transaction.atomic():
        open_ones = Occasion.objects.filter(pk=occasion_id, status="open")
        list(open_ones.select_for_update())
        return open_ones.update(status="answered", ended_at=NOW)


def _anywhere(text):
    """Whether any row of ours holds the text in plain words."""
    tables = ["surveys_invitation", "notifications_message", "notifications_delivery"]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT 1 FROM {table} t WHERE to_jsonb(t)::text LIKE %s", [f"%{text}%"]
            )
            if cursor.fetchone():
                return True
    return False


def _raise(error):
    def fail(*_, **__):
        raise error

    return fail


def test_a_licence_that_lapsed_stops_new_invitations_and_says_which():
    version = licensed_version(until=TODAY)
    make_open_occasion(version)
    Licence.objects.filter(scope="electronic").update(until=TODAY - timedelta(days=1))

    send_due(NOW)

    assert only_message() == ("suppressed", "no licence: EQ-5D-5L: electronic (sv, self)")


def test_a_licence_is_enough_through_its_last_day():
    make_open_occasion(licensed_version(until=TODAY))

    send_due(NOW)

    assert only_message() == ("sent", "")


def licensed_version(*, until):
    licensing.import_wording(
        "eq5d-5l",
        wording_of("eq5d-5l"),
        language="sv",
        mode=Mode.SELF,
        grant=Grant("EQ 1", until),
    )
    return make_survey_version(languages=["sv"])
