"""Rows of the outbox with valid values; a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from itertools import count

from notifications.content import Content, Sender
from notifications.models import Delivery, Message

# Half an hour before the clocks go forward in Stockholm.
NOW = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
PERSON = "198001022386"
SENDER = Sender("SE2321000016-1HZ3", "Ortopedkliniken", "08-123 456 00")
CONTENT = Content(
    subject="Hur mår du?",
    text="Vi undrar hur du mår.",
    sender=SENDER,
    link="occasion=abc",
    link_text="Svara på frågorna",
)
_number = count(1)


def make_message(**fields):
    due_at = fields.get("due_at", NOW - timedelta(minutes=5))
    defaults = {
        "key": f"key-{next(_number)}",
        "kind": "invitation",
        "due_at": due_at,
        "next_try_at": due_at,
        "created_at": due_at,
    }
    return Message.objects.create(**(defaults | fields))


def make_delivery(message=None, **fields):
    defaults = {
        "message": message or make_message(),
        "ordinal": next(_number),
        "channel": "inbox",
        "channel_reason": "first choice",
        "address": PERSON,
        "content": CONTENT.to_json(),
        "created_at": NOW,
    }
    return Delivery.objects.create(**(defaults | fields))
