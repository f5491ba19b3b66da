"""The 1177 inbox: infrastructure:eservicesupply:patientportal, both sides of it."""

import re
from dataclasses import dataclass

from lxml import etree

from notifications.rivta.contracts import (
    ADD_MESSAGE,
    IS_ACTIVE_USER,
    THREAD_STATUS,
    Contract,
    Invalid,
    matching,
    only,
    optional,
    put,
    text,
    truth,
)

CORE = "urn:riv:infrastructure:eservicesupply:patientportal:1"
NOT_ACTIVE = "Target person is not active user"
METHODS = ("SMS", "Email", "Other")
OK, INFO, ERROR = "OK", "INFO", "ERROR"

_SUBJECT = re.compile(r"[0-9]{8}[0-9pPtTfF][0-9]{3}")
_LINK_TYPES = ("CurrentTarget", "Embedded", "Widget", "NewTarget")


@dataclass(frozen=True)
class ActiveUser:
    """Whether a person has an inbox, and by which ways a notice of a message reaches them."""

    is_active: bool
    methods: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrganisationUnit:
    """The sender."""

    unit_id: str
    name: str
    address: str = ""
    postal_code: str = ""
    city: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class SsoLink:
    """A link by the name of a system: the portal knows that system's address, we never say it."""

    system_id: str
    text: str
    query_string: str = ""
    type: str = "CurrentTarget"


@dataclass(frozen=True)
class InboxMessage:
    """One message in the inbox."""

    unit: OrganisationUnit
    text: str
    heading: str = ""
    thread_id: str = ""
    link: SsoLink | None = None


@dataclass(frozen=True)
class AddMessage:
    """The request to put a message in a person's inbox."""

    subject_id: str
    message: InboxMessage
    notify: bool = False
    source_system: str = ""


@dataclass(frozen=True)
class Added:
    """The answer: OK and INFO say that it was done, ERROR that it was not."""

    result_code: str
    result_text: str = ""
    thread_id: str = ""
    notification_sent: tuple[str, ...] = ()


def write_is_active(subject_id: str) -> etree._Element:
    """Return the request of IsActiveUser.

    :raises Invalid: if the number has not the contract's form.
    """
    request = IS_ACTIVE_USER.new_request()
    _put_subject(request, IS_ACTIVE_USER, subject_id)
    return request


def read_is_active(request: etree._Element) -> str:
    return _subject(request, IS_ACTIVE_USER)


def write_active_user(answer: ActiveUser) -> etree._Element:
    namespace = IS_ACTIVE_USER.namespace
    response = IS_ACTIVE_USER.new_response()
    put(response, namespace, "status", answer.is_active)
    for method in answer.methods:
        put(response, namespace, "activeNotificationMethods", method)
    return response


def read_active_user(response: etree._Element) -> ActiveUser:
    namespace = IS_ACTIVE_USER.namespace
    is_active = truth(text(response, namespace, "status"), "status")
    return ActiveUser(is_active, _methods(response, namespace, "activeNotificationMethods"))


def write_add_message(request: AddMessage) -> etree._Element:
    """Return the request of AddMessageToPatientPortalInbox.

    :raises Invalid: if a part has not the contract's form.
    """
    namespace = ADD_MESSAGE.namespace
    root = ADD_MESSAGE.new_request()
    _put_subject(root, ADD_MESSAGE, request.subject_id)
    _put_message(etree.SubElement(root, f"{{{namespace}}}message"), request.message)
    put(root, namespace, "notify", request.notify)
    put(root, namespace, "sourceSystem", request.source_system)
    return root


def read_add_message(request: etree._Element) -> AddMessage:
    namespace = ADD_MESSAGE.namespace
    notify = optional(request, namespace, "notify")
    return AddMessage(
        subject_id=_subject(request, ADD_MESSAGE),
        message=_message(only(request, namespace, "message")),
        notify=truth(notify, "notify") if notify else False,
        source_system=optional(request, namespace, "sourceSystem"),
    )


def write_added(answer: Added) -> etree._Element:
    namespace = ADD_MESSAGE.namespace
    response = ADD_MESSAGE.new_response()
    put(response, namespace, "messageThreadId", answer.thread_id)
    for method in answer.notification_sent:
        put(response, namespace, "notificationSent", method)
    put(response, namespace, "resultCode", answer.result_code)
    put(response, namespace, "resultText", answer.result_text)
    return response


