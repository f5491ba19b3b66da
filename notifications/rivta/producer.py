"""Answer calls as a RIV-TA producer behind the national platform would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from lxml import etree

from notifications.rivta import soap
from notifications.rivta.contracts import Contract, Invalid

Handler = Callable[[etree._Element], etree._Element]


@dataclass
class Producer:
    """The contracts that are produced under one logical address."""

    logical_address: str
    handlers: dict[str, tuple[Contract, Handler]] = field(default_factory=dict)

    def produces(self, contract: Contract, handler: Handler) -> None:
        self.handlers[contract.path] = (contract, handler)

    def answer(self, path: str, headers: Mapping[str, str], raw: bytes) -> tuple[int, bytes]:
        """Return status and envelope: a fault has 500, as SOAP 1.1 demands."""
        try:
            return HTTPStatus.OK, soap.write(self._answer(path, headers, raw))
        except soap.Fault as fault:
            return HTTPStatus.INTERNAL_SERVER_ERROR, soap.write_fault(fault)

    def _answer(self, path: str, headers: Mapping[str, str], raw: bytes) -> etree._Element:
        contract, handler = self._find(path)
        try:
            envelope = soap.read(raw)
        except soap.Malformed as error:
            raise soap.Fault(f"VP015 Unreadable request: {error}") from None
        self._check(contract, envelope, headers)
        try:
            return handler(envelope.content)
        except Invalid as error:
            raise soap.Fault(f"Invalid request: {error}", is_client=True) from None

    def _find(self, path: str) -> tuple[Contract, Handler]:
        if path not in self.handlers:
            raise soap.Fault("VP005 No producer of this version of the contract")
        return self.handlers[path]

    def _check(
        self, contract: Contract, envelope: soap.Envelope, headers: Mapping[str, str]
    ) -> None:
        if not envelope.logical_address:
            raise soap.Fault("VP003 The logical address is missing")
        if envelope.logical_address.upper() != self.logical_address.upper():
            raise soap.Fault("VP004 No route for this logical address and contract")
        if envelope.content.tag != contract.request:
            raise soap.Fault("VP001 Not the request of this contract and version")
        if headers.get("SOAPAction", "").strip('"') != contract.action:
            raise soap.Fault("VP015 SOAPAction is not that of the contract")
