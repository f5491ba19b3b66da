"""The supervisor: it restarts, it ends everything, and its own end leaves no orphan."""

import json
import os
import signal
import sys
import time

import pytest

from config.local.process import Process, wait_ready, wait_until
from config.local.servers import ROOT
from config.local.supervisor import Supervisor
from tests.config.local.test_process import is_gone, make_process

pytestmark = pytest.mark.slow


@pytest.fixture
def supervised(cluster_folder):
    """A supervisor in its own process, and the pids of what it supervises."""
    process = Process(
        name="supervised",
        command=[sys.executable, "-m", "tests.config.local.supervised", cluster_folder],
        log=cluster_folder / "supervised.log",
        folder=ROOT,
        stop_signal=signal.SIGINT,
    )
    process.start()
    wait_ready(process, lambda: "}" in process.words())
    yield process, json.loads(process.words())
    process.stop(patience=15)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_everything_ends_when_asked_to(number, supervised):
    process, children = supervised
    started = time.monotonic()

    os.kill(process.pid, number)

    assert wait_until(lambda: not process.is_running(), 15)
    assert time.monotonic() - started < 15
    assert [name for name, pid in children.items() if not is_gone(pid)] == []


def test_a_killed_supervisor_leaves_no_orphan(supervised):
    process, children = supervised

    os.kill(process.pid, signal.SIGKILL)

    assert wait_until(lambda: all(map(is_gone, children.values())), 10)


def test_a_killed_child_is_started_again(supervised):
    process, children = supervised

    os.kill(children["PostgreSQL"], signal.SIGKILL)

    assert wait_until(lambda: "PostgreSQL ended; starting it again" in process.words(), 5)
    os.kill(process.pid, signal.SIGINT)
    assert wait_until(lambda: not process.is_running(), 15)


def test_a_child_that_ends_again_and_again_is_started_ever_more_slowly(tmp_path):
    said = []
    supervisor = Supervisor(said.append)
    child = make_process(tmp_path, "pass")
    supervisor.add(child)
    child.start()

    while len(said) < 3:
        supervisor.watch()
    supervisor.stop()

    assert [words.partition(" s ")[0] for words in said] == [
        "child ended; starting it again in 0.1",
        "child ended; starting it again in 0.2",
        "child ended; starting it again in 0.4",
    ]


def test_a_command_that_was_run_to_its_end_is_not_started_again(tmp_path):
    said = []
    supervisor = Supervisor(said.append)

    supervisor.finish(make_process(tmp_path, "pass"))
    supervisor.watch()
    supervisor.stop()

    assert said == []
