"""The steps that people and systems take, as they would take them."""

import email
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pyotp
from playwright.sync_api import Page

from config.local.process import wait_until
from surveys import schedule
from tests.stack import Stack

# EQ-5D-5L 21232 and VAS 70. Its index: 0.9755 - 0.0287 - 0.0549 - 0.0428 - 0.0325 = 0.8166.
ANSWERS = {"MO": "2", "SC": "1", "UA": "2", "PD": "3", "AD": "2", "VAS": "70"}
Seen = Callable[[Page, str], None]


@dataclass(frozen=True)
class Demo:
    """The demonstration as it runs, with its description."""

    stack: Stack
    described: Mapping[str, Any]

    @classmethod
    def start(cls, folder: Path) -> "Demo":
        """Start everything that `make demo` starts, beside it."""
        stack = Stack(folder)
        with stack.stopped_on_failure():
            stack.start_servers()
            stack.start_peers()
            stack.run("load_demo", "manage.py", "load_demo", "--folder", str(folder))
            stack.start_service()
        return cls(stack, json.loads((folder / "demo.json").read_text()))

    def account(self, role: str) -> dict[str, str]:
        return next(one for one in self.described["accounts"] if one["role"] == role)


def report(demo: Demo, person: str, **more: Any) -> dict[str, Any]:
    """Send an index event of today as a journal system does, and return the answer."""
    event = {name: demo.described[name] for name in ("survey", "unit", "event")}
    event |= {"event_id": f"journey-{person}", "person_id": person, **more}
    event["date"] = schedule.stockholm_date(datetime.now(UTC)).isoformat()
    answer: dict[str, Any] = call(demo, "POST", "events/", event)
    return answer


def call(demo: Demo, method: str, path: str, body: Any = None) -> Any:
    """Call the REST API with the register's token."""
    headers = {"Authorization": f"Token {demo.described['api_token']}"}
    headers["Content-Type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    url = f"{demo.described['web']}/api/{path}"
    with urlopen(Request(url, data, headers, method=method), timeout=10) as response:
        return json.loads(response.read())


def letter_to(demo: Demo, person: str, *, within: float = 5) -> dict[str, Any]:
    """Return the person's message in the simulator's inbox, once it is there."""
    found: list[dict[str, Any]] = []

    def has_come() -> bool:
        found[:] = demo.stack.ask_simulator("GET", f"inbox/{person}")
        return bool(found)

    assert wait_until(has_come, within), f"nothing in the inbox of {person} after {within} s"
    return found[0]


def mail_to(demo: Demo, address: str, *, within: float = 10) -> str:
    """Return the text of the mail to an address, once it is there."""
    found: list[str] = []

    def has_come() -> bool:
        mails = [email.message_from_bytes(raw, policy=default) for raw in demo.stack.mails()]
        found[:] = [mail.get_content() for mail in mails if mail["To"] == address]
        return bool(found)

    assert wait_until(has_come, within), f"no mail to {address} after {within} s"
    return found[0]


def link_in(text: str) -> str:
    found = re.search(r"http://\S+", text)
    assert found, text
    return found[0]


def open_letter(page: Page, demo: Demo, person: str, *, see: Seen) -> None:
    """Find the message in the inbox, follow its link, and log in."""
    page.goto(f"{demo.described['inbox']}/inbox/{person}")
    see(page, "inbox")
    page.locator(f"a[href^='/inbox/{person}/']").first.click()
    see(page, "letter")
    page.locator("[data-action=follow]").click()
    see(page, "login")
    page.locator("[data-action=login]").click()


def answer(page: Page, answers: Mapping[str, str] = ANSWERS, *, see: Seen) -> list[str]:
    """Go from the start page to the receipt, and return the questions in the order asked."""
    see(page, "start")
    go_on(page)
    asked = []
    while question := _question(page):
        asked.append(question)
        fill_in(page, answers[question])
        see(page, f"question-{question}")
        go_on(page)
    see(page, "review")
    go_on(page)
    page.locator("main[data-state=submitted]").wait_for()
    see(page, "receipt")
    return asked


def fill_in(page: Page, value: str) -> None:
    number = page.locator("form[data-question] input[type=number]")
    if number.count():
        number.fill(value)
    else:
        page.locator(f"form[data-question] input[value='{value}']").check()


def go_on(page: Page) -> None:
    page.locator("[data-action=continue]").click()


def log_in(page: Page, demo: Demo, role: str, *, see: Seen) -> None:
    """Log in as staff, with the code of this half minute."""
    account = demo.account(role)
    page.goto(f"{demo.described['web']}/overview/")
    see(page, "staff-login")
    page.locator("[name=username]").fill(account["username"])
    page.locator("[name=password]").fill(account["password"])
    page.locator("[name=otp_token]").fill(pyotp.TOTP(account["totp_secret"]).now())
    page.locator("main [data-action=login]").click()


def find_patient(page: Page, person: str, *, see: Seen) -> None:
    see(page, "find")
    page.locator("[name=number]").fill(person)
    page.locator("[data-action=find]").click()
    page.locator("main h1").wait_for()
    see(page, "overview")


def scores(enrolment: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Return the scores of the answered occasions by scale and value set."""
    records = [each["record"] for each in answered(enrolment)]
    return {
        (score["scale"], score["set"] or ""): score["value"]
        for record in records
        for score in record["scores"]
    }


def answered(enrolment: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [each for each in enrolment["occasions"] if each["status"] == "answered"]


def _question(page: Page) -> str | None:
    """Return the code of the question that the page asks; none on the review."""
    form = page.locator("form[data-question]")
    return form.get_attribute("data-question") if form.count() else None