def read_added(response: etree._Element) -> Added:
    namespace = ADD_MESSAGE.namespace
    code = text(response, namespace, "resultCode")
    if code not in (OK, INFO, ERROR):
        raise Invalid("resultCode is none of OK, INFO, ERROR")
    return Added(
        result_code=code,
        result_text=optional(response, namespace, "resultText"),
        thread_id=optional(response, namespace, "messageThreadId"),
        notification_sent=_methods(response, namespace, "notificationSent"),
    )


def write_thread_status(thread_id: str) -> etree._Element:
    namespace = THREAD_STATUS.namespace
    request = THREAD_STATUS.new_request()
    put(request, namespace, "messageThreadId", thread_id)
    return request


def read_thread_status(request: etree._Element) -> str:
    return text(request, THREAD_STATUS.namespace, "messageThreadId")


def write_thread_found(is_received: bool) -> etree._Element:
    namespace = THREAD_STATUS.namespace
    response = THREAD_STATUS.new_response()
    put(response, namespace, "received", is_received)
    return response


def read_thread_found(response: etree._Element) -> bool:
    return truth(text(response, THREAD_STATUS.namespace, "received"), "received")


def _put_subject(parent: etree._Element, contract: Contract, subject_id: str) -> None:
    matching(subject_id, _SUBJECT, "subjectOfCareId")
    put(parent, contract.namespace, "subjectOfCareId", subject_id)


def _subject(parent: etree._Element, contract: Contract) -> str:
    return matching(
        text(parent, contract.namespace, "subjectOfCareId"), _SUBJECT, "subjectOfCareId"
    )


def _methods(parent: etree._Element, namespace: str, name: str) -> tuple[str, ...]:
    found = tuple(
        (element.text or "").strip() for element in parent.findall(f"{{{namespace}}}{name}")
    )
    if unknown := set(found) - set(METHODS):
        raise Invalid(f"{name}: {', '.join(sorted(unknown))}")
    return found


def _put_message(parent: etree._Element, message: InboxMessage) -> None:
    unit = etree.SubElement(parent, f"{{{CORE}}}organisationUnit")
    put(unit, CORE, "unitId", message.unit.unit_id)
    put(unit, CORE, "unitName", message.unit.name)
    put(unit, CORE, "unitAddress", message.unit.address)
    put(unit, CORE, "unitPostalCode", message.unit.postal_code)
    put(unit, CORE, "unitPostalCity", message.unit.city)
    put(unit, CORE, "unitTelephone", message.unit.telephone)
    put(parent, CORE, "messageThreadId", message.thread_id)
    put(parent, CORE, "messageDescription", message.heading)
    put(parent, CORE, "messageText", message.text)
    if message.link:
        _put_link(etree.SubElement(parent, f"{{{CORE}}}ssoLink"), message.link)


def _put_link(parent: etree._Element, link: SsoLink) -> None:
    put(parent, CORE, "systemId", link.system_id)
    put(parent, CORE, "text", link.text)
    put(parent, CORE, "queryString", _query_string(link.query_string))
    put(parent, CORE, "type", link.type)


def _message(element: etree._Element) -> InboxMessage:
    unit = only(element, CORE, "organisationUnit")
    link = element.find(f"{{{CORE}}}ssoLink")
    return InboxMessage(
        unit=OrganisationUnit(
            unit_id=text(unit, CORE, "unitId"),
            name=text(unit, CORE, "unitName"),
            address=optional(unit, CORE, "unitAddress"),
            postal_code=optional(unit, CORE, "unitPostalCode"),
            city=optional(unit, CORE, "unitPostalCity"),
            telephone=optional(unit, CORE, "unitTelephone"),
        ),
        text=text(element, CORE, "messageText"),
        heading=optional(element, CORE, "messageDescription"),
        thread_id=optional(element, CORE, "messageThreadId"),
        link=None if link is None else _link(link),
    )


def _link(element: etree._Element) -> SsoLink:
    kind = text(element, CORE, "type")
    if kind not in _LINK_TYPES:
        raise Invalid("type of ssoLink is unknown")
    return SsoLink(
        system_id=text(element, CORE, "systemId"),
        text=text(element, CORE, "text"),
        query_string=_query_string(optional(element, CORE, "queryString")),
        type=kind,
    )


def _query_string(value: str) -> str:
    # The portal puts it behind its own address: a scheme or host here could lead elsewhere.
    if "://" in value or value.startswith(("/", "\\", "@", ".")):
        raise Invalid("queryString must be a query string, not an address")
    return value
