"""The service contracts in use: their names, and how elements of them are written and read."""

import re
from dataclasses import dataclass

from lxml import etree


class Invalid(Exception):
    """A request or response that is not as its contract says."""


@dataclass(frozen=True)
class Contract:
    """One interaction of a domain, in one major version."""

    domain: str
    interaction: str
    version: int
    prefix: str = "urn:riv"

    @property
    def namespace(self) -> str:
        return f"{self.prefix}:{self.domain}:{self.interaction}Responder:{self.version}"

    @property
    def action(self) -> str:
        return f"{self.namespace}:{self.interaction}"

    @property
    def path(self) -> str:
        return f"{self.interaction}/{self.version}/rivtabp21"

    @property
    def request(self) -> str:
        return f"{{{self.namespace}}}{self.interaction}"

    @property
    def response(self) -> str:
        return f"{{{self.namespace}}}{self.interaction}Response"

    def new_request(self) -> etree._Element:
        return etree.Element(self.request, nsmap={"con": self.namespace})

    def new_response(self) -> etree._Element:
        return etree.Element(self.response, nsmap={"con": self.namespace})


PORTAL = "infrastructure:eservicesupply:patientportal"
IS_ACTIVE_USER = Contract(PORTAL, "IsActiveUser", 1)
ADD_MESSAGE = Contract(PORTAL, "AddMessageToPatientPortalInbox", 1)
PING = Contract("itintegration:monitoring", "PingForConfiguration", 1)
# Of this one only the name is published; its fields here are our assumption.
THREAD_STATUS = Contract(PORTAL, "GetMessageThreadStatus", 2, prefix="urn:riv-application")

_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def put(parent: etree._Element, namespace: str, name: str, value: str | bool | None) -> None:
    """Append an element, unless there is nothing to say."""
    if value is None or value == "":
        return
    text = str(value).lower() if isinstance(value, bool) else value
    etree.SubElement(parent, f"{{{namespace}}}{name}").text = text


def only(parent: etree._Element, namespace: str, name: str) -> etree._Element:
    """Return the one element of that name.

    :raises Invalid: if there is none, or more than one.
    """
    found = parent.findall(f"{{{namespace}}}{name}")
    if len(found) != 1:
        raise Invalid(f"{name}: {len(found)} where one must be")
    return found[0]


def text(parent: etree._Element, namespace: str, name: str) -> str:
    """Return the text of an element that must be there and say something.

    :raises Invalid: if it does not.
    """
    value = (only(parent, namespace, name).text or "").strip()
    if not value:
        raise Invalid(f"{name} is empty")
    return value


def optional(parent: etree._Element, namespace: str, name: str) -> str:
    """Return the text of an element, empty if it is not there."""
    return (parent.findtext(f"{{{namespace}}}{name}") or "").strip()


def truth(value: str, name: str) -> bool:
    """Return an xs:boolean.

    :raises Invalid: if it is none.
    """
    if value not in _TRUTH:
        raise Invalid(f"{name} is neither true nor false")
    return _TRUTH[value]


def matching(value: str, pattern: re.Pattern[str], name: str) -> str:
    """Return the value if it has the contract's form.

    :raises Invalid: if it has not. The value itself is not told: it may be a personal number.
    """
    if not pattern.fullmatch(value):
        raise Invalid(f"{name} is not of the form {pattern.pattern}")
    return value
