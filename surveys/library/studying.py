"""What a study of a bank's tests shows, in words: plots, and the tables behind them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proms.adaptive import plots
from proms.adaptive.plots import Chart
from proms.adaptive.recovery import FORM, FULL_BANK, Cell, Row, Tables

RULES = {
    "standard": gettext_lazy("Standard"),
    "recommended": gettext_lazy("Recommended"),
    "screen-to-cat": gettext_lazy("Screen first"),
    "paediatric": gettext_lazy("Paediatric"),
}
_METHODS = {**RULES, FULL_BANK: gettext_lazy("Whole bank")}
_REASONS = {
    "screen": gettext_lazy("The healthiest answer first"),
    "se": gettext_lazy("The standard error is small enough"),
    "se_change": gettext_lazy("The standard error hardly changes"),
    "max_items": gettext_lazy("The most questions are asked"),
    "bank_empty": gettext_lazy("Every question is asked"),
    FORM: gettext_lazy("The form is over"),
}
_T = gettext_lazy("T")
_OF_THE_PERSON = gettext_lazy("mean T of the people in the band")
# Title, across, up, what it says; in the order of the page.
_CHARTS = {
    "bias": (
        gettext_lazy("Bias"),
        _OF_THE_PERSON,
        gettext_lazy("bias (T)"),
        gettext_lazy("Found T less the T compared with. Above zero: found too high."),
    ),
    "rmse": (
        gettext_lazy("Root mean square error"),
        _OF_THE_PERSON,
        gettext_lazy("RMSE (T)"),
        gettext_lazy("How far from the T compared with, as a rule. Lower is better."),
    ),
    "se": (
        gettext_lazy("Conditional standard error"),
        _OF_THE_PERSON,
        gettext_lazy("mean SE (T)"),
        gettext_lazy("How sure the test is of itself. Lower is better."),
    ),
    "items": (
        gettext_lazy("Length by T"),
        _OF_THE_PERSON,
        gettext_lazy("questions"),
        gettext_lazy("Questions asked on average. Lower is shorter."),
    ),
    "lengths": (
        gettext_lazy("Length of the test"),
        gettext_lazy("questions"),
        gettext_lazy("share of people"),
        gettext_lazy("How many people were asked so many questions."),
    ),
    "exposure": (
        gettext_lazy("Items used"),
        gettext_lazy("rank, most used first"),
        gettext_lazy("share of tests"),
        gettext_lazy("How often each item is asked. A steep line leans on few items."),
    ),
    "information": (
        gettext_lazy("Test information"),
        _T,
        gettext_lazy("information"),
        gettext_lazy("What the questions asked tell about T. Higher is better."),
    ),
    "bank": (
        gettext_lazy("Information of the bank"),
        _T,
        gettext_lazy("information"),
        gettext_lazy("What every item together tells about T. Higher is better."),
    ),
}


@dataclass(frozen=True)
class Table:
    """Rows of cells under a heading; the first cell of each names it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def cells(self) -> list[list[str]]:
        """The rows as the reader's language writes numbers."""
        return [[_written(cell) for cell in row] for row in self.rows]


@dataclass(frozen=True)
class Figure:
    """A plot, what it says, and its numbers."""

    name: str
    svg: SafeString
    says: str
    table: Table


def summary(tables: Tables) -> Table:
    """Return the one table that compares all ways of testing."""
    head = [
        _("Test"), _("Questions"), _("Bias (T)"), _("RMSE (T)"), _("r"), _("Mean SE (T)"),
        _("SE at most 3"), _("Floor"), _("Ceiling"),
    ]  # fmt: skip
    figures = ("items", "bias", "rmse", "r", "se")
    shares = ("se_at_most_3", "floor", "ceiling")
    rows = [
        [_method(row), *(row[name] for name in figures), *(_percent(row[name]) for name in shares)]
        for row in tables["summary"]
    ]
    return Table(_("All tests beside each other"), head, rows)


def stops(tables: Tables) -> Table:
    """Return why adaptive tests ended."""
    rows = [
        [_method(row), str(_REASONS[str(row["why"])]), row["people"], _percent(row["share"])]
        for row in tables["stops"]
        if row["why"] != FORM
    ]
    return Table(_("Why tests end"), [_("Test"), _("Reason"), _("People"), _("Share")], rows)


def bands(tables: Tables) -> Table:
    """Return the recovery by stretch of T, for every way of testing."""
    head = [_("Test"), _("T"), _("People"), _("Bias (T)"), _("RMSE (T)"), _("Mean SE (T)")]
    rows = [
        [_method(row), _stretch(row), row["people"], row["bias"], row["rmse"], row["se"]]
        for row in tables["bands"]
    ]
    return Table(_("Recovery by stretch of T"), head, rows)


def figures(tables: Tables) -> Iterator[Figure]:
    """Return every plot, in the words of the reader's language."""
    drawn, people = plots.drawn(tables), int(tables["summary"][0]["people"])
    for name, (title, across, up, says) in _CHARTS.items():
        lines = {_named(method): points for method, points in drawn[name].lines.items()}
        places = {_named(method): place for method, place in drawn[name].places.items()}
        chart = Chart(str(title), str(across), str(up), lines, places)
        table = _use(tables) if name == "exposure" else _behind(chart)
        # Only our own words and numbers, escaped where they are drawn.
        svg = mark_safe(plots.svg(chart))  # noqa: S308
        yield Figure(name, svg, f"{says} {_counted(name, people)}", table)


def _counted(name: str, people: int) -> str:
    if name == "bank":
        return _("From the calibration alone, no people.")
    return ngettext("n = %(n)s person.", "n = %(n)s people.", people) % {"n": people}


def _behind(chart: Chart) -> Table:
    """Return a plot's points, a row for each place and a column for each line."""
    lines = {name: dict(points) for name, points in chart.lines.items()}
    places = sorted({place for points in lines.values() for place in points})
    rows = [[place, *(points.get(place, "") for points in lines.values())] for place in places]
    return Table(chart.title, [chart.across, *lines], rows)


def _use(tables: Tables) -> Table:
    """Return how often each item was asked, by name where the plot has its rank."""
    shares: dict[Cell, dict[str, Cell]] = {}
    for row in _but_the_bank(tables["items"]):
        shares.setdefault(row["item"], {})[_method(row)] = _percent(row["share"])
    methods = list(next(iter(shares.values())))
    rows = [[item, *(share[name] for name in methods)] for item, share in shares.items()]
    return Table(_("Items used"), [_("Item"), *methods], rows)


def _but_the_bank(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["method"] != FULL_BANK]


def _method(row: Mapping[str, Cell]) -> str:
    return _named(str(row["method"]))


def _named(method: str) -> str:
    if method in _METHODS:
        return str(_METHODS[method])
    return _("Short form %(name)s") % {"name": method}


def _written(cell: Cell) -> str:
    if not isinstance(cell, float):
        return str(cell)
    # Django cuts digits off; Python rounds them, and writes no -0.00.
    return number_format(Decimal(f"{cell:z.2f}"), 0 if cell.is_integer() else 2)


def _percent(share: Cell) -> str:
    return _("%(n)s %%") % {"n": f"{100 * float(share):.0f}"}


def _stretch(row: Mapping[str, Cell]) -> str:
    low, high = (f"{row[end]:g}" if row[end] != "" else "" for end in ("t_from", "t_to"))
    if not low:
        return _("below %(t)s") % {"t": high}
    return f"{low}–{high}" if high else _("from %(t)s") % {"t": low}
