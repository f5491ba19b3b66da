"""What is kept of an adaptive test: enough to walk it again, and to say why it stopped."""

from typing import Any

from proms.adaptive.banks import Bank
from proms.adaptive.session import Path, Stop
from proms.adaptive.stopping import Rules

UNFINISHED = "unfinished"


def trace(bank: Bank, rules: Rules, path: Path, *, is_edited: bool = False) -> dict[str, Any]:
    """Return a path as plain data: its rule, its end, and the estimate after each answer.

    `is_edited`: the answers were not given in the order in which the test asks.
    """
    kept = {
        "rule": rules.id,
        "select": rules.select,
        "set_id": bank.set_id,
        "stop": path.next.why if isinstance(path.next, Stop) else UNFINISHED,
        "steps": [step._asdict() for step in path.steps],
    }
    return kept | ({"path_edited": True} if is_edited else {})
