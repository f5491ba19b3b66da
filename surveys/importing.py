"""Take index events from a CSV file: all or nothing per row, and a word on each row refused."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from typing import Any, BinaryIO

from django.utils.translation import override
from rest_framework.exceptions import ErrorDetail, ValidationError

from proms.models import ApiClient
from surveys import enrolling, resolving
from surveys.event_reports import EventReport

REQUIRED = ("event_id", "survey", "person_id", "unit", "event", "date")
CONTACT = ("name", "email", "phone", "address", "language", "prefers")
INFORMED = ("how", "on", "version")
CONSENT = ("channel", "source", "on")
ATTRIBUTE = "attribute_"
# Where each column of the flat form stands in the form of the API.
COLUMNS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in (*REQUIRED, "person_id_type")},
    **{name: ("contact", name) for name in CONTACT},
    **{f"informed_{name}": ("informed", name) for name in INFORMED},
    **{f"consent_{name}": ("consents", name) for name in CONSENT},
}


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text says why, and what would mend it."""


@dataclass(frozen=True)
class RowResult:
    """What became of one row: `outcome` is enrolled, known or refused, with column and cure."""

    line: int
    outcome: str
    column: str = ""
    cure: str = ""


def import_events(file: BinaryIO, *, client: ApiClient, now: datetime) -> Iterator[RowResult]:
    """Take each row as an event, and tell what became of it as it goes.

    The first line names the columns, those of the API made flat (contact's as they are, then
    `consent_channel`, `informed_how`, `attribute_side` ...). A byte-order mark is allowed.

    :raises UnreadableFile: if it is empty, not UTF-8, or lacks a column.
    """
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        rows = csv.reader(text, strict=True)
        header = [name.strip() for name in _next_row(rows) or []]
        _check(header)
        while (cells := _next_row(rows)) is not None:
            if any(cells):
                yield _take(rows.line_num, header, cells, client=client, now=now)
    finally:
        # The file is the caller's to close.
        text.detach()


def _next_row(rows: Any) -> list[str] | None:
    try:
        return next(rows, None)
    except UnicodeDecodeError as error:
        line = rows.line_num + 1 + error.object[: error.start].count(b"\n")
        raise UnreadableFile(
            f"Line {line} is not UTF-8: save the file as CSV UTF-8 and try again."
        ) from None
    except csv.Error as error:
        raise UnreadableFile(f"Line {rows.line_num}: not CSV ({error}).") from None


def _check(header: list[str]) -> None:
    if not any(header):
        raise UnreadableFile("The file is empty: the first line names the columns.")
    if len(header) == 1 and ";" in header[0]:
        raise UnreadableFile("The columns stand between semicolons: separate them by commas.")
    if missing := [name for name in REQUIRED if name not in header]:
        raise UnreadableFile(f"The first line lacks the columns {', '.join(missing)}.")
    unknown = [name for name in header if name not in COLUMNS and not name.startswith(ATTRIBUTE)]
    if unknown:
        raise UnreadableFile(
            f"The columns {', '.join(unknown)} are not known. Known: {', '.join(COLUMNS)}, "
            f"and {ATTRIBUTE}<name> for the survey's attributes."
        )
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise UnreadableFile(f"The columns {', '.join(twice)} stand twice in the first line.")


def _take(
    line: int, header: list[str], cells: list[str], *, client: ApiClient, now: datetime
) -> RowResult:
    if len(cells) != len(header):
        cure = f"the row has {len(cells)} cells, the first line {len(header)}"
        return RowResult(line, "refused", "", cure)
    event = _nested(dict(zip(header, cells, strict=True)))
    try:
        with override("en"):
            report = EventReport.read(event)
        taken = enrolling.enrol(report, client=client, now=now)
    except ValidationError as error:
        field, cure = _first(error.detail)
        return RowResult(line, "refused", _column(field), cure)
    except resolving.Refused as error:
        return RowResult(line, "refused", _column(error.field), str(error))
    return RowResult(line, "enrolled" if taken.is_new else "known")


def _nested(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a row in the form of the API; an empty cell is a field left out."""
    event: dict[str, Any] = {}
    for column, cell in row.items():
        value = cell.strip()
        if value:
            *outer, name = _place(column)
            inner = event.setdefault(outer[0], {}) if outer else event
            inner[name] = value
    if consent := event.get("consents"):
        event["consents"] = [consent]
    return event


def _place(column: str) -> tuple[str, ...]:
    if column.startswith(ATTRIBUTE):
        return ("attributes", column.removeprefix(ATTRIBUTE))
    return COLUMNS[column]


def _column(field: str) -> str:
    """Return the column of a field of the API; a row holds one consent, so none is numbered."""
    outer, _, name = field.replace("consents.0.", "consents.").rpartition(".")
    if outer == "attributes":
        return f"{ATTRIBUTE}{name}"
    by_place = {place: column for column, place in COLUMNS.items()}
    return by_place.get((outer, name) if outer else (name,), field)


def _first(detail: Any, field: str = "") -> tuple[str, str]:
    """Return the first field that is wrong, and what is wrong with it."""
    while not isinstance(detail, ErrorDetail):
        if isinstance(detail, dict):
            name, detail = next(iter(detail.items()))
            field = f"{field}.{name}".strip(".")
        else:
            detail = next(each for each in detail if each)
    return field, str(detail)
