"""E-mail, over the SMTP server that EMAIL_URL names."""

from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from notifications import wording
from notifications.channels.base import ChannelError, Kind, Pace, Promise
from notifications.content import Content

if TYPE_CHECKING:
    from notifications.models import Delivery

_PERMANENT = 500


class Email:
    """SMTP knows no key, so a second copy is possible; its Message-ID lets readers drop it."""

    name = "email"
    retry_steps: Sequence[timedelta] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
    )

    @property
    def promise(self) -> Promise:
        return Promise.PREFER_COMPLETE

    @property
    def peer(self) -> str:
        return str(settings.EMAIL_HOST)

    @property
    def pace(self) -> Pace | None:
        return None

    def send(self, delivery: "Delivery") -> dict[str, Any]:
        message_id = f"<{delivery.message.thread_id}@{_domain()}>"
        content = delivery.rendered
        _check_wording(content)
        address = _usable(delivery.address or "")
        connection = _connect()
        email = EmailMessage(
            subject=content.subject,
            body="\n\n".join(filter(None, [content.text, content.link_text, content.link])),
            to=[address],
            headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        try:
            _hand_over(email)
        finally:
            connection.close()
        return {"message_id": message_id}


def _check_wording(content: Content) -> None:
    """Stop a text that an open network may not carry; which words, its author can look up."""
    said = wording.refuse(f"{content.subject} {content.text} {content.link_text}")
    if said:
        raise ChannelError(f"wording not allowed in e-mail: {', '.join(said)}", Kind.FAULT)


def _connect() -> BaseEmailBackend:
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        # Nothing of the message has left yet.
        raise ChannelError(type(error).__name__, Kind.RETRY) from error
    return connection


def _hand_over(email: EmailMessage) -> None:
    try:
        email.send()
    except SMTPRecipientsRefused as error:
        ((code, _),) = error.recipients.values()
        raise _answered("address refused", code) from error
    except (SMTPSenderRefused, SMTPDataError) as error:
        raise _answered(type(error).__name__, error.smtp_code) from error
    except (SMTPException, OSError) as error:
        # The body may have arrived.
        raise ChannelError(type(error).__name__, Kind.AMBIGUOUS) from error


def _answered(reason: str, code: int) -> ChannelError:
    """Return what an SMTP answer means: 5xx for good, 4xx for now."""
    kind = Kind.REFUSED if code >= _PERMANENT else Kind.RETRY
    return ChannelError(f"{reason}: {code}", kind)


def _usable(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        raise ChannelError("not an e-mail address", Kind.REFUSED) from None
    return address


def _domain() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].rstrip(">")
