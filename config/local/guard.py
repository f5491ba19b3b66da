"""Ends what a supervisor started when the supervisor itself was killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time

PATIENCE = 5.0


class Guard:
    """A process that reads a pipe of ours: the pipe's end is our end."""

    def __init__(self) -> None:
        self._popen = subprocess.Popen(
            [sys.executable, "-I", __file__], stdin=subprocess.PIPE, start_new_session=True
        )

    def watch(self, pid: int, stop_signal: signal.Signals) -> None:
        """Let a process and its children end with us."""
        self._say(f"{pid} {stop_signal.value}")

    def forget(self, pid: int) -> None:
        """Let a process be: it has ended."""
        self._say(f"{pid} 0")

    def close(self) -> None:
        """End the guard, when all that it watches has ended."""
        self._popen.kill()
        self._popen.wait()
        if self._popen.stdin:
            self._popen.stdin.close()

    def _say(self, line: str) -> None:
        if self._popen.stdin and self._popen.poll() is None:
            self._popen.stdin.write(f"{line}\n".encode())
            self._popen.stdin.flush()


def main() -> None:
    watched: dict[int, int] = {}
    for line in sys.stdin:
        pid, number = map(int, line.split())
        watched[pid] = number
        if not number:
            del watched[pid]
    for pid, number in watched.items():
        _signal(pid, number)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and any(_signal(pid, 0) for pid in watched):
        time.sleep(0.1)
    for pid in watched:
        _signal(pid, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


if __name__ == "__main__":
    main()
