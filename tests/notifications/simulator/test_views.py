import json
import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.conf import settings as project

from notifications import channels
from notifications.models import Delivery, Message
from tests.notifications.factories import CONTENT, NOW
from tests.notifications.simulator.test_provider import BACK, QUERY

PERSON = "189001029819"
AUTHORIZE = f"/authorize?{urlencode({**QUERY, 'client_id': project.OIDC_CLIENT_ID})}"


@pytest.fixture
def message(simulator):
    """A message in the person's inbox, as the API tells it."""
    delivery = Delivery(
        message=Message(kind="invitation", due_at=NOW),
        ordinal=1,
        address=PERSON,
        content=CONTENT.to_json(),
    )
    channels.get("inbox").send(delivery)
    return simulator.inbox(PERSON)[-1]


def path(simulator, message):
    return message["link"].removeprefix(simulator.url)


def page(simulator, path, **more):
    return unescape(simulator.call("GET", path, **more).data.decode())


def cookie_of(answer):
    return answer.headers["Set-Cookie"].partition(";")[0]


def test_the_inbox_lists_messages_oldest_first(simulator, message):
    times = [told["received_at"] for told in simulator.inbox(PERSON)]

    assert times == sorted(times)
    assert set(message) >= {"subject", "text", "link", "thread_id", "received_at"}


def test_an_inbox_without_messages_is_empty(simulator):
    assert simulator.inbox("190001010000") == []


@pytest.mark.parametrize("person_id", ["1980010223", "x", "19800102-2386"])
def test_what_is_no_number_has_no_inbox(simulator, person_id):
    assert simulator.call("GET", f"/api/inbox/{person_id}").status == 404


def test_the_person_reads_the_message_and_sees_the_notice(simulator, message):
    shown = page(simulator, f"/inbox/{PERSON}/{message['id']}")

    assert CONTENT.subject in shown
    assert CONTENT.text in shown
    assert f'href="/sso/{message["id"]}">{CONTENT.link_text}' in shown
    assert "Aviseringen" in shown or "The notice" in shown


def test_the_pages_lead_from_the_front_to_the_message(simulator, message):
    assert f'href="/inbox/{PERSON}"' in page(simulator, "/")
    assert f'href="/inbox/{PERSON}/{message["id"]}"' in page(simulator, f"/inbox/{PERSON}")


def test_a_number_that_is_typed_in_opens_its_inbox(simulator):
    answer = simulator.call("POST", "/open", fields={"person_id": "18900102-9819"})

    assert answer.headers["Location"] == f"/inbox/{PERSON}"


def test_a_message_is_shown_in_its_own_inbox_only(simulator, message):
    assert simulator.call("GET", f"/inbox/198001022394/{message['id']}").status == 404
    assert simulator.call("GET", f"/inbox/{PERSON}/unknown").status == 404


def test_the_link_leads_to_the_system_with_the_query(simulator, message):
    answer = simulator.call("GET", path(simulator, message))

    base = project.SIMULATOR_SYSTEMS[project.INBOX_SYSTEM_ID]
    assert answer.headers["Location"] == f"{base}?{CONTENT.link}"


def test_an_unknown_link_leads_nowhere(simulator):
    assert simulator.call("GET", "/sso/unknown").status == 404


def test_who_came_by_the_link_logs_in_with_one_button(simulator, message):
    cookie = cookie_of(simulator.call("GET", path(simulator, message)))

    shown = page(simulator, AUTHORIZE, headers={"Cookie": cookie})
    answer = simulator.call("POST", AUTHORIZE, headers={"Cookie": cookie})

    assert cookie.startswith(f"inbox{simulator.port}=")
    assert "18900102-9819" in shown
    assert 'type="hidden" name="person_id"' in shown
    assert answer.headers["Location"].startswith(f"{BACK}?code=")


def test_a_forged_cookie_is_nobodys(simulator):
    cookie = f"inbox{simulator.port}={PERSON}:AAAA:forged"

    assert 'type="hidden"' not in page(simulator, AUTHORIZE, headers={"Cookie": cookie})


