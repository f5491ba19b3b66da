"""Child processes: their logs, their ends, their failures."""

import os
import signal
import sys

import pytest

from config.local.process import CannotRun, Process, wait_ready, wait_until
from config.local.servers import ROOT


def make_process(place, code, **fields):
    return Process(
        name="child", command=[sys.executable, "-c", code], log=place / "child.log", **fields
    )


STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('deaf', flush=True); time.sleep(60)"
)


def test_a_process_that_will_not_end_is_ended(tmp_path):
    process = make_process(tmp_path, STUBBORN)
    process.start()
    wait_ready(process, lambda: "deaf" in process.words())

    process.stop(patience=0.1)

    assert not process.is_running()


def test_what_a_process_started_ends_with_it(tmp_path):
    code = (
        "import subprocess, time; child = subprocess.Popen(['sleep', '60']); "
        "print(child.pid, flush=True); time.sleep(60)"
    )
    process = make_process(tmp_path, code)
    process.start()
    wait_ready(process, lambda: process.words().endswith("\n"))
    grandchild = int(process.words())

    process.kill()

    assert wait_until(lambda: is_gone(grandchild), 5)


def test_a_failed_command_is_told_with_its_last_words(tmp_path):
    process = make_process(tmp_path, "raise SystemExit('the disk is full')")

    with pytest.raises(CannotRun, match="child failed: the disk is full"):
        process.finish()


def test_a_process_that_ends_at_once_is_not_waited_for(tmp_path):
    process = make_process(tmp_path, "raise SystemExit('no such file')")
    process.start()

    with pytest.raises(CannotRun, match="child does not start: no such file"):
        wait_ready(process, lambda: False, patience=30)


def test_words_are_those_since_the_last_start(tmp_path):
    process = make_process(tmp_path, "print(1)")
    process.finish()

    process.finish()

    assert process.words() == "1\n"
    assert process.log.read_text() == "1\n1\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_child_ends_when_its_parent_is_killed(tmp_path):
    parent = make_process(
        tmp_path,
        "import time, sys; from pathlib import Path; from config.local.process import Process;"
        f"child = Process('sleep', ['sleep', '60'], Path({str(tmp_path / 'log')!r}));"
        "child.start(); print(child.pid, flush=True); time.sleep(60)",
        folder=ROOT,
    )
    parent.start()
    wait_ready(parent, lambda: parent.words().endswith("\n"))
    child = int(parent.words())

    os.kill(parent.pid, signal.SIGKILL)

    assert wait_until(lambda: is_gone(child), 5)
    parent.kill()


def is_gone(pid):
    """Say whether a process has ended, though perhaps nobody has reaped it."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
