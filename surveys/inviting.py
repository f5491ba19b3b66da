"""Send what asks: check again that it is right, choose a channel, write it down, then call.

One transaction locks the occasion, claims the message, re-reads whether it may still go, picks
the channel with its reason, renders the text and writes the Delivery; only after its commit is
the peer called. Whoever answers, dies or opts out before that transaction begins is not asked.
"""

import logging
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from notifications import delivery, wording
from notifications.content import Content
from notifications.models import Delivery, Message
from proms import licensing
from proms.models import Consent, Decision
from surveys import links, schedule, texts
from surveys.models import Enrolment, Invitation, Occasion, SurveyVersion
from surveys.planning import INVITATION, REMINDER

logger = logging.getLogger(__name__)
# A sweep looks at so many of the first that are due, and takes a few of them at a time.
WINDOW, BATCH = 400, 40
_needed: dict[tuple[int, str], list[licensing.Need]] = {}
SWEEP = timedelta(minutes=2)
# What the inbox's contract takes as a person (facts: sweden 1.2).
INBOX_SUBJECT = re.compile(r"[0-9]{8}[0-9pPtTfF][0-9]{3}")


class NotThisWay(Exception):
    """A channel that cannot be used for this occasion; the text says why."""


@dataclass(frozen=True)
class Draft:
    """Where a message goes, and what it says there."""

    address: str
    content: Content


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Send the invitations and reminders that are due, and return how many were tried.

    A sweep ends after a while, as a slow peer would make it last for hours; the next one goes on.
    """
    tried, known, ends_at = 0, list[UUID](), clock() + SWEEP
    # What is due twice in a row is with another worker.
    while (due := _due(clock())) != known and clock() < ends_at:
        known = due
        tried += sum(send(message_id, now=clock()) for message_id in _some(due))
    return tried


def send(message_id: UUID, *, now: datetime) -> bool:
    """Try to send one message, over the next channel when one refuses; False if not ours."""
    tried = False
    while prepared := _prepared(message_id, now):
        tried = True
        outcome = delivery.attempt(prepared.pk, now=now)
        if outcome != Delivery.Outcome.REFUSED:
            break
    return tried


def _prepared(message_id: UUID, now: datetime) -> Delivery | None:
    """Prepare a message; one that breaks the preparation must not stop the others."""
    try:
        return _prepare(message_id, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("message %s: %s", message_id, type(error).__name__)
        delivery.quarantine(message_id, reason=f"not prepared: {type(error).__name__}")
        return None


def _due(now: datetime) -> list[UUID]:
    due = Message.objects.due(now).unleased().filter(kind__in=[INVITATION, REMINDER])
    return list(due.in_sending_order().values_list("pk", flat=True)[:WINDOW])


def _some(due: list[UUID]) -> list[UUID]:
    """Return a batch of what is due, drawn by lot: sweeps at work together seldom meet."""
    return random.sample(due, min(BATCH, len(due)))  # noqa: S311 - no secret


@transaction.atomic
def _prepare(message_id: UUID, *, now: datetime) -> Delivery | None:
    """Claim the message and write the Delivery, or end it where it may not go."""
    occasion = _locked(message_id, now)
    message = delivery.claim(message_id, now=now) if occasion else None
    if occasion is None or message is None:
        return None
    _read_on(occasion)
    if reason := _why_not(occasion, now):
        delivery.suppress(message, reason=reason, now=now)
        return None
    return _choose(occasion, message, now)


def _locked(message_id: UUID, now: datetime) -> Occasion | None:
    """Lock the occasion before its message: the order in which answering takes them too.

    None if another worker has taken the message since it was seen to be due.
    """
    free = Message.objects.due(now).unleased().filter(pk=message_id)
    asked = Occasion.objects.filter(invitations__message__in=free)
    return asked.select_for_update(of=("self",)).first()


def _read_on(occasion: Occasion) -> None:
    """Read what the message is about, in two statements: one would take long to plan."""
    enrolments = Enrolment.objects.select_related("patient", "event__unit__care_provider")
    enrolment = occasion.enrolment = enrolments.get(pk=occasion.enrolment_id)
    versions = SurveyVersion.objects.select_related("survey__register").defer("definition")
    enrolment.survey_version = versions.get(pk=enrolment.survey_version_id)


def _why_not(occasion: Occasion, now: datetime) -> str:
    """Return why nobody may be asked any more on this occasion, or nothing."""
    if occasion.status != Occasion.Status.OPEN:
        return occasion.status
    if occasion.closes_at <= now:
        return "closed"
    if occasion.enrolment.stopped_at is not None:
        return "stopped"
    if not occasion.enrolment.patient.is_living_resident(schedule.stockholm_date(now)):
        return "dead or deregistered"
    return _unlicensed(occasion, now)


def _unlicensed(occasion: Occasion, now: datetime) -> str:
    """Return what is asked without a licence in force, or nothing: it stops new messages only."""
    version = occasion.enrolment.survey_version
    language = version.plan.language_for(occasion.enrolment.patient.language)
    wanted = [need for need in _needs(version) if need.language == language]
    lacking = licensing.lacking(wanted, today=schedule.stockholm_date(now))
    return f"no licence: {lacking[0]}" if lacking else ""


def _needs(version: SurveyVersion) -> list[licensing.Need]:
    """Return what a survey version takes leave for, read once per process: it is frozen."""
    key = version.pk, version.sha256
    if key not in _needed:
        asked = version.instrument_versions.select_related("instrument").order_by("pk")
        _needed[key] = [need for each in asked for need in licensing.needs(each)]
    return _needed[key]


def _choose(occasion: Occasion, message: Message, now: datetime) -> Delivery | None:
    """Take the first channel of the survey's order that can be used and has not refused."""
    passed = delivery.refused_channels(message)
    for channel in occasion.enrolment.survey_version.plan.channels:
        if channel in passed:
            continue
        try:
            draft = _DRAFTS[channel](occasion, message, now)
        except NotThisWay as reason:
            passed[channel] = str(reason)
            continue
        return delivery.prepare(
            message,
            channel=channel,
            channel_reason=_story(passed) or "first in the survey's order",
            address=draft.address,
            content=draft.content,
            now=now,
        )
    delivery.undeliverable(message, reason=_story(passed), now=now)
    return None


