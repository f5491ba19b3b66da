"""The patient's session: a signed cookie that one occasion's pages alone are sent."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from proms import access
from proms.access import Actor
from proms.models import AccessEvent
from surveys import links
from surveys.answering import Closed, Session
from surveys.links import Level
from surveys.models import Occasion

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=4)
KEPT = settings.PATIENT_COOKIE_NAME
# A session just begun: the way in is not sent the one that this browser may have already.
OFFERED = f"{settings.PATIENT_COOKIE_NAME}-new"
_SALT = "surveys.pages.sessions"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Session, P], HttpResponse]


class TooOld(Exception):
    """The session was ours, and is over."""


@dataclass(frozen=True)
class Held:
    """A session as the browser holds it."""

    session: Session
    begun_at: datetime

    def to_cookie(self) -> str:
        held = {
            "session": self.session.id,
            "occasion": str(self.session.occasion_id),
            "level": self.session.level,
            "language": self.session.language,
            "begun": self.begun_at.timestamp(),
        }
        return signing.dumps(held, salt=_SALT)

    @classmethod
    def from_cookie(cls, cookie: str) -> "Held":
        """:raises BadSignature: if it is none of ours, or was not used for too long."""
        held = signing.loads(cookie, salt=_SALT, max_age=IDLE)
        occasion_id, level = uuid.UUID(held["occasion"]), Level(held["level"])
        session = Session(held["session"], occasion_id, level, held["language"])
        return cls(session, datetime.fromtimestamp(held["begun"], tz=UTC))


def offer(response: HttpResponse, session: Session, *, now: datetime) -> None:
    """Give the browser a session, to be taken where it has none as good."""
    _set(response, OFFERED, Held(session, now))


def forget(response: HttpResponse, occasion_id: uuid.UUID) -> None:
    for name in (KEPT, OFFERED):
        response.delete_cookie(name, path=_path(occasion_id), samesite="Lax")


def required(view: View[P]) -> Callable[..., HttpResponse]:
    """Give the view the session of its occasion; without one, the page of every dead link.

    The session is named to the database, and its idle time begins anew. Where the occasion turns
    out to be closed, the receipt says why to whoever may read it.
    """

    @wraps(view)
    def recognise(
        request: HttpRequest, occasion_id: uuid.UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        try:
            held = _recognised(request, occasion_id, timezone.now())  # noqa: TID251 - part of views
        except TooOld:
            return _over(request, occasion_id)
        session = _speaking(held.session, request)
        access.act_as(_actor(session))
        translation.activate(session.language)
        try:
            response = view(request, session, *args, **kwargs)
        except Closed:
            response = redirect("pages:receipt", occasion_id)
        except Occasion.DoesNotExist:
            raise Http404 from None
        return _kept_on(request, response, held)

    return recognise


def act_as_visitor(occasion_id: uuid.UUID, level: Level) -> None:
    """Name to the database someone whom a link or login led to an occasion, before a session."""
    access.act_as(Actor(AccessEvent.Actor.PATIENT, id=f"{level}:{occasion_id}", name=""))


def chosen_language(request: HttpRequest) -> str:
    """Return the language that this browser's user chose, if any."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""


def _recognised(request: HttpRequest, occasion_id: uuid.UUID, now: datetime) -> Held:
    """Return the browser's session for this occasion: the one it has, or a stronger new one.

    :raises TooOld: if there was one, and it is over.
    :raises Http404: if there is none.
    """
    found, is_over = [], False
    for name in (KEPT, OFFERED):
        try:
            found.append(_read(request.COOKIES.get(name, ""), occasion_id, now))
        except (TooOld, signing.SignatureExpired):
            is_over = True
        except signing.BadSignature:
            continue
    if not found:
        raise TooOld if is_over else Http404
    return max(found, key=lambda held: links.WEAKEST_FIRST.index(held.session.level))


def _read(cookie: str, occasion_id: uuid.UUID, now: datetime) -> Held:
    held = Held.from_cookie(cookie)
    if held.session.occasion_id != occasion_id:
        raise signing.BadSignature
    if now - held.begun_at > LONGEST:
        raise TooOld
    return held


def _speaking(session: Session, request: HttpRequest) -> Session:
    """Return the session with the language that its user chose since it began."""
    chosen = chosen_language(request) or session.language
    return Session(session.id, session.occasion_id, session.level, chosen)


def _kept_on(request: HttpRequest, response: HttpResponse, held: Held) -> HttpResponse:
    if KEPT not in response.cookies:
        _set(response, KEPT, held)
        if OFFERED in request.COOKIES:
            response.delete_cookie(OFFERED, path=_path(held.session.occasion_id), samesite="Lax")
    return response


def _set(response: HttpResponse, name: str, held: Held) -> None:
    response.set_cookie(
        name,
        held.to_cookie(),
        path=_path(held.session.occasion_id),
        secure=settings.IS_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _path(occasion_id: uuid.UUID) -> str:
    return reverse("pages:start", args=[occasion_id])


def _actor(session: Session) -> Actor:
    who = f"{session.level}:{session.occasion_id}:{session.id}"
    return Actor(AccessEvent.Actor.PATIENT, id=who, name="")


def _over(request: HttpRequest, occasion_id: uuid.UUID) -> HttpResponse:
    response = render(request, "surveys/over.html", status=403)
    forget(response, occasion_id)
    return response
