"""The library's pages in a real browser: accessible, and let through by the strict policy."""

import shutil

import pytest
from django.conf import settings as configured
from django.urls import reverse

from tests.factories import make_registry_commission
from tests.journeys import browser

BUILT = configured.BASE_DIR / "build" / "static"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (BUILT / "study.css").exists() or not shutil.which("chromium"),
        reason="needs Chromium and the built front end: make setup browser",
    ),
]


@pytest.fixture
def pages(chromium, enter, live_server, settings):
    """Open a page of the library as staff in a new browser, with what it complains of."""
    settings.STATICFILES_DIRS = [BUILT]
    name = settings.SESSION_COOKIE_NAME
    session = enter(make_registry_commission()).cookies[name].value
    contexts = []

    def open_page(path, **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        held = {"name": name, "value": session, "url": live_server.url}
        context.add_cookies([held])
        page = context.new_page()
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{live_server.url}{path}")
        return page, complaints

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", [browser.PHONE, browser.DESKTOP], ids=["phone", "desktop"])
def test_a_study_is_run_and_read_without_barriers(pages, size):
    page, complaints = pages(reverse("library:simulation", args=["promis-anxiety"]), viewport=size)

    page.locator("form.study__form [type=submit]").click()
    page.locator("figure").first.wait_for()
    for behind in page.locator("summary").all():
        behind.click()

    assert page.locator("figure svg polyline").count() > 40
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    # Before axe, which writes styles into the page.
    assert complaints == []
    assert browser.barriers(page) == []
