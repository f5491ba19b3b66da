"""The pages in a real browser: accessible, light, and usable in every way of reading."""

import gzip
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as configured
from django.utils import timezone

from proms.models import Measurement
from tests.factories import (
    make_link,
    make_number,
    make_open_occasion,
    make_survey_version,
    make_version_asking,
)
from tests.surveys.pages.instruments import EVERY_KIND
from tests.surveys.pages.robot import ANSWERS

BUILT = configured.BASE_DIR / "build" / "static"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (BUILT / "patient.css").exists() or not shutil.which("chromium"),
        reason="needs Chromium and the built front end: make setup browser",
    ),
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE = {"width": 375, "height": 667}
NARROW = {"width": 320, "height": 568}
DESKTOP = {"width": 1280, "height": 800}
CONTINUE = "[data-action=continue]"


@pytest.fixture
def token():
    return token_of(None)


def token_of(version):
    now = timezone.now()
    person_id = make_number(now.microsecond % 9000)
    return make_link(make_open_occasion(version, now=now, person_id=person_id, date=now.date()))


@pytest.fixture
def pages(chromium, site):
    """Open a page of a new browser; what it complains of fails the test."""
    contexts, complaints = [], []

    def open_page(token, **options):
        context = chromium.new_context(**({"viewport": PHONE} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note(complaints, message))
        page.goto(f"{site}/s/{token}/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def _note(complaints, message):
    # A page that refuses an answer says so by its status, which the console repeats.
    if message.type in ("error", "warning") and "status of 4" not in message.text:
        complaints.append(message.text)


def go_on(page):
    page.locator(CONTINUE).click()


def fill(page):
    """Answer the question at hand as its hooks say."""
    code = page.locator("form[data-question]").get_attribute("data-question")
    first = page.locator("[name=answer]").first
    kind = first.get_attribute("type")
    if kind in ("radio", "checkbox"):
        page.locator(
            f"[name=answer][value='{ANSWERS.get(code, first.get_attribute('value'))}']"
        ).check()
    else:
        first.fill({"date": "2026-03-14", "number": "7"}.get(kind, "En text"))


def walk(page, look):
    """Answer a whole survey, and look at each page and at each page's error."""
    look("start")
    go_on(page)
    while page.locator("form[data-question]").count():
        code = page.locator("form[data-question]").get_attribute("data-question")
        look(code)
        go_on(page)
        look(f"{code} refused")
        fill(page)
        go_on(page)
    look("review")
    go_on(page)
    look("receipt")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_wcag(pages, theme):
    page = pages(token_of(make_version_asking(EVERY_KIND)), color_scheme=theme)
    faults = []

    def look(name):
        found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
        faults.extend((name, each["id"], each["nodes"][0]["html"]) for each in found)

    walk(page, look)
    page.goto(page.url.split("/answer/")[0] + "/s/unknown/")
    look("dead")

    assert not faults


@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP], ids=["320", "375", "1280"])
def test_no_page_scrolls_sideways_and_every_target_is_large(pages, viewport):
    page = pages(token_of(make_version_asking(EVERY_KIND)), viewport=viewport)
    faults = []

    def look(name):
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        small = page.evaluate(
            "[...document.querySelectorAll('button, .govuk-radios__item, .govuk-checkboxes__item,"
            " .govuk-input, .govuk-back-link')]"
            ".filter(e => e.getBoundingClientRect().height < 48).map(e => e.outerHTML)"
        )
        faults.extend([(name, "wide")] * wide + [(name, each) for each in small])

    walk(page, look)

    assert not faults


def test_the_survey_is_answered_without_the_script(pages, token):
    page = pages(token, java_script_enabled=False)
    go_on(page)
    while page.locator("form[data-question]").count():
        fill(page)
        go_on(page)
    go_on(page)

    assert page.locator("main[data-state=submitted]").count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_adaptive_test_is_answered_with_back_and_a_change(pages, script):
    version = make_survey_version(instruments=("promis-anxiety", "eq5d-5l"), languages=["sv", "en"])
    page = pages(token_of(version), java_script_enabled=script)

    def choose(value):
        page.locator(f"[name=answer][value='{value}']").check()
        go_on(page)

    go_on(page)
    first = page.url.partition("?")[0]
    for value in "333":
        choose(value)
    while page.url.partition("?")[0] != first:
        page.locator(".govuk-back-link").click()
    assert page.locator("[name=answer][value='3']").is_checked()
    choose("1")
    assert page.locator("progress").get_attribute("max") == "100"
    while page.locator("form[data-question]").count():
        fill(page)
        go_on(page)
    go_on(page)

    assert page.locator("main[data-state=submitted]").count() == 1
    test = Measurement.objects.filter(instrument_version__instrument__code="promis-anxiety").first()
    assert test.trace["path_edited"]
    assert test.trace["steps"][0]["answer"] == "1"


