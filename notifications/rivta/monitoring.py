"""The health check that every RIV-TA producer answers: itintegration:monitoring."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from notifications.rivta.contracts import PING, Contract, only, optional, put, text

_TIME = "%Y%m%d%H%M%S"
_SWEDEN = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Pong:
    """The producer's answer: its version, its clock, and what it tells of its configuration."""

    version: str
    at: str
    configuration: Mapping[str, str] = field(default_factory=dict)


def write_ping(contract: Contract, logical_address: str) -> etree._Element:
    request = PING.new_request()
    put(request, PING.namespace, "serviceContractNamespace", contract.namespace)
    put(request, PING.namespace, "logicalAddress", logical_address)
    return request


def read_ping(request: etree._Element) -> str:
    """Return the logical address that is asked for."""
    return text(request, PING.namespace, "logicalAddress")


def write_pong(version: str, configuration: Mapping[str, str], now: datetime) -> etree._Element:
    response = PING.new_response()
    put(response, PING.namespace, "version", version)
    put(response, PING.namespace, "pingDateTime", now.astimezone(_SWEDEN).strftime(_TIME))
    for name, value in configuration.items():
        pair = etree.SubElement(response, f"{{{PING.namespace}}}configuration")
        put(pair, PING.namespace, "name", name)
        put(pair, PING.namespace, "value", value)
    return response


def read_pong(response: etree._Element) -> Pong:
    namespace = PING.namespace
    pairs = response.findall(f"{{{namespace}}}configuration")
    return Pong(
        version=text(response, namespace, "version"),
        at=only(response, namespace, "pingDateTime").text or "",
        configuration={text(p, namespace, "name"): optional(p, namespace, "value") for p in pairs},
    )
