"""Write a picture of every page to docs/screenshots: `python -m tests.journeys.screenshots`."""

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from config.local.process import CannotRun
from config.local.servers import ROOT
from surveys.demonstration import people
from tests.journeys import browser, walking
from tests.journeys.walking import Demo
from tests.stack import new_folder

FOLDER = ROOT / "docs" / "screenshots"
SIZES = {"phone": browser.PHONE, "desktop": browser.DESKTOP}
# One question of each kind is enough.
ALIKE = {"question-SC", "question-UA", "question-PD", "question-AD"}
ADMIN = {"admin": "/admin/", "admin-surveys": "/admin/surveys/survey/"}
# Charts move to their new size.
_SETTLING = 400


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    demo = Demo.start(new_folder("screenshots"))
    try:
        with browser.chromium() as chromium:
            _as_patient(demo, chromium.new_page())
            _as_staff(demo, chromium)
    finally:
        demo.stack.stop()
    sizes = [path.stat().st_size for path in FOLDER.glob("*.png")]
    sys.stdout.write(f"{len(sizes)} pictures, {sum(sizes) // 1000} kB, in {FOLDER}\n")


def _as_patient(demo: Demo, page: Page) -> None:
    person = demo.described["people"][0]
    walking.report(demo, person)
    walking.letter_to(demo, person)
    walking.open_letter(page, demo, person, see=_picture)
    walking.answer(page, see=_picture)
    page.goto(f"{demo.described['web']}/s/no-such-link/")
    _picture(page, "dead-link")


def _as_staff(demo: Demo, chromium: Browser) -> None:
    clinician, registry = chromium.new_page(), chromium.new_page()
    walking.log_in(clinician, demo, "clinician", see=_picture)
    walking.find_patient(clinician, people.PATIENTS[0], see=_picture)
    walking.log_in(registry, demo, "registry", see=_pass)
    for name, path in ADMIN.items():
        registry.goto(demo.described["web"] + path)
        _picture(registry, name)


def _picture(page: Page, name: str) -> None:
    """Take the page at each size, unless one like it is taken."""
    for size, viewport in SIZES.items() if name not in ALIKE else ():
        page.set_viewport_size(viewport)
        page.wait_for_timeout(_SETTLING)
        path = FOLDER / f"{name}-{size}.png"
        page.screenshot(path=path, full_page=True, animations="disabled")
        _shrink(path)


def _pass(page: Page, name: str) -> None:
    """Take no picture."""


def _shrink(path: Path) -> None:
    """Keep 128 colours: these pages have few, and the file becomes a fraction."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    try:
        main()
    except (CannotRun, browser.NoChromium) as trouble:
        raise SystemExit(f"No pictures: {trouble}") from None