def test_the_survey_is_answered_by_keyboard_alone(pages, token):
    page = pages(token, viewport=DESKTOP)

    def press_until(selector, key="Tab"):
        for _ in range(20):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            page.keyboard.press(key)
        raise AssertionError(f"{selector} is not reached")

    press_until(CONTINUE)
    page.keyboard.press("Enter")
    for _ in range(5):
        page.wait_for_selector("input[type=radio]")
        question = page.url
        press_until("input[type=radio]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        press_until(CONTINUE)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, question=question: url != question)
    press_until("#answer")
    page.keyboard.type("64")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/**")
    press_until(CONTINUE)
    page.keyboard.press("Enter")

    page.wait_for_selector("main[data-state=submitted]")


@pytest.fixture
def scale(pages, token):
    """The page of a visual analogue scale."""
    page = pages(token)
    go_on(page)
    while not page.locator(".vas").count():
        fill(page)
        go_on(page)
    return page


def test_a_scale_begins_without_a_value(scale):
    assert scale.input_value("#answer") == ""
    assert not scale.locator(".vas__marker--set").count()


def test_pointing_at_the_scale_fills_the_box(scale):
    drawing = scale.locator(".vas__drawing")
    drawing.scroll_into_view_if_needed()
    ten = scale.locator(".vas__ten").get_by_text("40", exact=True).bounding_box()
    box = drawing.bounding_box()

    scale.mouse.click(box["x"] + box["width"] / 2, ten["y"] + ten["height"] / 2)

    assert abs(int(scale.input_value("#answer")) - 40) <= 1
    assert scale.locator(".vas__marker--set").count() == 1


def test_the_marker_can_be_drawn_along_the_scale(scale):
    scale.fill("#answer", "50")
    marker = scale.locator(".vas__marker")
    marker.scroll_into_view_if_needed()
    place = marker.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2

    scale.mouse.move(x, y)
    scale.mouse.down()
    scale.mouse.move(x, y - 80, steps=4)
    scale.mouse.up()

    assert 55 < int(scale.input_value("#answer")) < 80


@pytest.mark.parametrize(
    ("keys", "value"),
    [("ArrowUp", "51"), ("ArrowDown", "49"), ("Home", "0"), ("End", "100"), ("PageUp", "60")],
)
def test_keys_step_the_scale_from_its_middle(scale, keys, value):
    scale.focus("#answer")

    scale.keyboard.press(keys)

    assert scale.input_value("#answer") == value


def test_the_box_is_the_truth(scale):
    scale.fill("#answer", "7")
    assert scale.locator(".vas__marker--set").count() == 1

    scale.fill("#answer", "700")

    assert not scale.locator(".vas__marker--set").count()


def test_a_double_click_sends_one_answer(pages, token):
    page = pages(token)
    go_on(page)
    fill(page)
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)

    page.locator(CONTINUE).dblclick()
    page.wait_for_url("**/SC/**")

    assert len(sent) == 1


def test_what_is_wrong_takes_the_focus(pages, token):
    page = pages(token)
    go_on(page)

    go_on(page)

    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.locator(".govuk-error-summary a").click()
    assert page.evaluate("document.activeElement.id") == "answer"


def test_the_first_page_weighs_at_most_60_kilobytes_and_asks_nobody_else(pages, token, site):
    page = pages(token)
    go_on(page)
    asked = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")

    assert asked
    assert all(address.startswith(site) for address in asked)
    files = [
        *(BUILT / "fonts").iterdir(),
        BUILT / "patient.css",
        BUILT / "patient.js",
    ]
    weights = {path.name: len(_compressed(path)) for path in files}
    assert sum(weights.values()) + len(gzip.compress(page.content().encode())) < 60_000, weights


def _compressed(path):
    content = path.read_bytes()
    return content if path.suffix == ".woff2" else gzip.compress(content)
