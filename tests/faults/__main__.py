"""Run the fault experiments: `python -m tests.faults`, with ONLY=F1 for one of them."""

import os
import random
import sys
import time
from dataclasses import asdict

from config.local.process import CannotRun
from config.local.servers import ROOT
from tests import tables
from tests.faults import campaign
from tests.faults.experiments import EXPERIMENTS

FILE = ROOT / ".local" / "faults.json"
SHOWN = 5


def main() -> None:
    seed = int(os.environ.get("SEED") or random.randrange(1, 10_000))
    rows, broken = [], []
    for name, mode, experiment in campaign.runs(_wanted()):
        started = time.monotonic()
        verdict = campaign.run(experiment, mode=mode, seed=seed)
        rows.append(asdict(campaign.row(name, mode, seed, verdict)))
        broken += [
            f"{name} {mode}: {where}: {'; '.join(verdict.broken[where])}"
            for where in verdict.broken
        ]
        seconds = time.monotonic() - started
        _say(f"{name} {mode}: {len(verdict.broken)} promises broken, {seconds:.0f} s")
    tables.write(FILE, rows)
    _say(tables.text(rows))
    if broken:
        raise SystemExit("\n".join([*broken[:SHOWN], f"{len(broken)} promises broken"]))


def _wanted():
    only = os.environ.get("ONLY")
    if not only:
        return EXPERIMENTS
    if only not in EXPERIMENTS:
        raise SystemExit(f"ONLY={only} is none of {', '.join(EXPERIMENTS)}")
    return {only: EXPERIMENTS[only]}


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except CannotRun as trouble:
        raise SystemExit(f"The experiments cannot run: {trouble}") from None
