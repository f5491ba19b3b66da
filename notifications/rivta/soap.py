"""SOAP 1.1 envelopes as RIV-TA Basic Profile 2.1 has them, read by a parser that trusts nobody."""

from dataclasses import dataclass

from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
REGISTRY = "urn:riv:itintegration:registry:1"
MAX_BYTES = 1_000_000
# VP001-005, 007, 011, 013 and 015 say that the caller did wrong; the rest may pass with time.
CLIENT_FAULTS = frozenset(f"VP{n:03}" for n in (1, 2, 3, 4, 5, 7, 11, 13, 15))

_ENVELOPE = f"{{{SOAP}}}Envelope"
_HEADER = f"{{{SOAP}}}Header"
_BODY = f"{{{SOAP}}}Body"
_FAULT = f"{{{SOAP}}}Fault"
_ADDRESS = f"{{{REGISTRY}}}LogicalAddress"
_CODE_LENGTH = len("VP000")


class Malformed(Exception):
    """Not a SOAP message, or one that no honest peer would send."""


class Fault(Exception):
    """The peer says that it did not do what was asked. The text is for operators only."""

    def __init__(self, text: str, *, is_client: bool | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.code = text[:_CODE_LENGTH] if text[:2] == "VP" else ""
        self.is_client = self.code in CLIENT_FAULTS if is_client is None else is_client


@dataclass(frozen=True)
class Envelope:
    """What was addressed to whom."""

    logical_address: str
    content: etree._Element


def write(content: etree._Element, *, logical_address: str | None = None) -> bytes:
    """Return the envelope around a request or a response."""
    root = etree.Element(_ENVELOPE, nsmap={"soapenv": SOAP})
    if logical_address is not None:
        header = etree.SubElement(root, _HEADER)
        etree.SubElement(header, _ADDRESS, nsmap={"add": REGISTRY}).text = logical_address
    etree.SubElement(root, _BODY).append(content)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def write_fault(fault: Fault) -> bytes:
    """Return the envelope of a fault."""
    content = etree.Element(_FAULT, nsmap={"soapenv": SOAP})
    side = "Client" if fault.is_client else "Server"
    etree.SubElement(content, "faultcode").text = f"soapenv:{side}"
    etree.SubElement(content, "faultstring").text = fault.text
    return write(content)


def read(raw: bytes) -> Envelope:
    """Return what an envelope holds.

    :raises Malformed: if it is none, too large, or declares a document type or entities.
    :raises Fault: if it holds a fault.
    """
    root = _parse(raw)
    body = root.find(_BODY)
    if root.tag != _ENVELOPE or body is None or len(body) != 1:
        raise Malformed("no SOAP 1.1 envelope with one element in its body")
    if body[0].tag == _FAULT:
        raise _fault(body[0])
    return Envelope((root.findtext(f"{_HEADER}/{_ADDRESS}") or "").strip(), body[0])


def _parse(raw: bytes) -> etree._Element:
    if len(raw) > MAX_BYTES:
        raise Malformed(f"more than {MAX_BYTES} bytes")
    if b"<!DOCTYPE" in raw:
        raise Malformed("a document type is refused")
    # UTF-8 whatever the declaration says, so that no other encoding hides a document type.
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed(f"no XML: {str(error)[:200]}") from None


def _fault(content: etree._Element) -> Fault:
    text = (content.findtext("faultstring") or "fault without a text").strip()[:500]
    side = (content.findtext("faultcode") or "").rpartition(":")[2]
    # Where the platform gives its own code, that decides.
    return Fault(text, is_client=None if text[:2] == "VP" else side == "Client")
