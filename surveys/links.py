"""The links that patients are sent: how they are made, and whom a token leads to."""

import base64
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from surveys.models import Invitation, Occasion, Survey

Level = Survey.Level
WEAKEST_FIRST = (Level.LINK, Level.CODE, Level.STRONG)


class DeadLink(Exception):
    """An unknown, used, expired or revoked link, or one to something that is not open."""


def token_for(message_key: str, generation: int) -> str:
    """Return a message's token: a resend carries the same one, a new generation another."""
    text = f"{message_key}|{generation}".encode()
    digest = hmac.digest(settings.LINK_KEY, text, "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def email_url(token: str) -> str:
    return settings.SITE_URL + reverse("pages:link", args=[token])


def inbox_query(occasion_id: UUID) -> str:
    """Return what follows our registered base in a 1177 link: the login is its secret."""
    return f"?occasion={occasion_id}"


def is_enough(level: str, *, wanted: str) -> bool:
    """Whether who came in at `level` may answer what asks for `wanted`.

    >>> is_enough("link", wanted="strong")
    False
    """
    return WEAKEST_FIRST.index(Level(level)) >= WEAKEST_FIRST.index(Level(wanted))


def occasion_by_token(token: str, now: datetime) -> tuple[Occasion, Level]:
    """Return the open occasion that a token leads to, and the level it came in at.

    :raises DeadLink: if there is none.
    """
    found = Invitation.objects.filter(token_hash=hash_of(token))
    invitation = found.select_related("message", "occasion").first()
    if invitation is None or not _is_live(invitation, token, now):
        raise DeadLink
    return invitation.occasion, Level.LINK


def _is_live(invitation: Invitation, token: str, now: datetime) -> bool:
    occasion = invitation.occasion
    newest = token_for(invitation.message.key, occasion.link_generation)
    return hmac.compare_digest(token, newest) and occasion.is_open(now)
