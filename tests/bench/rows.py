"""One line of the benchmark: a figure beside its reference, measured in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A row of the table and of `.local/bench.json`; `met` is None where nothing is wanted."""

    name: str
    value: float
    unit: str
    compared_to: str
    reference: float | None
    ratio: float | None
    target: float | None
    met: bool | None


def compared(
    name: str,
    value: float,
    unit: str,
    *,
    to: str,
    reference: float,
    at_least: float | None = None,
) -> Row:
    """Return a row whose ratio to the reference is to be at least so much."""
    ratio = value / reference
    met = None if at_least is None else ratio >= at_least
    return Row(name, _short(value), unit, to, _short(reference), round(ratio, 3), at_least, met)


def limited(name: str, value: float, unit: str, *, at_most: float, limit: str) -> Row:
    """Return a row that may not exceed a limit."""
    return Row(name, _short(value), unit, limit, None, None, at_most, value <= at_most)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
