"""Let a patient in, take each answer as it is given, and hand the whole in once."""

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from notifications import outbox
from notifications.models import Message
from proms import records
from proms.instruments.items import Answer as Value
from proms.models import Mode, Record
from surveys import sheets
from surveys.links import WEAKEST_FIRST, Level
from surveys.models import Occasion
from surveys.sheets import Given, Part, Question, Sheet

CHANNELS = {Level.LINK: "email", Level.CODE: "letter", Level.STRONG: "inbox"}
SUBMITTED = (Occasion.Status.ANSWERED, Occasion.Status.PARTIAL)

# One statement replaces the answer that stands and appends the new one (design 5.7); where the
# instrument begins anew it replaces every answer that stands.
_APPEND = """
WITH replaced AS (
    UPDATE surveys_answer SET replaced_at = %(now)s
    WHERE occasion_id = %(occasion)s AND instrument = %(instrument)s
        AND (item = %(item)s OR %(anew)s) AND replaced_at IS NULL
    RETURNING item, revision
), earlier AS (
    SELECT revision FROM replaced WHERE item = %(item)s
    UNION ALL
    SELECT revision FROM surveys_answer
    WHERE occasion_id = %(occasion)s AND instrument = %(instrument)s AND item = %(item)s
)
INSERT INTO surveys_answer
    (occasion_id, instrument, item, revision, value, language, level, session, answered_at)
SELECT %(occasion)s, %(instrument)s, %(item)s, coalesce(max(revision), 0) + 1, %(value)s,
    %(language)s, %(level)s, %(session)s, %(now)s
FROM earlier
RETURNING revision
"""


class Closed(Exception):
    """The occasion cannot be answered, or not any more."""


class Unanswered(Exception):
    """Something is left to answer or to skip before the whole can be handed in."""


@dataclass(frozen=True)
class Session:
    """One browser's stay on one occasion, at the level it came in at."""

    id: str
    occasion_id: uuid.UUID
    level: Level
    language: str

    def may_read(self, given: Given) -> bool:
        """Whether this session may be shown an answer: its own, or any by a strong login."""
        return self.level == Level.STRONG or given.session == self.id

    def may_read_receipt(self, occasion: Occasion) -> bool:
        own = occasion.submitted_session == self.id
        return occasion.status in SUBMITTED and (own or self.level == Level.STRONG)


@dataclass(frozen=True)
class Saved:
    """The sheet after an answer; stale if another answer had come since the page was shown."""

    sheet: Sheet
    is_stale: bool


def enter(occasion_id: uuid.UUID, *, level: Level, language: str, now: datetime) -> Session:
    """Begin a session, and note that the patient was reached."""
    unreached = Occasion.objects.open(now).filter(pk=occasion_id, reached_at=None)
    unreached.update(reached_at=now)
    return Session(secrets.token_urlsafe(24), occasion_id, level, language)


def sheet_to_read(session: Session, *, now: datetime) -> Sheet:
    """Return the sheet of an occasion that can be answered.

    :raises Closed: if it cannot.
    """
    return _if_open(sheets.read(session.occasion_id), now).spoken(session.language).at(now)


def sheet_to_change(session: Session, *, now: datetime) -> Sheet:
    """Return the sheet, locked for the rest of the transaction.

    :raises Closed: if the occasion cannot be answered.
    """
    return _if_open(sheets.lock(session.occasion_id), now).spoken(session.language).at(now)


def answer(
    sheet: Sheet,
    question: Question,
    *,
    value: Value | None,
    seen: int,
    by: Session,
    now: datetime,
) -> Saved:
    """Append an answer to a locked sheet; the same answer again changes nothing.

    `seen` is the revision that the page showed, 0 for none. The newest answer stands, and
    whoever had not seen the one it replaces is told. An answer past the instrument's span is the
    first of a new beginning: the earlier ones stay as history.
    """
    standing = sheet.given.get(question.key)
    if standing and standing.value == value and by.may_read(standing):
        return Saved(sheet, is_stale=False)
    if sheet.is_past_span(question.part, now):
        sheet = sheet.without(question.part)
    language, anew = sheet.language_of(question.part), question.part.code in sheet.renewed
    revision = _append(question, value, language, by, now, anew=anew)
    given = Given(value, revision, language, by.level, by.id, now)
    is_stale = not anew and seen != (standing.revision if standing else 0)
    return Saved(sheet.with_answer(question, given), is_stale)


