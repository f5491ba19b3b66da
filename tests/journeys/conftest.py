"""The demonstration as real processes, and a browser; each starts when it is first needed."""

import pytest

from tests.journeys import browser
from tests.journeys.walking import Demo
from tests.stack import new_folder


@pytest.fixture(scope="session")
def demo():
    demo = Demo.start(new_folder("journeys"))
    yield demo
    demo.stack.stop()


@pytest.fixture
def open_page(chromium):
    """Open a page in a browser of its own, as a phone's unless said otherwise."""
    contexts = []

    def make(*, viewport=browser.PHONE, **options):
        contexts.append(chromium.new_context(viewport=viewport, **options))
        contexts[-1].set_default_timeout(10_000)
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def inspect():
    """Look at a page as axe does; what it finds fails the test at its end."""
    found = []
    yield lambda page, name: found.extend(browser.barriers(page))
    assert found == []
