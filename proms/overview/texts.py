"""The words of the overview: dates, names, states, and what a definition says in a language."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from proms.models import Mode, Record
from proms.overview.timeline import Timeline

Status = Record.Status


def day(on: date) -> str:
    """Return a date as people write it, 14 mars 2027."""
    return date_format(on, "j F Y")


def moment(at: datetime) -> str:
    """Return a point in time, 14 mars 2027 kl. 08.00."""
    local = timezone.localtime(at)
    return _("%(day)s at %(time)s") % {"day": day(local), "time": date_format(local, _("H:i"))}


def number(value: float, decimals: int) -> str:
    """Return a number with so many decimals, 0,878."""
    # Rounded here: number_format cuts off what it does not show.
    return number_format(f"{value:.{decimals}f}", decimals)


def said(text: Mapping[str, str], otherwise: str) -> str:
    """Return a definition's text in the reader's language, else in any it has."""
    language = (get_language() or "sv").split("-")[0]
    return text.get(language) or next(iter(text.values()), otherwise)


def event(kind: str) -> str:
    """Return the words for an index event's code."""
    known = {"surgery": _("surgery"), "start": _("start of treatment"), "visit": _("visit")}
    return known.get(kind, kind.replace("-", " ").replace("_", " "))


def direction(which: str) -> str:
    known = {
        "higher_better": _("Higher = better"),
        "higher_worse": _("Higher = more trouble"),
    }
    return known.get(which, _("No direction is better"))


def voice(mode: str) -> list[str]:
    """Return who answered, where that was not the patient alone."""
    return [] if mode in ("", Mode.SELF) else [str(Mode(mode).label)]


def circumstances(record: Record) -> list[str]:
    """Return what is worth knowing about how the answers were given."""
    on_paper = record.medium == Record.Medium.PAPER
    partly = record.status == Status.PARTIAL
    return [
        *voice(record.mode),
        *([_("on paper")] if on_paper else []),
        *([_("partly answered")] if partly else []),
    ]


def missed(record: Record) -> str:
    """Say that nothing came, and until when it could have."""
    if record.status == Status.DECLINED:
        return _("The patient declined")
    return _("Not answered")


def status(timeline: Timeline) -> list[tuple[str, str, str]]:
    """Return what is outstanding, planned and missed: a code, its word, and what it concerns."""
    return [*_waiting(timeline), *_planned(timeline), *_missed(timeline)]


def _waiting(timeline: Timeline) -> Iterator[tuple[str, str, str]]:
    for record in timeline.outstanding:
        until = day(timezone.localtime(record.closes_at))
        yield (
            "waiting",
            _("Waiting for an answer"),
            _("%(name)s, open until %(day)s")
            % {
                "name": occasion(record),
                "day": until,
            },
        )


def _planned(timeline: Timeline) -> Iterator[tuple[str, str, str]]:
    for record in timeline.planned:
        on = day(timezone.localtime(record.opens_at))
        yield "planned", _("Planned"), f"{occasion(record)}, {on}"


def _missed(timeline: Timeline) -> Iterator[tuple[str, str, str]]:
    for record in timeline.missed:
        until = day(timezone.localtime(record.closes_at))
        yield (
            "missed",
            missed(record),
            _("%(name)s, closed %(day)s")
            % {
                "name": occasion(record),
                "day": until,
            },
        )


def occasion(record: Record) -> str:
    """Return the time point's name."""
    return said(record.time_point_names, record.time_point)
