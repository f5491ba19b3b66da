"""Screens as pictures of a real browser, phone and desktop, bound into one PDF."""

import base64
import mimetypes
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from surveys.library.screens import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

WIDTHS = {"phone": (390, 844), "desktop": (1280, 800)}
HOST = "http://screens.invalid"
_CALM = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]


class NoBrowser(Exception):
    """There is nothing here to draw with; the text says what to install."""


def pdf(screens: Sequence[Screen], *, title: str, facts: Sequence[str], language: str) -> bytes:
    """Return a PDF of every screen as Chromium shows it on a phone and on a desktop.

    Pictures, not print: printing would lay the pages out anew, and no licence holder could tell
    what patients see. For the same reason no other layout engine stands in for the browser.

    :raises NoBrowser: if Chromium or its driver is missing.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise NoBrowser("Chromium is missing. On Debian: sudo apt-get install chromium.")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NoBrowser("Playwright is missing. Install it with: make setup.") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_CALM)
        pictures = {name: _pictures(browser, screens, size) for name, size in WIDTHS.items()}
        sheets = [
            (screen.code, [(name, pictures[name][place]) for name in WIDTHS])
            for place, screen in enumerate(screens)
        ]
        context = {"title": title, "facts": facts, "sheets": sheets, "language": language}
        page = browser.new_page()
        page.set_content(render_to_string("library/bound.html", context))
        bound = page.pdf(format="A4", print_background=True)
        browser.close()
    return bytes(bound)


def _pictures(browser: "Browser", screens: Sequence[Screen], size: tuple[int, int]) -> list[str]:
    """Return each screen's picture as base64, whole from top to bottom."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height})
    pages = {f"{HOST}/{place}": screen.html for place, screen in enumerate(screens)}
    context.route("**/*", lambda route: _serve(route, pages))
    page = context.new_page()
    taken = []
    for address in pages:
        page.goto(address, wait_until="load")
        page.evaluate("document.fonts.ready")
        taken.append(base64.b64encode(page.screenshot(full_page=True)).decode())
    context.close()
    return taken


def _serve(route: "Route", pages: dict[str, str]) -> None:
    """Answer from memory and from the built files; nothing leaves this machine."""
    address = route.request.url
    if address in pages:
        route.fulfill(body=pages[address], content_type="text/html; charset=utf-8")
        return
    name = address.removeprefix(HOST).removeprefix(settings.STATIC_URL)
    file = _static_file(name)
    if file is None:
        route.fulfill(status=404)
    else:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        route.fulfill(body=file.read_bytes(), content_type=kind)


def _static_file(name: str) -> Path | None:
    """Return a static file by its address: collected, under a hashed name, or as built."""
    if ".." in name:
        return None
    collected = Path(settings.STATIC_ROOT) / name
    if collected.is_file():
        return collected
    found = finders.find(name)
    return Path(str(found)) if found else None