def _story(passed: Mapping[str, str]) -> str:
    return "; ".join(f"{channel}: {reason}" for channel, reason in passed.items())


def _to_inbox(occasion: Occasion, message: Message, now: datetime) -> Draft:
    number = occasion.enrolment.patient.number
    if not INBOX_SUBJECT.fullmatch(number):
        raise NotThisWay("no personal number")
    link = links.inbox_query(occasion.pk)
    is_reminder = message.kind == REMINDER
    return Draft(number, texts.inbox(occasion, is_reminder=is_reminder, link=link))


def _to_email(occasion: Occasion, message: Message, now: datetime) -> Draft:
    patient = occasion.enrolment.patient
    today = schedule.stockholm_date(now)
    if occasion.enrolment.survey_version.plan.identity_level != "link":
        raise NotThisWay("the survey asks for a stronger login")
    if not patient.email:
        raise NotThisWay("no address")
    consents = patient.consents.filter(channel=Consent.Channel.EMAIL, given_on__lte=today)
    if not consents.filter(withdrawn_on=None).exists():
        raise NotThisWay("no consent")
    decisions = occasion.enrolment.event.unit.care_provider.decisions.in_force(today)
    if not decisions.filter(kind=Decision.Kind.LINK_IN_OPEN_CHANNEL).exists():
        raise NotThisWay("the care provider has not decided on links by e-mail")
    token = links.token_for(message.key, occasion.link_generation)
    content = texts.email(
        occasion, is_reminder=message.kind == REMINDER, link=links.email_url(token)
    )
    if wording.refuse(
        f"{content.subject} {content.text}",
        forbidden=texts.words_for_open_channels_to_refuse(occasion),
    ):
        raise NotThisWay("the text would tell too much")
    Invitation.objects.filter(message=message).update(token_hash=links.hash_of(token))
    return Draft(patient.email, content)


_DRAFTS: dict[str, Callable[[Occasion, Message, datetime], Draft]] = {
    "inbox": _to_inbox,
    "email": _to_email,
}
CHANNELS = tuple(_DRAFTS)
