"""One child process: its log, its signals, and its end when we end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.local.account import Account
from config.local.guard import Guard

LOG_LIMIT = 10_000_000
_PR_SET_PDEATHSIG = 1


class CannotRun(Exception):
    """Something the machine lacks; the message is one line that says what to do."""


@dataclass
class Process:
    """A command that runs in a session of its own.

    Start it from the main thread: Linux ends it when the thread that started it ends.
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str] | None = None
    account: Account | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    guard: Guard | None = None
    _popen: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _said_before: int = 0

    def start(self) -> None:
        """Start the command anew; what it says is appended to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old"))
        with self.log.open("ab") as log:
            self._said_before = log.tell()
            self._popen = subprocess.Popen(  # noqa: S603
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment,
                start_new_session=True,
                preexec_fn=_dies_with(os.getpid(), self.orphan_signal),
                **(self.account.popen() if self.account else {}),
            )
        if self.guard:
            self.guard.watch(self.pid, self.stop_signal)

    @property
    def pid(self) -> int:
        if self._popen is None:
            raise CannotRun(f"{self.name} has not been started")
        return self._popen.pid

    def is_running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the command and everything it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def ask(self) -> None:
        """Ask the command, not what it started, to end in good order."""
        if self.is_running():
            os.kill(self.pid, self.stop_signal)

    def kill(self) -> None:
        """End it at once, as a crash would, with everything that it started."""
        if self._popen is not None:
            self.signal(signal.SIGKILL)
            self._popen.wait()
            if self.guard:
                self.guard.forget(self.pid)

    def stop(self, patience: float = 5.0) -> None:
        """End it in good order, or by force when patience (seconds) is over."""
        self.ask()
        wait_until(lambda: not self.is_running(), patience)
        self.kill()

    def finish(self) -> None:
        """Run the command to its end.

        :raises CannotRun: if it fails.
        """
        self.start()
        if self._popen and self._popen.wait():
            raise CannotRun(f"{self.name} failed: {self.last_words()} ({self.log})")

    def words(self) -> str:
        """Return what the command has said since it was started."""
        with self.log.open("rb") as log:
            log.seek(self._said_before)
            return log.read().decode(errors="replace")

    def last_words(self) -> str:
        return (self.words().strip().splitlines() or ["it said nothing"])[-1]


def wait_until(condition: Callable[[], bool], patience: float) -> bool:
    """Wait until the condition holds; say whether it did within `patience` seconds."""
    deadline = time.monotonic() + patience
    while not (held := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return held


def wait_ready(process: Process, is_ready: Callable[[], bool], patience: float = 30.0) -> None:
    """Wait until a process serves.

    :raises CannotRun: if it ends, or does not serve within `patience` seconds.
    """
    wait_until(lambda: not process.is_running() or is_ready(), patience)
    if not (process.is_running() and is_ready()):
        raise CannotRun(f"{process.name} does not start: {process.last_words()} ({process.log})")


def _dies_with(parent: int, number: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def bind() -> None:
        # After the change of user, which would clear it.
        prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)

    return bind
