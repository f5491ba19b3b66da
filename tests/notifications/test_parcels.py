import pytest

from notifications import outbox, parcels
from notifications.content import Content
from notifications.models import Delivery, Message
from notifications.outbox import Draft, Parcel
from tests.notifications.factories import NOW, SENDER, make_message

pytestmark = pytest.mark.django_db
CONTENT = Content("Du har fått svar", "Logga in och läs.", SENDER)


def queue(address="anna@example.org", **fields):
    parcel = Parcel("email", "staff have no other", address, CONTENT)
    draft = Draft("alert-1", "invitation", NOW, parcel=parcel, **fields)
    return outbox.enqueue_all([draft], now=NOW)[0]


def send_due():
    return parcels.send_due(clock=lambda: NOW)


def test_a_parcel_that_is_due_is_sent(mailoutbox):
    message = queue()

    assert send_due() == 1

    message.refresh_from_db()
    assert message.status == Message.Status.SENT
    assert [email.to for email in mailoutbox] == [["anna@example.org"]]
    assert Delivery.objects.get().channel_reason == "staff have no other"


def test_a_parcel_is_sent_once(mailoutbox):
    queue()
    send_due()

    assert send_due() == 0
    assert len(mailoutbox) == 1


def test_messages_of_an_owner_are_left_to_it():
    make_message()

    assert send_due() == 0


def test_a_parcel_that_its_channel_refuses_is_undeliverable():
    message = queue(address="nobody")
    send_due()

    assert send_due() == 0

    message.refresh_from_db()
    assert message.status == Message.Status.UNDELIVERABLE
    assert message.reason == "email: not an e-mail address"
