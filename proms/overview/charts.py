"""Trends of one scale: what the chart draws, what it says, and that nothing is joined wrongly."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from proms.instruments.scales import Scale
from proms.overview import texts
from proms.overview.timeline import LineKey, Row, Section

# Half-width of a 95 % interval, in standard errors.
WHISKERS = 1.96


@dataclass(frozen=True)
class Point:
    """One value with its interval, or none where the scale could not be scored."""

    on: date
    value: float | None
    standard_error: float | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        if self.value is None or self.standard_error is None:
            return None
        half = WHISKERS * self.standard_error
        return self.value - half, self.value + half


@dataclass(frozen=True)
class Line:
    """Values that may be compared: one version, one voice, one parameter set."""

    key: LineKey
    set_id: str
    points: tuple[Point, ...]

    @property
    def values(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.value is not None)


@dataclass(frozen=True)
class Chart:
    scale: Scale
    section: Section
    lines: tuple[Line, ...]
    missed: tuple[tuple[date, str], ...]
    events: tuple[tuple[date, str], ...]

    @property
    def id(self) -> str:
        """What the page finds the chart's data by."""
        return f"chart-{self.section.definition.code}-{self.scale.code}"

    @property
    def title(self) -> str:
        """Say the finding: the latest value, and the one it started from."""
        latest, name = self._latest_line, texts.said(self.scale.title, self.scale.code)
        if latest is None:
            return _("%(scale)s: no value yet") % {"scale": name}
        first, last = latest.values[0], latest.values[-1]
        facts = {"scale": name, "last": self._number(last), "last_date": texts.day(last.on)}
        if first is last:
            return _("%(scale)s: %(last)s on %(last_date)s") % facts
        facts |= {"first": self._number(first), "first_date": texts.day(first.on)}
        return _("%(scale)s: %(last)s on %(last_date)s, %(first)s on %(first_date)s") % facts

    @property
    def facts(self) -> list[str]:
        """Unit and range, direction, n, and source."""
        answered = sum(len(line.values) for line in self.lines)
        asked = len(self.section.rows)
        counted = _("%(answered)s of %(asked)s occasions have a value") % {
            "answered": answered,
            "asked": asked,
        }
        source = _("Source: the patient's answers to %(instrument)s") % {
            "instrument": self.section.definition.name
        }
        return [*self._range(), texts.direction(self.scale.direction), counted, source]

    @property
    def description(self) -> str:
        """What the chart shows, for those who cannot see it."""
        told = [
            _("%(date)s: %(value)s") % {"date": texts.day(point.on), "value": self._number(point)}
            for line in self.lines
            for point in line.values
        ]
        missed = [f"{texts.day(on)}: {why}" for on, why in self.missed]
        return ". ".join([self.title, *told, *missed]) + "."

    def to_json(self) -> dict[str, Any]:
        """Return what the script draws; it adds nothing of its own but lines and places."""
        return {
            "title": self.title,
            "description": self.description,
            "range": [self.scale.minimum, self.scale.maximum],
            "decimals": self.scale.decimals,
            "lines": [self._line(line) for line in self.lines],
            "missed": [[on.isoformat(), why] for on, why in self.missed],
            "events": [[on.isoformat(), texts.event(kind)] for on, kind in self.events],
            "higher": texts.direction(self.scale.direction),
        }

    @property
    def _latest_line(self) -> Line | None:
        """The line that the patient's latest value belongs to."""
        known = [line for line in self.lines if line.values]
        return max(known, key=lambda line: line.values[-1].on) if known else None

    def _number(self, point: Point) -> str:
        assert point.value is not None  # noqa: S101 - only a line's values are told
        return texts.number(point.value, self.scale.decimals)

    def _range(self) -> list[str]:
        if self.scale.minimum is None or self.scale.maximum is None:
            return []
        ends = {"low": f"{self.scale.minimum:g}", "high": f"{self.scale.maximum:g}"}
        return [_("Scale %(low)s to %(high)s") % ends]

    def _line(self, line: Line) -> dict[str, Any]:
        """Return a line, broken by what lies between: a missed occasion, or another series."""
        others = [point.on for other in self.lines if other is not line for point in other.values]
        gaps = [Point(on, None) for on in [*others, *(on for on, _why in self.missed)]]
        points = sorted([*line.values, *gaps], key=lambda point: point.on)
        return {
            "name": self._name(line),
            "points": [[p.on.isoformat(), p.value, *(p.interval or ())] for p in points],
        }

    def _name(self, line: Line) -> str:
        """Name what tells a line from the others of this chart."""
        name = f"{self.section.definition.name} {line.key.version}"
        return ", ".join([name, *texts.voice(line.key.voice), *([line.set_id] * bool(line.set_id))])


def trend(section: Section, scale: Scale) -> Chart:
    """Return the chart of one scale of an instrument."""
    events = {(row.record.event.date, row.record.event.kind) for row in section.rows}
    return Chart(
        scale,
        section,
        lines=tuple(_lines(section, scale)),
        missed=tuple(_missed(section, scale)),
        events=tuple(sorted(events)),
    )


def _missed(section: Section, scale: Scale) -> Iterator[tuple[date, str]]:
    """Yield the occasions without a value: nothing was answered, or not what the scale reads."""
    for row in section.rows:
        if row.measurement is None:
            yield row.on, _("no answer")
        elif not any(point.value is not None for _set, point in _points(row, scale)):
            yield row.on, _("missing")


def _lines(section: Section, scale: Scale) -> Iterator[Line]:
    """Yield the series of a scale, in the order in which they begin."""
    points: dict[tuple[LineKey, str], list[Point]] = {}
    for row in section.answered:
        for set_id, point in _points(row, scale):
            assert row.line is not None  # noqa: S101 - the row was answered
            points.setdefault((row.line, set_id), []).append(point)
    for (key, set_id), found in points.items():
        yield Line(key, set_id, tuple(found))


def _points(row: Row, scale: Scale) -> Iterator[tuple[str, Point]]:
    for score in row.scores.get(scale.code, ()):
        yield score.set_id, Point(row.on, score.value, score.standard_error)
