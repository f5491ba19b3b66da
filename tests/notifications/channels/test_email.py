import smtplib
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from config.local import ports
from notifications import channels
from notifications.channels.base import ChannelError, Kind, Promise
from notifications.content import Content
from notifications.models import Delivery, Message
from tests.notifications.factories import NOW, SENDER

LINK = "https://utfall.example/s/token"
CONTENT = Content("Du har fått frågor", "Hej. Svara när det passar.", SENDER, LINK, "Öppna:")


def send(address="anna@example.org", content=CONTENT):
    message = Message(kind="invitation", due_at=NOW)
    delivery = Delivery(message=message, ordinal=1, address=address, content=content.to_json())
    return delivery, channels.get("email").send(delivery)


def failure(**more):
    with pytest.raises(ChannelError) as error:
        send(**more)
    return error.value


@pytest.fixture
def failing(monkeypatch):
    """Let handing the message over fail."""

    def fail(error):
        def raise_error(self, messages):
            raise error

        monkeypatch.setattr(EmailBackend, "send_messages", raise_error)

    return fail


class Sink:
    """Keeps what it is given, unless it refuses it."""

    def __init__(self):
        self.received = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.received.append(envelope)
        return self.answer

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "unknown" in address:
            return "550 no such user"
        if "later" in address:
            return "451 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def sink(settings, socket_enabled):
    handler, port = Sink(), ports.free()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler
    controller.stop()


def test_an_email_has_the_text_and_the_link_and_nothing_of_the_unit():
    send()

    (email,) = mail.outbox
    assert email.to == ["anna@example.org"]
    assert email.body == f"{CONTENT.text}\n\nÖppna:\n\n{LINK}"
    assert SENDER.unit_name not in str(email.message())


def test_every_copy_has_the_same_message_id():
    delivery, receipt = send()
    channels.get("email").send(delivery)

    ids = [email.extra_headers["Message-ID"] for email in mail.outbox]
    assert ids == [receipt["message_id"]] * 2
    assert str(delivery.message.thread_id) in ids[0]


def test_the_message_id_leaves_by_smtp(sink):
    _, receipt = send()

    (envelope,) = sink.received
    assert message_from_bytes(envelope.content)["Message-ID"] == receipt["message_id"]


@pytest.mark.parametrize("address", ["", "anna", "anna@", "a b@example.org", "a\n@example.org"])
def test_what_is_no_address_is_refused(address):
    assert failure(address=address).kind is Kind.REFUSED


@pytest.mark.parametrize(
    ("address", "kind"), [("unknown@example.org", Kind.REFUSED), ("later@example.org", Kind.RETRY)]
)
def test_the_server_refuses_an_address_for_good_or_for_now(sink, address, kind):
    assert failure(address=address).kind is kind


@pytest.mark.parametrize(("answer", "kind"), [("554 no", Kind.REFUSED), ("452 full", Kind.RETRY)])
def test_the_server_refuses_a_text_for_good_or_for_now(sink, answer, kind):
    sink.answer = answer

    assert failure().kind is kind


def test_a_server_that_is_down_is_tried_again(settings, socket_enabled):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", ports.free()

    assert failure().kind is Kind.RETRY


@pytest.mark.parametrize(
    "error", [smtplib.SMTPServerDisconnected(), TimeoutError(), ConnectionResetError()]
)
def test_a_connection_that_breaks_leaves_it_open(failing, error):
    failing(error)

    assert failure().kind is Kind.AMBIGUOUS


def test_a_refused_sender_is_tried_again_or_refused_by_its_code(failing):
    failing(smtplib.SMTPSenderRefused(451, b"later", "utfall@localhost"))

    assert failure().kind is Kind.RETRY


def test_a_text_that_tells_something_of_health_does_not_leave():
    error = failure(content=Content("Din behandling", "Om din cancer.", SENDER))

    assert error.kind is Kind.FAULT
    assert error.reason == "wording not allowed in e-mail: behandling, cancer"
    assert mail.outbox == []


def test_a_subject_with_a_line_break_does_not_leave():
    with pytest.raises(ValueError, match="newlines"):
        send(content=Content("Hej\nBcc: x@example.org", "Hej", SENDER))


def test_email_promises_to_be_complete():
    assert channels.get("email").promise is Promise.PREFER_COMPLETE
