"""One patient over time: what was asked, what was answered, and what is still to come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from django.db.models import Prefetch
from django.utils import timezone

from proms import access, adopting
from proms.instruments.definition import Definition
from proms.instruments.items import Item
from proms.instruments.scales import Scale
from proms.models import Commission, Measurement, Mode, Patient, Record, Score

Status = Record.Status
MISSED = frozenset({Status.UNANSWERED, Status.DECLINED})
# Who answers splits a series; a helping hand does not: the answers are the patient's (facts).
VOICES = {Mode.HELPED: Mode.SELF}


@dataclass(frozen=True)
class LineKey:
    """What measurements must share to be compared: anything else is another series."""

    version: str
    voice: str


@dataclass(frozen=True)
class Cell:
    """One answer, and the one before it in the same series where that was another."""

    item: Item
    answer: str = ""
    earlier: str = ""
    was_asked: bool = True

    @property
    def change(self) -> str:
        """Which way the level went: "higher", "lower", or nothing."""
        if not self.earlier or not self.answer or self.answer == self.earlier:
            return ""
        options = list(self.item.options_by_code)
        up = options.index(self.answer) > options.index(self.earlier)
        return "higher" if up else "lower"


@dataclass(frozen=True)
class Row:
    """One occasion as one instrument's table shows it: answered, or missed."""

    record: Record
    measurement: Measurement | None = None
    definition: Definition | None = None
    cells: tuple[Cell, ...] = ()

    @property
    def on(self) -> date:
        """The day of the last answer, or the last day it could have been given."""
        at = self.measurement.answered_at if self.measurement else self.record.closes_at
        return timezone.localdate(at)

    @property
    def line(self) -> LineKey | None:
        if self.definition is None:
            return None
        voice = VOICES.get(Mode(self.record.mode), self.record.mode)
        return LineKey(self.definition.version, voice)

    @cached_property
    def scores(self) -> Mapping[str, tuple[Score, ...]]:
        """The scores by scale; a scale may have one per value set."""
        if self.measurement is None:
            return {}
        found = sorted(self.measurement.scores.all(), key=lambda score: (score.scale, score.pk))
        return {scale: tuple(group) for scale, group in groupby(found, lambda score: score.scale)}


@dataclass(frozen=True)
class Section:
    """One instrument: its rows in the order of time, and the definition of the latest."""

    definition: Definition
    rows: tuple[Row, ...]

    @property
    def answered(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.measurement)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items shown answer by answer: those of a profile."""
        codes = [code for scale in self._of_kind("profile") for code in scale.items]
        return tuple(self.definition.items_by_code[code] for code in codes)

    @property
    def indices(self) -> tuple[Scale, ...]:
        """Scales that weigh a profile for groups: shown small, never as a trend of one person."""
        return self._of_kind("index")

    @property
    def trends(self) -> tuple[Scale, ...]:
        """Scales that are drawn over time."""
        aside = ("profile", "index", "level_sum", "level_frequencies")
        return tuple(each for each in self.definition.scales if each.rule.kind not in aside)

    def _of_kind(self, kind: str) -> tuple[Scale, ...]:
        return tuple(each for each in self.definition.scales if each.rule.kind == kind)


@dataclass(frozen=True)
class Timeline:
    """Everything that one commission may see of one patient."""

    records: tuple[Record, ...]
    now: datetime
    sections: tuple[Section, ...] = field(default=())

    @property
    def outstanding(self) -> list[Record]:
        """What the patient can answer now."""
        return [r for r in self.records if r.status == Status.EXPECTED and r.closes_at > self.now]

    @property
    def planned(self) -> list[Record]:
        return [record for record in self.records if record.status == Status.PLANNED]

    @property
    def missed(self) -> list[Record]:
        return [record for record in self.records if record.status in MISSED]

    @property
    def events(self) -> list[tuple[date, str]]:
        """The index events, each once."""
        return sorted({(r.event.date, r.event.kind) for r in self.records if _stands(r)})


def assemble(patient: Patient, commission: Commission, *, now: datetime) -> Timeline:
    """Return the patient's records that the commission covers, in few queries however many."""
    records = tuple(_records(patient, commission))
    return Timeline(records, now, tuple(_sections(records)))


def _records(patient: Patient, commission: Commission) -> Iterable[Record]:
    measurements = Measurement.objects.select_related("instrument_version__instrument")
    # Read once per process and version, see adopting: not once per measurement.
    lean = measurements.defer("instrument_version__definition").order_by("position")
    visible = access.visible_to(commission, Record.objects.filter(patient=patient))
    return (
        visible.filter(superseded_by=None)
        .exclude(status=Status.WITHDRAWN)
        .select_related("event", "unit")
        .prefetch_related(Prefetch("measurements", lean), "measurements__scores")
        .order_by("due_at", "pk")
    )


def _sections(records: tuple[Record, ...]) -> Iterable[Section]:
    measured: dict[str, list[Row]] = {}
    for record in records:
        for measurement in record.measurements.all():
            definition = adopting.definition_of(measurement.instrument_version)
            if definition.visibility == "individual":
                row = Row(record, measurement, definition)
                measured.setdefault(definition.code, []).append(row)
    for rows in measured.values():
        latest = max(rows, key=lambda row: row.on).definition
        assert latest is not None  # noqa: S101 - each of these rows has been measured
        yield _section(latest, rows + _missed_beside(rows, records))


def _missed_beside(rows: list[Row], records: tuple[Record, ...]) -> list[Row]:
    """Return the occasions of the same surveys from which nothing came."""
    surveys = {row.record.survey for row in rows}
    return [Row(r) for r in records if r.status in MISSED and r.survey in surveys]


def _section(definition: Definition, rows: list[Row]) -> Section:
    section = Section(definition, ())
    before: dict[LineKey | None, Row] = {}
    ordered = []
    for row in sorted(rows, key=lambda row: (row.on, str(row.record.pk))):
        compared = _with_cells(row, section.items, before.get(row.line))
        before[row.line] = compared
        ordered.append(compared)
    return Section(definition, tuple(ordered))


def _with_cells(row: Row, items: tuple[Item, ...], before: Row | None) -> Row:
    if row.measurement is None:
        return row
    earlier = before.measurement.answers if before and before.measurement else {}
    answers, asked = row.measurement.answers, row.measurement.items_asked
    cells = tuple(
        Cell(item, _text(answers, item), _text(earlier, item), item.code in asked) for item in items
    )
    return Row(row.record, row.measurement, row.definition, cells)


def _text(answers: Mapping[str, object], item: Item) -> str:
    """Return the code of the chosen option, or nothing where there is no such answer."""
    answer = str(answers.get(item.code, ""))
    return answer if answer in item.options_by_code else ""


def _stands(record: Record) -> bool:
    return record.event.withdrawn_at is None