@transaction.atomic(savepoint=False)
def submit(session: Session, *, now: datetime) -> None:
    """Hand the answers in: score them, complete the records and stop reminders, once.

    Handing in again what this session may read the receipt of changes nothing.

    :raises Closed: if the occasion cannot be answered any more.
    :raises Unanswered: if a question is neither answered nor skipped.
    """
    sheet = sheets.lock(session.occasion_id)
    if session.may_read_receipt(sheet.occasion):
        return
    _if_open(sheet, now)
    if sheet.first_unanswered():
        raise Unanswered
    status = _complete(sheet, session.level, now)
    _end(sheet.occasion, status, session.id, now)


def hand_in_at_close(occasion_id: uuid.UUID, *, now: datetime) -> bool:
    """Hand in what was answered but never submitted, at the window's end; False if nothing was.

    The record's level is the weakest that any of its answers was given at.

    :raises Closed: if it has ended meanwhile, or is still open.
    """
    sheet = _if_overdue(sheets.lock(occasion_id), now)
    if not any(part for part in sheet.parts if sheet.values(part)):
        return False
    levels = {Level(given.level) for given in sheet.given.values()}
    status = _complete(sheet, min(levels, key=WEAKEST_FIRST.index), now)
    _end(sheet.occasion, status, "", now)
    return True


def _if_open(sheet: Sheet, now: datetime) -> Sheet:
    if not sheet.occasion.is_open(now):
        raise Closed
    return sheet


def _if_overdue(sheet: Sheet, now: datetime) -> Sheet:
    if not Occasion.objects.overdue(now).filter(pk=sheet.occasion.pk).exists():
        raise Closed
    return sheet


def _append(
    question: Question,
    value: Value | None,
    language: str,
    by: Session,
    now: datetime,
    *,
    anew: bool,
) -> int:
    instrument, item = question.key
    row: dict[str, Any] = {
        "occasion": by.occasion_id,
        "instrument": instrument,
        "item": item,
        "value": Jsonb(value),
        "language": language,
        "level": by.level,
        "session": by.id,
        "now": now,
        "anew": anew,
    }
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, row)
        return int(cursor.fetchone()[0])


def _complete(sheet: Sheet, level: Level, now: datetime) -> Record.Status:
    measured = list(_measured(sheet))
    return records.complete(
        sheet.occasion.pk,
        measured=measured,
        circumstances=records.Circumstances(
            mode=Mode.SELF,
            medium=Record.Medium.WEB,
            language=measured[0].instrument_version.language,
            channel=CHANNELS[level],
            identity_level=level,
        ),
        now=now,
    )


def _measured(sheet: Sheet) -> Iterator[records.Measured]:
    for part in sheet.parts:
        shown = [each for each in sheet.questions if each.part is part]
        asked = [each.item.code for each in shown if each.key in sheet.given]
        if asked:
            yield _measurement(sheet, part, asked)


def _measurement(sheet: Sheet, part: Part, asked: list[str]) -> records.Measured:
    values = sheet.values(part)
    return records.Measured(
        instrument_version=part.versions[sheet.language_of(part)],
        answers={code: values[code] for code in asked if code in values},
        items_asked=asked,
        answered_at=max(sheet.given[part.code, code].answered_at for code in asked),
        is_key=part.is_key,
        trace=sheet.trace(part),
    )


def _end(occasion: Occasion, status: Record.Status, session_id: str, now: datetime) -> None:
    still_open = Occasion.objects.filter(pk=occasion.pk, status=Occasion.Status.OPEN)
    ended = still_open.update(
        status=Occasion.Status(status), ended_at=now, submitted_session=session_id
    )
    if not ended:
        raise Closed
    waiting = Message.objects.filter(invitation__occasion=occasion)
    outbox.suppress(waiting, reason="answered", now=now)
