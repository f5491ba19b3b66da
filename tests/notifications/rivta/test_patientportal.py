from dataclasses import replace

import pytest
from lxml import etree

from notifications.rivta import patientportal as portal
from notifications.rivta.contracts import ADD_MESSAGE, Invalid
from notifications.rivta.patientportal import ActiveUser, Added, AddMessage

CORE = "{urn:riv:infrastructure:eservicesupply:patientportal:1}"
OWN = f"{{{ADD_MESSAGE.namespace}}}"
UNIT = portal.OrganisationUnit("SE1", "Enheten", "Vägen 1", "123 45", "Storstad", "08-1")
LINK = portal.SsoLink("SE-UTFALL", "Svara", "occasion=abc")
MESSAGE = portal.InboxMessage(UNIT, "Hej å\nhej", "Rubrik", "thread-1", LINK)
REQUEST = AddMessage("198001022386", MESSAGE, notify=True, source_system="SE-UTFALL")


def of(namespace, words):
    return [f"{namespace}{word}" for word in words.split()]


def names(element):
    return [child.tag for child in element]


def test_a_request_is_read_as_it_was_written():
    assert portal.read_add_message(portal.write_add_message(REQUEST)) == REQUEST


def test_only_what_must_be_is_needed():
    unit = portal.OrganisationUnit("SE1", "Enheten")
    request = AddMessage("198001022386", portal.InboxMessage(unit, "Hej"))

    assert portal.read_add_message(portal.write_add_message(request)) == request


def test_elements_come_in_the_order_of_the_schema():
    request = portal.write_add_message(REQUEST)

    assert names(request) == of(OWN, "subjectOfCareId message notify sourceSystem")
    message = "organisationUnit messageThreadId messageDescription messageText ssoLink"
    assert names(request[1]) == of(CORE, message)
    unit = "unitId unitName unitAddress unitPostalCode unitPostalCity unitTelephone"
    assert names(request[1][0]) == of(CORE, unit)
    assert names(request[1][4]) == of(CORE, "systemId text queryString type")


@pytest.mark.parametrize(
    "query", ["https://evil.example/", "//evil.example", "/path", "@evil.example", ".evil.example"]
)
def test_a_link_never_says_where_it_leads(query):
    message = replace(MESSAGE, link=replace(LINK, query_string=query))

    with pytest.raises(Invalid, match="queryString"):
        portal.write_add_message(replace(REQUEST, message=message))


@pytest.mark.parametrize("number", ["19800102P123", "19800102t123", "198001022386"])
def test_reserve_numbers_pass_beside_personal_ones(number):
    assert portal.read_is_active(portal.write_is_active(number)) == number


@pytest.mark.parametrize("number", ["", "8001022386", "19800102-2386", "19800102X123", "x" * 12])
def test_other_numbers_are_refused_without_being_told(number):
    with pytest.raises(Invalid) as refused:
        portal.write_is_active(number)

    assert not number or number not in str(refused.value)


def test_unknown_elements_of_others_are_tolerated():
    request = portal.write_add_message(REQUEST)
    etree.SubElement(request, "{urn:other}extension").text = "x"
    etree.SubElement(request[1], "{urn:other}extension").text = "x"

    assert portal.read_add_message(request) == REQUEST


@pytest.mark.parametrize("name", ["organisationUnit", "messageText"])
def test_what_the_contract_demands_must_be_there(name):
    request = portal.write_add_message(REQUEST)
    request[1].remove(request[1].find(f"{CORE}{name}"))

    with pytest.raises(Invalid, match=name):
        portal.read_add_message(request)


def test_a_link_has_a_known_type():
    message = replace(MESSAGE, link=replace(LINK, type="Popup"))

    with pytest.raises(Invalid, match="type"):
        portal.read_add_message(portal.write_add_message(replace(REQUEST, message=message)))


@pytest.mark.parametrize("user", [ActiveUser(False), ActiveUser(True), ActiveUser(True, ("SMS",))])
def test_whether_someone_is_active_is_read_as_written(user):
    assert portal.read_active_user(portal.write_active_user(user)) == user


def test_an_unknown_way_of_notice_is_refused():
    with pytest.raises(Invalid, match="Pigeon"):
        portal.read_active_user(portal.write_active_user(ActiveUser(True, ("Pigeon",))))


@pytest.mark.parametrize(
    "added", [Added("OK", "", "t", ("SMS", "Email")), Added("ERROR", portal.NOT_ACTIVE)]
)
def test_an_answer_is_read_as_it_was_written(added):
    assert portal.read_added(portal.write_added(added)) == added


def test_an_answer_without_a_known_result_is_invalid():
    with pytest.raises(Invalid, match="resultCode"):
        portal.read_added(portal.write_added(Added("MAYBE")))


def test_a_thread_is_asked_for_and_found():
    assert portal.read_thread_status(portal.write_thread_status("t")) == "t"
    assert portal.read_thread_found(portal.write_thread_found(True)) is True
