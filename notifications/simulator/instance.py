"""The one portal of this process, with its login provider."""

from functools import cache

from notifications.simulator.configuration import Configuration
from notifications.simulator.portal import Portal
from notifications.simulator.provider import Provider


@cache
def portal() -> Portal:
    return Portal(Configuration.from_environment())


@cache
def provider() -> Provider:
    return Provider(portal().configuration)
