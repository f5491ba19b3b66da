"""How a contradiction is named, and what the checks share."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from proms.instruments.definition import Definition
from proms.instruments.items import Item
from proms.instruments.scales import Scale


class Problem(NamedTuple):
    """One fault: where it is, what it is, and what mends it."""

    path: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}. {self.cure}."


def items(definition: Definition) -> Iterator[tuple[str, Item]]:
    """Return the items, each with its JSON path."""
    return ((f"$.items[{place}]", item) for place, item in enumerate(definition.items))


def scales(definition: Definition) -> Iterator[tuple[str, Scale]]:
    """Return the scales, each with its JSON path."""
    return ((f"$.scales[{place}]", scale) for place, scale in enumerate(definition.scales))


def repeated(path: str, codes: Iterable[str]) -> Iterator[Problem]:
    """Return each code that stood in the list before."""
    seen: set[str] = set()
    for place, code in enumerate(codes):
        if code in seen:
            yield Problem(f"{path}[{place}]", f"{code} stands here twice", "Give it another code")
        seen.add(code)


def span(path: str, low: float | None, high: float | None) -> Iterator[Problem]:
    """Return a range whose high end is below its low one."""
    if low is not None and high is not None and low > high:
        yield Problem(f"{path}.maximum", f"{high:g} is below {low:g}", "Swap them")


def rising(numbers: Iterable[float]) -> bool:
    """Whether each number is above the one before."""
    return all(former < latter for former, latter in pairwise(numbers))


def unknown(path: str, kind: str, code: str) -> Problem:
    """Return the problem of a name that stands for nothing."""
    return Problem(path, f"there is no {kind} {code}", "Name one that exists")
