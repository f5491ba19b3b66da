import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from config.local import ports
from tests.notifications.conftest import Simulator

PERSON = "198001022386"


@pytest.fixture
def own(tmp_path, socket_enabled):
    """A simulator of the test's own, to be killed."""
    simulator = Simulator(ports.free(), str(tmp_path))
    simulator.start()
    yield simulator
    simulator.stop()


def test_a_port_in_use_gives_one_clear_line(own):
    with pytest.raises(CommandError, match=f"port {own.port} is in use"):
        call_command("simulator", port=own.port)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_simulator_leaves_nothing_behind_and_remembers(own):
    switch = own.switch("inactive", person_id=PERSON)
    children = f"/proc/{own.process.pid}/task/{own.process.pid}/children"
    with open(children) as file:
        workers = file.read().split()

    os.kill(own.process.pid, signal.SIGKILL)
    own.process.wait()
    own.start()

    states = subprocess.run(["ps", "-o", "stat=", *workers], capture_output=True, text=True).stdout
    assert not states.replace("Z", "").strip()
    assert own.call("GET", "/api/switches").json() == [switch]
