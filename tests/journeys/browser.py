"""Chromium, and what every page on the way is held to."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
_HEADLESS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_axe = Axe()


class NoChromium(Exception):
    """There is no Chromium here; the message says how to get it."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium.

    :raises NoChromium: if there is none.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise NoChromium(
            "No Chromium here. On Debian: `make browser` as root, or "
            "`sudo apt-get install chromium`; elsewhere put it on PATH as chromium"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_HEADLESS)
        yield browser
        browser.close()


def barriers(page: Page) -> list[str]:
    """Return what axe finds on the page as it is now."""
    violations = _axe.run(page).response["violations"]
    return [
        f"{page.url}: {violation['id']} at {node['target'][0]}"
        for violation in violations
        for node in violation["nodes"]
    ]
