"""Keeps processes running, and ends all of them together."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn

from config.local.guard import Guard
from config.local.process import Process, wait_until

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 30.0
STEADY = 60.0
PATIENCE = 4.0
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class _Child:
    process: Process
    started_at: float
    pause: float = FIRST_PAUSE
    restart_at: float | None = None


@dataclass
class Supervisor:
    """Restarts what ends, ever more slowly if it ends again and again.

    Each added group ends before the groups that were added before it.
    """

    say: Callable[[str], None]
    _guard: Guard = field(default_factory=Guard)
    _groups: list[list[_Child]] = field(default_factory=list)

    def run(self, start: Callable[[], None]) -> None:
        """Start, then keep running until Ctrl-C or SIGTERM; end everything in any case."""
        for number in _ENDINGS:
            signal.signal(number, _end)
        try:
            start()
            while True:
                self.watch()
                time.sleep(0.2)
        except KeyboardInterrupt:
            self.say("Ending everything")
        finally:
            for number in _ENDINGS:
                signal.signal(number, signal.SIG_IGN)
            self.stop()

    def add(self, *processes: Process) -> None:
        """Take care of processes, which somebody else is about to start."""
        for process in processes:
            process.guard = self._guard
        self._groups.append([_Child(process, time.monotonic()) for process in processes])

    def finish(self, process: Process) -> None:
        """Run a command to its end; it is not started again.

        :raises CannotRun: if it fails.
        """
        self.add(process)
        group = self._groups[-1]
        process.finish()
        self._groups.remove(group)

    def watch(self) -> None:
        """Restart what ended and is due again; call this a few times a second."""
        for group in self._groups:
            for child in group:
                if not child.process.is_running():
                    self._revive(child, time.monotonic())

    def stop(self) -> None:
        """End everything, last group first: in good order, or by force after a few seconds."""
        for group in reversed(self._groups):
            processes = [child.process for child in group]
            for process in processes:
                process.ask()
            wait_until(lambda: not any(one.is_running() for one in processes), PATIENCE)  # noqa: B023
            for process in processes:
                process.kill()
        self._guard.close()

    def _revive(self, child: _Child, now: float) -> None:
        if child.restart_at is None:
            self._mourn(child, now)
        elif now >= child.restart_at:
            child.process.start()
            child.started_at, child.restart_at = now, None

    def _mourn(self, child: _Child, now: float) -> None:
        process = child.process
        process.kill()  # what it had started
        if now - child.started_at > STEADY:
            child.pause = FIRST_PAUSE
        child.restart_at = now + child.pause
        self.say(f"{process.name} ended; starting it again in {child.pause:.1f} s ({process.log})")
        child.pause = min(2 * child.pause, LONGEST_PAUSE)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
