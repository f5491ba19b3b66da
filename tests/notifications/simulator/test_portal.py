from dataclasses import replace

import pytest

from notifications.rivta.patientportal import (
    ActiveUser,
    Added,
    AddMessage,
    InboxMessage,
    OrganisationUnit,
    SsoLink,
)
from notifications.simulator.configuration import Configuration
from notifications.simulator.portal import Portal
from notifications.simulator.switches import Switch
from tests.notifications.factories import NOW, PERSON

UNIT = OrganisationUnit("SE1", "Enheten")
MESSAGE = InboxMessage(UNIT, "Hej", "Rubrik", "thread", SsoLink("SE-UTFALL", "Svara", "o=1"))
REQUEST = AddMessage(PERSON, MESSAGE, notify=True, source_system="SE-UTFALL")
NO_ACCOUNT, NO_NOTICE = "198001022394", "189001019802"


@pytest.fixture
def configuration(tmp_path):
    return Configuration(
        port=1,
        folder=str(tmp_path),
        logical_address="SE-INBOX",
        systems={"SE-UTFALL": "http://127.0.0.1:8000/"},
        client_id="utfall",
        client_secret="secret",
        inactive=frozenset([NO_ACCOUNT]),
        no_notice=frozenset([NO_NOTICE]),
    )


@pytest.fixture
def portal(configuration):
    return Portal(configuration)


def test_everyone_is_active_with_a_notice_by_email_unless_listed(portal):
    assert portal.user(PERSON) == ActiveUser(True, ("Email",))
    assert portal.user(NO_ACCOUNT) == ActiveUser(False)
    assert portal.user(NO_NOTICE) == ActiveUser(True)


def test_a_message_is_kept_and_its_thread_echoed(portal):
    assert portal.add(REQUEST, now=NOW) == Added("OK", "", "thread", ("Email",))

    (letter,) = portal.letters(PERSON)
    assert (letter.subject, letter.text, letter.sender) == ("Rubrik", "Hej", "Enheten")
    assert portal.letter(letter.id) == letter


def test_no_notice_goes_out_unasked(portal):
    assert portal.add(replace(REQUEST, notify=False), now=NOW).notification_sent == ()


def test_who_has_no_account_gets_nothing(portal):
    added = portal.add(replace(REQUEST, subject_id=NO_ACCOUNT), now=NOW)

    assert (added.result_code, added.result_text) == ("ERROR", "Target person is not active user")
    assert portal.letters(NO_ACCOUNT) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"source_system": ""},
        {"source_system": "", "notify": False},
        {"message": replace(MESSAGE, link=SsoLink("SE-OTHER", "Svara", "o=1"))},
    ],
)
def test_what_the_real_one_would_refuse_is_refused(portal, wrong):
    assert portal.add(replace(REQUEST, **wrong), now=NOW).result_code == "ERROR"
    assert portal.letters(PERSON) == []


def test_a_blind_portal_keeps_and_counts_copies(portal):
    for _ in range(3):
        portal.add(REQUEST, now=NOW)

    assert [letter.copy for letter in portal.letters(PERSON)] == [1, 2, 3]
    assert portal.totals() == {"messages": 3, "threads": 1, "copies": 2}
    assert portal.copies() == {"thread": 2}


def test_a_deduping_portal_keeps_one_and_says_ok(portal):
    portal.set_mode("dedupe")
    portal.add(REQUEST, now=NOW)

    assert portal.add(REQUEST, now=NOW).result_code == "OK"
    assert len(portal.letters(PERSON)) == 1


def test_after_a_restart_everything_is_there(portal, configuration):
    portal.add(REQUEST, now=NOW)
    portal.set_mode("lookup")
    lasting = Switch("inactive", person_id=PERSON)
    portal.turn_on(lasting)
    portal.turn_on(Switch("500", times=1))

    again = Portal(configuration)

    assert again.letters(PERSON) == portal.letters(PERSON)
    assert again.is_received("thread")
    assert again.mode == "lookup"
    assert again.switchboard.all() == [lasting]


def test_what_was_turned_off_stays_off_after_a_restart(portal, configuration):
    switch = Switch("inactive", person_id=PERSON)
    portal.turn_on(switch)
    portal.turn_off(switch.id)
    portal.turn_on(Switch("500"))
    portal.clear_switches()

    assert Portal(configuration).switchboard.all() == []


def test_the_front_page_lists_who_is_configured_and_who_has_messages(configuration):
    portal = Portal(replace(configuration, people=("189001029819",)))
    portal.add(REQUEST, now=NOW)

    assert portal.people() == [("189001029819", 0), (PERSON, 1)]
