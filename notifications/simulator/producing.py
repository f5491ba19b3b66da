"""The contracts as the simulator produces them, with the misbehaviour that is switched on."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from notifications.rivta import monitoring, patientportal, soap
from notifications.rivta.contracts import ADD_MESSAGE, IS_ACTIVE_USER, PING, THREAD_STATUS
from notifications.rivta.producer import Producer
from notifications.simulator.portal import Portal
from notifications.simulator.switches import ADD, ASK, Switch

VERSION = "1.0"
_XML = "text/xml; charset=utf-8"
_HUGE = 10_000_000
_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;">]><a>&c;</a>'
)


@dataclass(frozen=True)
class Reply:
    """What goes over the wire. A cut reply ends before the length that it announces."""

    status: int
    body: bytes
    content_type: str = _XML
    headers: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False


class Misbehaved(Exception):
    """The call was answered by a switch."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class Production:
    """The producer side of one portal."""

    def __init__(self, portal: Portal, clock: Callable[[], datetime]) -> None:
        self.portal = portal
        self._clock = clock
        self._producer = Producer(portal.configuration.logical_address)
        self._producer.produces(IS_ACTIVE_USER, self._is_active_user)
        self._producer.produces(ADD_MESSAGE, self._add_message)
        self._producer.produces(THREAD_STATUS, self._thread_status)
        self._producer.produces(PING, self._ping)

    def answer(self, path: str, headers: Mapping[str, str], raw: bytes) -> Reply:
        """Answer one call."""
        try:
            status, body = self._producer.answer(path, headers, raw)
        except Misbehaved as misbehaved:
            return misbehaved.reply
        return Reply(status, body)

    def _is_active_user(self, request: etree._Element) -> etree._Element:
        person_id = patientportal.read_is_active(request)
        self._misbehave(person_id, ASK)
        return patientportal.write_active_user(self.portal.user(person_id))

    def _add_message(self, request: etree._Element) -> etree._Element:
        message = patientportal.read_add_message(request)
        fired = self._misbehave(message.subject_id, ADD)
        added = self.portal.add(message, now=self._clock())
        if any(switch.kind == "drop" for switch in fired):
            raise Misbehaved(Reply(200, b"<", headers={"Content-Length": "1000"}, is_cut=True))
        return patientportal.write_added(added)

    def _thread_status(self, request: etree._Element) -> etree._Element:
        thread_id = patientportal.read_thread_status(request)
        if self.portal.mode != "lookup":
            raise soap.Fault("VP004 No route for this logical address and contract")
        return patientportal.write_thread_found(self.portal.is_received(thread_id))

    def _ping(self, request: etree._Element) -> etree._Element:
        monitoring.read_ping(request)
        told = {"mode": self.portal.mode}
        return monitoring.write_pong(VERSION, told, self._clock())

    def _misbehave(self, person_id: str, operation: str) -> list[Switch]:
        """Do what is switched on before the call is done; return what is left for after it."""
        fired = self.portal.switchboard.fire(person_id, operation)
        for switch in fired:
            if switch.kind == "slow":
                time.sleep(switch.seconds)
        for switch in fired:
            if switch.kind in _INSTEAD:
                raise Misbehaved(_INSTEAD[switch.kind](switch))
        return fired


def _fault(switch: Switch) -> Reply:
    fault = soap.Fault(f"{switch.code} Simulated fault")
    return Reply(500, soap.write_fault(fault))


def _error(switch: Switch) -> Reply:
    added = patientportal.Added(patientportal.ERROR, "Simulated refusal")
    return Reply(200, soap.write(patientportal.write_added(added)))


def _busy(switch: Switch) -> Reply:
    wait = {"Retry-After": str(int(switch.seconds))} if switch.seconds else {}
    return Reply(429, b"Too many requests", "text/plain", wait)


def _wrong_namespace(switch: Switch) -> Reply:
    stranger = etree.Element("{urn:riv:somewhere:else:1}AddMessageToPatientPortalInboxResponse")
    etree.SubElement(stranger, "resultCode").text = "OK"
    return Reply(200, soap.write(stranger))


def _redirect(switch: Switch) -> Reply:
    return Reply(307, b"", "text/plain", {"Location": "http://127.0.0.2:9/elsewhere"})


_INSTEAD: dict[str, Callable[[Switch], Reply]] = {
    "fault": _fault,
    "error": _error,
    "500": lambda switch: Reply(500, b"<html>Internal server error</html>", "text/html"),
    "429": _busy,
    "garbage": lambda switch: Reply(200, b"<soapenv:Envelope><soapenv:Body>"),
    "namespace": _wrong_namespace,
    "huge": lambda switch: Reply(200, b"<a>" + b" " * _HUGE + b"</a>"),
    "entities": lambda switch: Reply(200, _BOMB),
    "redirect": _redirect,
}
