"""Run the benchmarks: `python -m tests.bench`, with ONLY=sending for one of them."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict

from config.local.process import CannotRun
from config.local.servers import ROOT
from tests import tables
from tests.bench import adaptive, adding, answering, scoring, sending
from tests.bench.rows import Row

FILE = ROOT / ".local" / "bench.json"
BENCHMARKS: dict[str, Callable[[], Iterator[Row]]] = {
    # Microseconds first, while the process has little for its garbage collector to walk.
    "scoring": scoring.measure,
    "adaptive": adaptive.measure,
    "answering": answering.measure,
    "adding": adding.measure,
    "sending": sending.measure,
}


def main() -> None:
    rows = []
    for name in _wanted():
        started = time.monotonic()
        rows += [asdict(row) for row in BENCHMARKS[name]()]
        _say(f"{name}: {time.monotonic() - started:.0f} s")
    tables.write(FILE, rows)
    _say(tables.text(rows))


def _wanted() -> list[str]:
    only = os.environ.get("ONLY")
    if only and only not in BENCHMARKS:
        raise SystemExit(f"ONLY={only} is none of {', '.join(BENCHMARKS)}")
    return [only] if only else list(BENCHMARKS)


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except CannotRun as trouble:
        raise SystemExit(f"The benchmarks cannot run: {trouble}") from None
