"""The main job, end to end, on real parts: from the event to the clinician's overview."""

import pytest

from tests.journeys import walking
from tests.journeys.browser import DESKTOP

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
SET = "5l-sweden-2020-vt"


def unseen(page, name):
    """Look at nothing: axe is a script, and needs a page that runs scripts."""


def test_a_patient_is_asked_and_answers_and_the_clinician_sees_it(demo, open_page, inspect):
    person = demo.described["people"][0]
    enrolment = walking.report(demo, person)
    walking.letter_to(demo, person, within=5)
    page = open_page()

    walking.open_letter(page, demo, person, see=inspect)
    asked = walking.answer(page, see=inspect)

    assert asked == list(walking.ANSWERS)
    read = walking.call(demo, "GET", f"enrolments/{enrolment['id']}/")
    assert walking.scores(read)["index", SET] == pytest.approx(0.8166)
    assert walking.scores(read)["vas", ""] == 70
    clinician = open_page(viewport=DESKTOP)
    walking.log_in(clinician, demo, "clinician", see=inspect)
    walking.find_patient(clinician, person, see=inspect)
    shown = clinician.locator("main").inner_text()
    assert [word for word in ("21232", "0,817", SET, "70") if word not in shown] == []


def test_a_browser_without_scripts_gets_all_the_way(demo, open_page):
    person = demo.described["people"][1]
    enrolment = walking.report(demo, person)
    walking.letter_to(demo, person, within=5)
    page = open_page(java_script_enabled=False)

    walking.open_letter(page, demo, person, see=unseen)
    walking.answer(page, see=unseen)

    read = walking.call(demo, "GET", f"enrolments/{enrolment['id']}/")
    assert walking.scores(read)["index", SET] == pytest.approx(0.8166)


def test_whom_the_inbox_does_not_reach_answers_over_a_mail(demo, open_page, inspect):
    person, address = demo.described["people"][2], "journey@example.org"
    demo.stack.ask_simulator("POST", "switches", {"kind": "inactive", "person_id": person})
    consent = {"channel": "email", "source": "kallelse", "on": "2026-01-15"}
    enrolment = walking.report(demo, person, contact={"email": address}, consents=[consent])
    page = open_page()

    page.goto(walking.link_in(walking.mail_to(demo, address)))
    walking.answer(page, see=inspect)

    assert demo.stack.ask_simulator("GET", f"inbox/{person}") == []
    read = walking.call(demo, "GET", f"enrolments/{enrolment['id']}/")
    assert walking.scores(read)["index", SET] == pytest.approx(0.8166)
