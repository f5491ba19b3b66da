"""What became of each invitation, by the peer's own journal and the database's rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp

from tests.stack import Stack

# Where nothing more is to be sent, and the row says why.
NAMED_ENDS = {"suppressed", "undeliverable", "unknown"}
MAY_DOUBLE = "prefer-complete"
_ASKED = """
    SELECT o.id::text AS occasion, m.status, m.thread_id::text AS thread,
        count(d.id) FILTER (WHERE d.outcome = 'ambiguous') AS ambiguous
    FROM surveys_occasion o
    LEFT JOIN surveys_invitation i ON i.occasion_id = o.id AND i.step = 'invitation'
    LEFT JOIN notifications_message m ON m.id = i.message_id
    LEFT JOIN notifications_delivery d ON d.message_id = m.id
    GROUP BY o.id, m.id
"""


@dataclass(frozen=True)
class Asked:
    """An occasion that is due, and its invitation as the database has it (None: no row)."""

    occasion: str
    status: str | None
    thread: str | None
    ambiguous: int


@dataclass(frozen=True)
class Letter:
    """A message as the peer took it."""

    link: str
    thread: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """The figures of a run; `broken` says which invariants failed, by occasion."""

    sent: int = 0
    lost: int = 0
    doubled: int = 0
    ambiguous: int = 0
    stuck: int = 0
    operator_actions: int = 0
    broken: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def upper_95(self) -> float:
        """The share of invitations that break the promise, at most, with 95 % confidence."""
        return _poisson_upper(len(self.broken)) / self.sent if self.sent else 1.0


def read(stack: Stack) -> tuple[list[Asked], list[Letter]]:
    """Return what was to be sent, and what the peer took."""
    with stack.database() as connection:
        asked = [Asked(*row) for row in connection.execute(_ASKED)]
    letters = [
        Letter(letter["query_string"], letter["thread_id"], letter["text"])
        for letter in stack.letters()
    ]
    return asked, letters


def judge(asked: Iterable[Asked], letters: Iterable[Letter], *, mode: str) -> Verdict:
    """Hold what arrived against what was asked, as the mode promises it."""
    arrived: dict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        arrived[letter.link.rpartition("=")[2]].append(letter)
    all_asked = list(asked)
    known = {one.occasion for one in all_asked}
    broken = {occasion: ["I2, sent to nobody we know"] for occasion in arrived.keys() - known}
    for one in all_asked:
        if faults := list(_faults(one, arrived.get(one.occasion, []), mode)):
            broken[one.occasion] = faults
    return _counted(all_asked, arrived, broken)


def _counted(
    asked: Sequence[Asked],
    arrived: Mapping[str, Sequence[Letter]],
    broken: Mapping[str, Sequence[str]],
) -> Verdict:
    copies = [(one, len(arrived.get(one.occasion, ()))) for one in asked]
    return Verdict(
        sent=sum(count > 0 for _, count in copies),
        lost=sum(_is_lost(one, count) for one, count in copies),
        doubled=sum(max(0, count - 1) for _, count in copies),
        ambiguous=sum(one.ambiguous for one in asked),
        stuck=sum(one.status in (None, "queued") for one in asked),
        operator_actions=sum(one.status == "quarantined" for one in asked),
        broken=broken,
    )


def _is_lost(one: Asked, count: int) -> bool:
    return not count and one.status not in NAMED_ENDS


def _faults(one: Asked, letters: Sequence[Letter], mode: str) -> Iterable[str]:
    if _is_lost(one, len(letters)):
        yield f"I1, {one.status} and not at the peer"
    if one.status in (None, "queued", "quarantined"):
        yield f"I1, still {one.status} when all was over"
    if letters and one.status in ("suppressed", "undeliverable"):
        yield f"I10, at the peer, but {one.status} in the ledger"
    if len(letters) > 1 and mode != MAY_DOUBLE:
        yield f"I2, {len(letters)} at the peer in mode {mode}"
    if len(letters) - 1 > one.ambiguous:
        yield f"I2, {len(letters)} at the peer, {one.ambiguous} marked as possibly sent"
    if {letter.thread for letter in letters} - {one.thread} or len(set(letters)) > 1:
        yield "I2, copies that differ in thread, text or link"


def _poisson_upper(count: int) -> float:
    """Return the mean under which `count` or fewer events have a chance of 5 %: 3 for none."""
    low, high = 0.0, 10.0 + 4 * count
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(count, middle) > 0.05 else (low, middle)
    return high


def _at_most(count: int, mean: float) -> float:
    term = total = exp(-mean)
    for number in range(1, count + 1):
        term *= mean / number
        total += term
    return total