def test_who_has_not_come_by_a_link_types_a_number(simulator):
    shown = page(simulator, AUTHORIZE)
    answer = simulator.call("POST", AUTHORIZE, fields={"person_id": "19800102-2386"})

    assert 'id="person_id"' in shown
    assert re.findall('data-action="([a-z]+)"', shown) == ["login"]
    assert answer.status == 302


@pytest.mark.parametrize("number", ["", "x", "8001022386"])
def test_a_number_that_is_none_is_asked_for_again(simulator, number):
    answer = simulator.call("POST", AUTHORIZE, fields={"person_id": number})

    assert answer.status == 422
    assert 'role="alert"' in answer.data.decode()


def test_a_login_for_a_stranger_is_stopped(simulator):
    wrong = urlencode({**QUERY, "client_id": "stranger"})

    assert simulator.call("GET", f"/authorize?{wrong}").status == 400


def test_a_wrong_exchange_says_why(simulator):
    answer = simulator.call("POST", "/token", fields={"grant_type": "authorization_code"})

    assert (answer.status, answer.json()["error"]) == (401, "invalid_client")


def test_too_low_a_level_can_be_switched_on(simulator):
    simulator.switch("loa2", person_id=PERSON)

    answer = simulator.call("POST", AUTHORIZE, fields={"person_id": PERSON})

    assert answer.status == 302


def test_discovery_names_every_address(simulator):
    told = simulator.call("GET", "/.well-known/openid-configuration").json()

    assert told["issuer"] == simulator.url
    addresses = [told[n] for n in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    assert all(address.startswith(simulator.url) for address in addresses)


def test_switches_are_turned_on_and_off_over_rest(simulator):
    switch = simulator.switch("inactive", person_id=PERSON)

    assert simulator.call("GET", "/api/switches").json() == [switch]
    assert simulator.call("DELETE", f"/api/switches/{switch['id']}").status == 204
    assert simulator.call("DELETE", f"/api/switches/{switch['id']}").status == 404


@pytest.mark.parametrize("body", [b"", b"[]", b'{"kind":"explode"}', b'{"kind":["a"]}'])
def test_a_wrong_switch_is_refused_with_a_reason(simulator, body):
    answer = simulator.call("POST", "/api/switches", body=body)

    assert answer.status == 400
    assert answer.json()["error"]


def test_the_mode_is_one_of_three(simulator):
    simulator.mode("lookup")

    wrong = simulator.call("PUT", "/api/mode", body=json.dumps({"mode": "psychic"}))

    assert wrong.status == 400
    assert simulator.call("GET", "/api/mode").json() == {"mode": "lookup"}


def test_switches_are_changed_on_their_page(simulator):
    form = {"kind": "fault", "code": "VP007", "times": "2", "person_id": "", "share": ""}
    assert simulator.call("POST", "/switches", fields=form).status == 302
    assert "VP007" in page(simulator, "/switches")
    (switch,) = simulator.call("GET", "/api/switches").json()
    assert (switch["code"], switch["times"], switch["share"]) == ("VP007", 2, 1.0)

    simulator.call("POST", "/switches", fields={"off": switch["id"]})
    simulator.call("POST", "/switches", fields={"mode": "dedupe"})

    assert simulator.call("GET", "/api/switches").json() == []
    assert simulator.call("GET", "/api/mode").json() == {"mode": "dedupe"}


def test_a_wrong_number_on_the_page_is_said(simulator):
    answer = simulator.call("POST", "/switches", fields={"kind": "slow", "seconds": "many"})

    assert answer.status == 422


@pytest.mark.parametrize("path", ["/", f"/inbox/{PERSON}", "/switches", AUTHORIZE, "/unknown"])
def test_every_page_is_closed_to_others_and_kept_by_nobody(simulator, path):
    headers = simulator.call("GET", path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", f"/inbox/{PERSON}", "/switches", AUTHORIZE])
def test_no_page_has_a_style_or_script_of_its_own(simulator, path):
    shown = page(simulator, path)

    assert not re.search(r"style=|<style|<script|\son[a-z]+=", shown)


def test_the_style_sheet_is_served(simulator):
    answer = simulator.call("GET", "/simulator.css")

    assert answer.headers["Content-Type"].startswith("text/css")


def test_copies_are_told_by_thread(simulator, message):
    assert isinstance(simulator.call("GET", "/api/copies").json(), dict)
