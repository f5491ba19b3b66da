"""Tables of one instrument: its answers by occasion, with changed levels marked."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from proms.instruments.scales import Scale
from proms.models import Score
from proms.overview import texts
from proms.overview.timeline import Cell, Row, Section
from proms.scoring import value_sets

# So many rows stand on a printed page with the trend above them.
PRINTED_ROWS = 8


@dataclass(frozen=True)
class ShownCell:
    """One answer in words. `change` is a word and a shape, never colour alone."""

    column: str
    level: str
    words: str
    change: str = ""
    mark: str = ""


@dataclass(frozen=True)
class ShownRow:
    """One occasion; `missed` stands in place of the answers."""

    day: str
    occasion: str
    circumstances: str
    missed: str
    profile: str
    cells: tuple[ShownCell, ...]
    indices: tuple[str, ...]
    trends: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    index_name: str
    trend_names: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    notes: tuple[str, ...]
    has_changes: bool

    @property
    def printed(self) -> tuple[ShownRow, ...]:
        return self.rows[:PRINTED_ROWS]

    @property
    def older(self) -> tuple[ShownRow, ...]:
        """The rows that only the screen shows."""
        return self.rows[PRINTED_ROWS:]

    @property
    def width(self) -> int:
        """How many columns stand beside the occasion."""
        profile, index = bool(self.columns), bool(self.index_name)
        return len(self.trend_names) + len(self.columns) + profile + index


def table(section: Section) -> Table:
    """Return the instrument's table, the latest occasion first."""
    rows = tuple(_row(row, section) for row in reversed(section.rows))
    indices = [texts.said(scale.title, scale.code) for scale in section.indices]
    return Table(
        columns=tuple(texts.said(item.title or item.text, item.code) for item in section.items),
        index_name=" / ".join(indices),
        trend_names=tuple(texts.said(scale.title, scale.code) for scale in section.trends),
        rows=rows,
        notes=tuple(_notes(section)),
        has_changes=any(cell.change for row in rows for cell in row.cells),
    )


def _row(row: Row, section: Section) -> ShownRow:
    names = row.record.time_point_names
    return ShownRow(
        day=texts.day(row.on),
        occasion=texts.said(names, row.record.time_point),
        circumstances=", ".join(texts.circumstances(row.record)),
        missed="" if row.measurement else texts.missed(row.record),
        profile=_profile(row, section),
        cells=tuple(_cell(cell) for cell in row.cells),
        indices=tuple(_values(row, section.indices)),
        trends=tuple(
            (texts.said(scale.title, scale.code), " / ".join(_values(row, (scale,))))
            for scale in section.trends
        ),
    )


def _cell(cell: Cell) -> ShownCell:
    column = texts.said(cell.item.title or cell.item.text, cell.item.code)
    if not cell.answer:
        return ShownCell(column, "", _("missing") if cell.was_asked else _("not asked"))
    words = texts.said(cell.item.options_by_code[cell.answer].text, cell.answer)
    marks = {
        "higher": ("▲", _("up from %(level)s") % {"level": cell.earlier}),
        "lower": ("▼", _("down from %(level)s") % {"level": cell.earlier}),
    }
    mark, change = marks.get(cell.change, ("", ""))
    return ShownCell(column, cell.answer, words, change, mark)


def _profile(row: Row, section: Section) -> str:
    """Return the levels in the order of the items, a stroke for what is missing."""
    if not row.measurement or not section.items:
        return ""
    return "".join(cell.answer or "–" for cell in row.cells)


def _values(row: Row, scales: tuple[Scale, ...]) -> Iterator[str]:
    for scale in scales:
        for score in row.scores.get(scale.code, ()):
            yield _value(score, scale)


def _value(score: Score, scale: Scale) -> str:
    if score.value is None:
        return score.state or _("missing")
    return texts.number(score.value, scale.decimals)


def _notes(section: Section) -> Iterator[str]:
    """Name each value set that an index was made with, and what its best value is."""
    codes = [scale.code for scale in section.indices]
    used = {
        score.set_id: None
        for row in section.answered
        for code in codes
        for score in row.scores.get(code, ())
        if score.set_id
    }
    known = value_sets.all_sets()
    for set_id in used:
        if found := known.get(set_id):
            yield _set_note(found)


def _set_note(value_set: value_sets.ValueSet) -> str:
    return _("Index: value set %(id)s, doi:%(doi)s. Profile 11111 gives %(best)s.") % {
        "id": value_set.id,
        "doi": value_set.doi,
        "best": texts.number(value_set.value_best_state, 4),
    }
