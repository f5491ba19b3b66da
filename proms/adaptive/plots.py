"""Line charts as SVG with presentation attributes only, so that a strict CSP lets them show."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

import numpy as np

from proms.adaptive.recovery import FORM, FULL_BANK, Row, Tables

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 176, 40, 52
# Okabe & Ito's palette: told apart by colour-blind readers; dashes tell them apart in grey.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#7f7f3f")
DASHES = ("", "6 3", "2 3", "9 3 2 3")

Points = Sequence[tuple[float, float]]


class Chart(NamedTuple):
    """Lines over one pair of axes; `places` says whose look a line has, else its own turn does."""

    title: str
    across: str
    up: str
    lines: Mapping[str, Points]
    places: Mapping[str, int] = {}


class _Axis(NamedTuple):
    """Where values stand on the page."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """Return round values, 1, 2 or 5 times a power of ten apart."""
        rough = (self.high - self.low) / 6
        power = 10.0 ** np.floor(np.log10(rough))
        step = power * min((1, 2, 5, 10), key=lambda times: abs(times * power - rough))
        first, last = np.ceil(self.low / step - 1e-9), np.floor(self.high / step + 1e-9)
        return [float(number * step) for number in np.arange(first, last + 1)]


def charts(tables: Tables) -> dict[str, str]:
    """Return the plots of a study by file name."""
    return {f"{name}.svg": svg(chart) for name, chart in drawn(tables).items()}


def drawn(tables: Tables) -> dict[str, Chart]:
    """Return the plots of a study by name, for whoever words them otherwise."""
    bands, curves = tables["bands"], tables["information"]
    bank = [row for row in curves if row["method"] == FULL_BANK]
    forms = _lines(_but_the_bank(curves), "t", "information")
    information = forms | _lines(_adaptive(tables, "bands"), "t_mean", "information")
    by_t = [
        ("bias", "Bias", "bias (T)", _lines(bands, "t_mean", "bias")),
        ("rmse", "Root mean square error", "RMSE (T)", _lines(bands, "t_mean", "rmse")),
        ("se", "Standard error", "mean SE (T)", _lines(bands, "t_mean", "se")),
        ("items", "Length of the test", "items", _lines(_but_the_bank(bands), "t_mean", "items")),
        ("information", "Test information", "information", information),
        ("bank", "Information of the bank", "information", _lines(bank, "t", "information")),
    ]
    found = {name: Chart(title, "T", up, lines) for name, title, up, lines in by_t}
    lengths = _lines(_adaptive(tables, "lengths"), "items", "share")
    found["lengths"] = Chart("Length of the test", "items", "share of people", lengths)
    exposure = _exposure(_but_the_bank(tables["items"]))
    found["exposure"] = Chart("Items, most used first", "rank", "share of tests", exposure)
    # A method looks the same in every plot.
    places = {str(row["method"]): place for place, row in enumerate(tables["summary"])}
    return {name: chart._replace(places=places) for name, chart in found.items()}


def _but_the_bank(rows: Iterable[Row]) -> list[Row]:
    """Leave the whole bank out, beside which all else is small."""
    return [row for row in rows if row["method"] != FULL_BANK]


def _lines(rows: Iterable[Row], across: str, up: str) -> dict[str, Points]:
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        lines.setdefault(str(row["method"]), []).append((float(row[across]), float(row[up])))
    return dict(lines)


def _adaptive(tables: Tables, name: str) -> list[Row]:
    """Return a table's rows of adaptive tests."""
    forms = {row["method"] for row in tables["stops"] if row["why"] == FORM}
    return [row for row in tables[name] if row["method"] not in forms]


def _exposure(rows: Iterable[Row]) -> dict[str, Points]:
    return {
        method: list(enumerate(sorted((share for _, share in points), reverse=True), start=1))
        for method, points in _lines([{**row, "x": 0} for row in rows], "x", "share").items()
    }


def svg(chart: Chart) -> str:
    """Return a chart as an SVG document."""
    across, up = _axes(chart)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' font-family="sans-serif" font-size="12" fill="#222222">',
        f"<title>{escape(chart.title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, TOP - 16, chart.title, "start", 'font-size="15" font-weight="bold"'),
        *_grid(across, up),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, chart.across, "middle"),
        _text(8, TOP - 2, chart.up, "start"),
        *(_line(chart, number, across, up) for number in range(len(chart.lines))),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes(chart: Chart) -> tuple[_Axis, _Axis]:
    every = [point for points in chart.lines.values() for point in points]
    across, up = ([point[i] for point in every] for i in (0, 1))
    low, high = min([0.0, *up]), max([0.0, *up])
    left, right = min(across), max(across)
    return (
        _Axis(left, right if right > left else left + 1, LEFT, WIDTH - RIGHT),
        _Axis(low, high if high > low else low + 1, HEIGHT - BOTTOM, TOP + 8),
    )


def _grid(across: _Axis, up: _Axis) -> Iterable[str]:
    for tick in up.ticks():
        y = up.place(tick)
        yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
        yield _text(LEFT - 8, y + 4, f"{tick:zg}", "end")
    for tick in across.ticks():
        x = across.place(tick)
        yield f'<path d="M{x} {HEIGHT - BOTTOM}v5" stroke="#222222"/>'
        yield _text(x, HEIGHT - BOTTOM + 18, f"{tick:zg}", "middle")


def _line(chart: Chart, number: int, across: _Axis, up: _Axis) -> str:
    """Return a line with its name beside the plot."""
    name, points = list(chart.lines.items())[number]
    place = chart.places.get(name, number)
    way = " ".join(f"{across.place(x)},{up.place(y)}" for x, y in points)
    look = f'stroke="{COLOURS[place % len(COLOURS)]}" stroke-width="2" fill="none"'
    if dash := DASHES[place % len(DASHES)]:
        look += f' stroke-dasharray="{dash}"'
    x, y = WIDTH - RIGHT + 16, TOP + 16 + 20 * number
    key = f'<path d="M{x} {y - 4}h24" {look}/>' + _text(x + 32, y, name, "start")
    return f'<polyline points="{way}" {look}/>{key}'


def _text(x: float, y: float, words: str, anchor: str, look: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" {look}>{escape(words)}</text>'
