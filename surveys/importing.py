"""Take index events from a CSV file: all or nothing per row, and a word on each row refused."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from io import TextIOWrapper
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import override
from rest_framework.exceptions import ErrorDetail, ValidationError

from proms import access
from proms.models import AccessEvent, ApiClient
from surveys import enrolling, resolving
from surveys.enrolling import Taken
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


# So many rows are one transaction; a bad one among them leaves nothing and stops no other.
BATCH = 500
NOT_UTF8 = "Line {} is not UTF-8: save the file as CSV UTF-8 and try again."


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text says why, and what would mend it."""


@dataclass(frozen=True)
class RowResult:
    """What became of one row: `outcome` is enrolled, known or refused, with column and cure."""

    line: int
    outcome: str
    column: str = ""
    cure: str = ""


@dataclass(frozen=True)
class Row:
    """A row's line in the file, and what was read in it: a report, or what is wrong."""

    line: int
    read: EventReport | RowResult


SenderOf = Callable[[str], ApiClient | None]


def sender_named(name: str) -> SenderOf:
    """Return who sends events for a survey: the client of that name of the survey's register."""

    @cache
    def sender_of(survey: str) -> ApiClient | None:
        return ApiClient.objects.active().filter(name=name, register__surveys__code=survey).first()

    return sender_of


def import_events(
    file: BinaryIO, *, sender_of: SenderOf, by: access.Actor, now: datetime
) -> Iterator[RowResult]:
    """Take each row as an event, and tell what became of it as it goes; `by` is who imports it.

    The first line names the columns, those of the API made flat (contact's as they are, then
    `consent_channel`, `informed_how`, `attribute_side` ...). A byte-order mark is allowed.

    :raises UnreadableFile: if it is empty, not UTF-8, or lacks a column.
    """
    if file.seekable():
        _check_encoding(file)
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        reader = csv.reader(text, strict=True)
        header = [_plain(name) for name in _next_row(reader) or []]
        _check(header)
        for batch in _batches(_rows(reader, header)):
            yield from _take(batch, sender_of, by, now)
    finally:
        # The file is the caller's to close.
        text.detach()


def _check_encoding(file: BinaryIO) -> None:
    """Read a file through before anything of it is taken: it may turn bad at its end."""
    for line, content in enumerate(file, start=1):
        try:
            content.decode()
        except UnicodeDecodeError:
            raise UnreadableFile(NOT_UTF8.format(line)) from None
    file.seek(0)


def _plain(name: str) -> str:
    """Return a column's name as `COLUMNS` has it: contact.email and contact_email are email."""
    plain = name.strip().replace(".", "_").removeprefix("contact_")
    return re.sub("^(consent|attribute)s_", r"\1_", plain)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Gather rows; those before an unreadable place are taken before it is told of."""
    batch: list[Row] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except UnreadableFile:
        yield batch
        raise
    yield batch


def _rows(reader: Any, header: list[str]) -> Iterator[Row]:
    """Read the rows, each as a report or as what is wrong with it."""
    while (cells := _next_row(reader)) is not None:
        if any(cells):
            yield _read(reader.line_num, header, cells)


def _next_row(rows: Any) -> list[str] | None:
    try:
        return next(rows, None)
    except UnicodeDecodeError as error:
        line = rows.line_num + 1 + error.object[: error.start].count(b"\n")
        raise UnreadableFile(NOT_UTF8.format(line)) from None
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


def _read(line: int, header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        cure = f"the row has {len(cells)} cells, the first line {len(header)}"
        return Row(line, RowResult(line, "refused", "", cure))
    try:
        with override("en"):
            return Row(line, EventReport.read(_nested(dict(zip(header, cells, strict=True)))))
    except ValidationError as error:
        field, cure = _first(error.detail)
        return Row(line, RowResult(line, "refused", _column(field), cure))


def _take(
    batch: Sequence[Row], sender_of: SenderOf, by: access.Actor, now: datetime
) -> list[RowResult]:
    """Take the rows of a batch, each sender's together, and return what became of each in order."""
    results = {row.line: row.read for row in batch if isinstance(row.read, RowResult)}
    by_sender = defaultdict[ApiClient | None, dict[int, EventReport]](dict)
    for row in batch:
        if isinstance(row.read, EventReport):
            by_sender[sender_of(row.read.survey)][row.line] = row.read
    for sender, reports in by_sender.items():
        results |= _sent(sender, reports, by, now)
    return [results[row.line] for row in batch]


@transaction.atomic
def _sent(
    sender: ApiClient | None, reports: Mapping[int, EventReport], by: access.Actor, now: datetime
) -> dict[int, RowResult]:
    if sender is None:
        cure = "no register with a sender of files has this survey"
        return {line: RowResult(line, "refused", "survey", cure) for line in reports}
    outcomes = enrolling.enrol_all(list(reports.values()), client=sender, now=now)
    access.log(
        replace(by, client=sender),
        activity=AccessEvent.Activity.WRITE,
        kind="event",
        patients=[each.enrolment.patient_id for each in outcomes if isinstance(each, Taken)],
        now=now,
    )
    return {line: _result(line, outcome) for line, outcome in zip(reports, outcomes, strict=True)}


def _result(line: int, outcome: Taken | resolving.Refused) -> RowResult:
    if isinstance(outcome, resolving.Refused):
        return RowResult(line, "refused", _column(outcome.field), str(outcome))
    return RowResult(line, "enrolled" if outcome.is_new else "known")


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
