"""A simulator in its own process, for the tests that speak to it over HTTP."""

import subprocess
import sys
import time
from dataclasses import dataclass, field

import pytest
import urllib3
from django.conf import settings as project

from config.local import ports

START_SECONDS = 20


@dataclass
class Simulator:
    """A running simulator, and the little that tests ask of it."""

    port: int
    folder: str
    process: subprocess.Popen | None = None
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        command = [sys.executable, "-m", "django", "simulator"]
        options = ["--port", str(self.port), "--data", self.folder]
        self.process = subprocess.Popen([*command, *options], cwd=project.BASE_DIR)
        ends_at = time.monotonic() + START_SECONDS
        while not self._answers():
            assert time.monotonic() < ends_at, "the simulator did not start"
            assert self.process.poll() is None, "the simulator ended"
            time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)

    def call(self, method, path, **more):
        return self.http.request(method, f"{self.url}{path}", redirect=False, **more)

    def inbox(self, person_id):
        return self.call("GET", f"/api/inbox/{person_id}").json()

    def totals(self):
        return self.call("GET", "/api/totals").json()

    def switch(self, kind, **more):
        answer = self.call("POST", "/api/switches", json={"kind": kind, **more})
        assert answer.status == 201, answer.data
        return answer.json()

    def mode(self, mode):
        self.call("PUT", "/api/mode", json={"mode": mode})

    def _answers(self):
        try:
            return self.call("GET", "/api/totals").status == 200
        except urllib3.exceptions.HTTPError:
            return False


@pytest.fixture(scope="session")
def running_simulator(tmp_path_factory):
    simulator = Simulator(ports.free(), str(tmp_path_factory.mktemp("simulator")))
    import pytest_socket

    pytest_socket.enable_socket()
    simulator.start()
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(running_simulator, settings, socket_enabled):
    """A simulator that behaves, and is our inbox."""
    running_simulator.call("DELETE", "/api/switches")
    running_simulator.mode("blind")
    settings.INBOX_URL = running_simulator.url
    return running_simulator
