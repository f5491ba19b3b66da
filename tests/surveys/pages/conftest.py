"""A real browser on the pages."""

import os

import pytest
from django.conf import settings as configured

from tests.journeys.browser import chromium


@pytest.fixture(scope="module")
def browser():
    # Playwright keeps an event loop in this thread; Django must not mistake us for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as browser:
        yield browser
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(settings, live_server):
    """The address of a server with the built style sheets and scripts."""
    settings.STATICFILES_DIRS = [configured.BASE_DIR / "build" / "static"]
    return live_server.url
