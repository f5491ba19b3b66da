import pytest
from lxml import etree

from notifications.rivta import contracts
from notifications.rivta.contracts import ADD_MESSAGE, PING, THREAD_STATUS, Invalid

PORTAL = "urn:riv:infrastructure:eservicesupply:patientportal"


def test_names_follow_the_basic_profile():
    name = "AddMessageToPatientPortalInbox"

    assert ADD_MESSAGE.namespace == f"{PORTAL}:{name}Responder:1"
    assert ADD_MESSAGE.action == f"{PORTAL}:{name}Responder:1:{name}"
    assert ADD_MESSAGE.path == f"{name}/1/rivtabp21"
    assert ADD_MESSAGE.response == f"{{{ADD_MESSAGE.namespace}}}{name}Response"


def test_the_ping_has_the_namespace_of_the_monitoring():
    assert PING.namespace == "urn:riv:itintegration:monitoring:PingForConfigurationResponder:1"


def test_the_later_domain_has_its_own_prefix():
    assert THREAD_STATUS.namespace.startswith("urn:riv-application:infrastructure")


def test_nothing_is_written_for_nothing():
    parent = etree.Element("a")

    contracts.put(parent, "urn:x", "empty", "")
    contracts.put(parent, "urn:x", "none", None)
    contracts.put(parent, "urn:x", "truth", False)

    assert [(child.tag, child.text) for child in parent] == [("{urn:x}truth", "false")]


@pytest.mark.parametrize("children", ["", "<b/><b/>"])
def test_one_element_is_neither_none_nor_two(children):
    with pytest.raises(Invalid, match="^b: "):
        contracts.only(etree.fromstring(f'<a xmlns="urn:x">{children}</a>'), "urn:x", "b")


def test_an_element_must_say_something():
    with pytest.raises(Invalid, match="empty"):
        contracts.text(etree.fromstring('<a xmlns="urn:x"><b> </b></a>'), "urn:x", "b")


def test_a_truth_is_written_in_four_ways():
    values = [contracts.truth(value, "x") for value in ("true", "1", "false", "0")]

    assert values == [True, True, False, False]
    with pytest.raises(Invalid):
        contracts.truth("yes", "x")
