import shutil
import subprocess
import sys

import pytest
from django.conf import settings

from surveys.library import printing


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_the_pdf_has_a_page_for_each_screen_and_width(tmp_path):
    out = tmp_path / "screens.pdf"
    command = ["manage.py", "instrument", "screens", "promis-anxiety-4a", "sv", "--out", str(out)]

    # A process of its own: Playwright cannot be started twice in a thread.
    done = subprocess.run(
        [sys.executable, *command], cwd=settings.BASE_DIR, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    bound = out.read_bytes()
    assert bound.startswith(b"%PDF")
    assert bound.count(b"/Type /Page\n") == 1 + 2 * 4


@pytest.mark.parametrize("name", ["../settings.py", "none.css"])
def test_nothing_but_built_files_is_served(name):
    assert printing._static_file(name) is None
