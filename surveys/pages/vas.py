"""The visual analogue scale as a drawing, by presentation attributes: the CSP allows no styles."""

from dataclasses import dataclass
from functools import cache

from proms.instruments.items import Number

TOP, HEIGHT = 20, 560
AXIS, WIDTH = 100, 164
# Half the length of the marks: every one, every fifth, every tenth of a hundred.
SHORT, MIDDLE, LONG = 10, 16, 26


@dataclass(frozen=True)
class Label:
    """A figure beside the scale."""

    text: str
    y: float


@dataclass(frozen=True)
class Drawing:
    """Paths and places of a scale; `marker` is where the answer stands, if there is one."""

    minimum: float
    maximum: float
    ticks: str
    labels: tuple[Label, ...]
    marker: float | None
    axis: int = AXIS
    top: int = TOP
    bottom: int = TOP + HEIGHT
    view_box: str = f"0 0 {WIDTH} {HEIGHT + 2 * TOP}"


def drawing(number: Number, value: object) -> Drawing:
    """Return the scale of a number, marked where its value lies within."""
    low, high = number.minimum or 0.0, number.maximum or 100.0
    ticks, labels = _scale(low, high)
    return Drawing(low, high, ticks, labels, _place(value, low, high))


@cache
def _scale(low: float, high: float) -> tuple[str, tuple[Label, ...]]:
    places = [TOP + HEIGHT * step / 100 for step in range(101)]
    ticks = "".join(
        f"M{AXIS - _half(step)} {y:.1f}h{2 * _half(step)}" for step, y in enumerate(places)
    )
    labels = tuple(
        Label(f"{high - (high - low) * step / 100:g}", y)
        for step, y in enumerate(places)
        if step % 10 == 0
    )
    return ticks, labels


def _half(step: int) -> int:
    if step % 10 == 0:
        return LONG
    return SHORT if step % 5 else MIDDLE


def _place(value: object, low: float, high: float) -> float | None:
    try:
        share = (high - float(str(value))) / (high - low)
    except ValueError:
        return None
    return round(TOP + HEIGHT * share, 1) if 0 <= share <= 1 else None
