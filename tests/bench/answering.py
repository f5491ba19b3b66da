"""One answer step, two requests, as patients send them: beside the same SQL without a framework."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from config.local import ports
from config.local.demo_processes import WEB_THREADS, WEB_WORKERS
from config.local.process import CannotRun, Process, wait_ready
from tests.bench.rows import Row, compared, limited
from tests.stack import Stack, new_folder

SCRIPT = Path(__file__).with_name("answering.lua")
# People who answer, and people whose steps are recorded for the bare views.
PEOPLE, RECORDED = 300, 64
CONNECTIONS = 16
SECONDS = 6
ROUNDS = 3
MOST_STATEMENTS = 8


@dataclass(frozen=True)
class Load:
    """What wrk saw."""

    steps_per_second: float
    p95_ms: float


def measure() -> Iterator[Row]:
    """Send the same steps to the service and to the bare views, by turns."""
    stack = Stack(new_folder("bench"), durable=True)
    bare_port = ports.free()
    bare = _bare_views(stack, bare_port)
    try:
        _prepare(stack)
        bare.start()
        wait_ready(bare, lambda: ports.answers(bare_port))
        rounds = [(_load(stack, stack.web_port), _load(stack, bare_port)) for _ in range(ROUNDS)]
        statements = _statements(stack.folder)
    finally:
        bare.stop()
        stack.stop()
    ours, theirs = (
        median(each.steps_per_second for each in side) for side in zip(*rounds, strict=True)
    )
    yield compared("answer step", ours, "1/s", to="the same SQL by raw psycopg", reference=theirs)
    slowest = median(ours.p95_ms for ours, _ in rounds)
    yield Row("answer step, p95", slowest, "ms", f"{CONNECTIONS} connections", *[None] * 4)
    yield limited(
        "answer step, SQL", statements, "statements", at_most=MOST_STATEMENTS, limit="a limit"
    )


def _prepare(stack: Stack) -> None:
    stack.start_servers()
    stack.run("crowd", "tests.crowd", str(PEOPLE + RECORDED), "0", "open")
    stack.run("steps", "tests.bench.steps", str(stack.folder), str(RECORDED))
    stack.start_web()


def _bare_views(stack: Stack, port: int) -> Process:
    where = ["--interface", "wsgi", "--host", ports.HOST, "--port", str(port)]
    size = ["--workers", WEB_WORKERS, "--blocking-threads", WEB_THREADS]
    app = "tests.bench.bare:application"
    folder = {"BENCH_FOLDER": str(stack.folder)}
    return stack.servers.process("bare", "granian", *where, *size, app, **folder)


def _load(stack: Stack, port: int) -> Load:
    """Send steps for a while.

    :raises CannotRun: if wrk is lacking, or an answer was not as it should be.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        raise CannotRun("no wrk here: `make browser` as root, or `sudo apt-get install wrk`")
    size = ["-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    target = [f"http://{ports.HOST}:{port}", "--", str(stack.folder / "steps.tsv")]
    done = subprocess.run(
        [wrk, *size, "-s", str(SCRIPT), *target], capture_output=True, text=True, check=True
    )
    result = done.stdout.rpartition("RESULT ")[2].split()
    requests, microseconds, failed = map(int, result[:3])
    if failed or not requests:
        raise CannotRun(f"{failed} of {requests} answers were none: {done.stdout}")
    return Load(requests / 2 / (microseconds / 1e6), float(result[3]))


def _statements(folder: Path) -> float:
    recorded = json.loads((folder / "bare.json").read_text())
    return median(len(step["post"]) + len(step["get"]) for step in recorded)
