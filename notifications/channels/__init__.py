"""The channels by name. A new one is a file here, a line below and a value of Delivery.Channel."""

from notifications.channels.base import Channel
from notifications.channels.email import Email
from notifications.channels.inbox import Inbox

_CHANNELS: dict[str, type[Channel]] = {"inbox": Inbox, "email": Email}


def get(name: str) -> Channel:
    """Return the channel of that name, as the settings configure it."""
    return _CHANNELS[name]()
