import time
import tracemalloc

import pytest
from lxml import etree

from notifications.rivta import soap
from notifications.rivta.soap import Fault, Malformed

ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{}</s:Envelope>'
BODY = ENVELOPE.format("<s:Body>{}</s:Body>")
ENTITY = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
QUADRATIC = f'<!DOCTYPE a [<!ENTITY b "{"x" * 50_000}">]>'
BAD = {
    "empty": b"",
    "no XML": b"Internal server error",
    "HTML": b"<html><body>Login</body></html>",
    "half": BODY.format("<a/>")[:-20].encode(),
    "garbage": b"\x00\xff\xfe\x8a" * 10,
    "empty body": BODY.format("").encode(),
    "two in the body": BODY.format("<a/><b/>").encode(),
    "SOAP 1.2": BODY.format("<a/>").replace("xmlsoap.org/soap", "w3.org/2003/05").encode(),
    "external entity": (ENTITY + BODY.format("<a>&b;</a>")).encode(),
    "parameter entity": b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/">%p;]><a/>',
    "billion laughs": (LAUGHS + BODY.format("<a>&a9;</a>")).encode(),
    "quadratic": (QUADRATIC + BODY.format(f"<a>{'&b;' * 1000}</a>")).encode(),
    "DTD in UTF-16": (ENTITY + BODY.format("<a>&b;</a>")).encode("utf-16"),
    "DTD in UTF-16 without a mark": ('<?xml version="1.0" encoding="UTF-16LE"?>' + LAUGHS).encode(
        "utf-16-le"
    ),
    "DTD in UTF-7": ('<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a>' + BODY).encode(),
    "deep": BODY.format("<a>" * 50_000 + "</a>" * 50_000).encode(),
    "huge": BODY.format(f"<a>{'x' * soap.MAX_BYTES}</a>").encode(),
    "unknown entity": BODY.format("<a>&b;</a>").encode(),
}


@pytest.mark.parametrize("name", BAD)
def test_what_no_honest_peer_sends_is_refused_fast_and_small(name):
    raw = BAD[name]
    tracemalloc.start()
    started = time.perf_counter()

    with pytest.raises(Malformed):
        soap.read(raw)

    assert time.perf_counter() - started < 0.2
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_an_inclusion_is_not_followed():
    include = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/hostname"/>'

    content = soap.read(BODY.format(f"<a>{include}</a>").encode()).content

    assert "".join(content.itertext()) == ""


def test_what_is_written_is_read():
    content = etree.Element("{urn:x}Request")

    envelope = soap.read(soap.write(content, logical_address="SE1"))

    assert envelope.logical_address == "SE1"
    assert envelope.content.tag == "{urn:x}Request"


def test_the_logical_address_stands_in_the_header_of_the_registry():
    raw = soap.write(etree.Element("{urn:x}Request"), logical_address="SE1")

    root = etree.fromstring(raw)
    header = root.find("{http://schemas.xmlsoap.org/soap/envelope/}Header")
    assert header[0].tag == "{urn:riv:itintegration:registry:1}LogicalAddress"


@pytest.mark.parametrize(
    ("code", "is_client"),
    [(f"VP{n:03}", n in (1, 2, 3, 4, 5, 7, 11, 13, 15)) for n in range(1, 16)],
)
def test_the_faults_of_the_platform_say_whose_they_are(code, is_client):
    with pytest.raises(Fault, match=code) as caught:
        soap.read(soap.write_fault(Fault(f"{code} Something")))

    assert caught.value.is_client is is_client
    assert caught.value.code == code


@pytest.mark.parametrize(("is_client", "text"), [(True, "bad"), (False, "down")])
def test_other_faults_are_the_side_s_that_they_name(is_client, text):
    with pytest.raises(Fault, match=text) as caught:
        soap.read(soap.write_fault(Fault(text, is_client=is_client)))

    assert caught.value.is_client is is_client
