import pytest
from lxml import etree

from notifications.rivta import soap
from notifications.rivta.contracts import ADD_MESSAGE, IS_ACTIVE_USER, Invalid
from notifications.rivta.producer import Producer
from notifications.rivta.soap import Fault

ACTION = {"SOAPAction": f'"{IS_ACTIVE_USER.action}"'}


def ask(*, path=IS_ACTIVE_USER.path, headers=ACTION, raw=None, address="SE1", content=None):
    content = IS_ACTIVE_USER.new_request() if content is None else content
    raw = soap.write(content, logical_address=address) if raw is None else raw
    return producer(lambda request: IS_ACTIVE_USER.new_response()).answer(path, headers, raw)


def producer(handler):
    made = Producer("SE1")
    made.produces(IS_ACTIVE_USER, handler)
    return made


def test_a_call_is_answered_in_an_envelope():
    status, body = ask()

    assert status == 200
    assert soap.read(body).content.tag == IS_ACTIVE_USER.response


def test_the_logical_address_is_compared_without_case():
    assert ask(address="se1")[0] == 200


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("VP001", {"content": ADD_MESSAGE.new_request()}),
        ("VP001", {"content": etree.Element("IsActiveUser")}),
        ("VP003", {"address": ""}),
        ("VP004", {"address": "SE2"}),
        ("VP005", {"path": "IsActiveUser/2/rivtabp21"}),
        ("VP015", {"headers": {}}),
        ("VP015", {"raw": b"<!DOCTYPE a><a/>"}),
    ],
)
def test_a_wrong_call_is_the_callers_fault(code, wrong):
    status, body = ask(**wrong)

    assert status == 500
    with pytest.raises(Fault, match=code) as fault:
        soap.read(body)
    assert fault.value.is_client


def test_a_request_against_the_schema_is_the_callers_fault():
    def refuse(request):
        raise Invalid("unitId is empty")

    raw = soap.write(IS_ACTIVE_USER.new_request(), logical_address="SE1")
    _, body = producer(refuse).answer(IS_ACTIVE_USER.path, ACTION, raw)

    with pytest.raises(Fault, match="unitId is empty") as fault:
        soap.read(body)
    assert fault.value.is_client
