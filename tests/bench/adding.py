"""What an adaptive test adds to an answer step: in one process, by turns with a fixed form."""

import json
from collections.abc import Iterator
from statistics import median

from tests.bench.rows import Row, compared, limited
from tests.stack import Stack, new_folder

BANK, FORM = "promis-anxiety", "promis-anxiety-8a"
FILE = "adding.json"
MOST_MS = 1


def measure() -> Iterator[Row]:
    """Take the same kind of step in an adaptive test and in a short form of the same bank."""
    stack = Stack(new_folder("bench"), durable=True)
    try:
        stack.start_servers()
        stack.run("turns", "tests.bench.turns", str(stack.folder / FILE), BANK, FORM)
        turns = json.loads((stack.folder / FILE).read_text())
    finally:
        stack.stop()
    adaptive, fixed = (median(turn[code] for turn in turns) for code in (BANK, FORM))
    # Within a turn both meet the same load.
    added = median(turn[BANK] - turn[FORM] for turn in turns)
    name = "adaptive answer step, in process"
    yield compared(name, adaptive, "ms", to=f"a step of {FORM}", reference=fixed)
    yield limited(f"{name}: over a fixed one", added, "ms", at_most=MOST_MS, limit="issue 4")
