"""The patient's session: a signed cookie that one occasion's pages alone are sent."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from proms import access
from proms.access import Actor
from proms.models import AccessEvent
from surveys.answering import Closed, Session
from surveys.links import Level

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=4)
_SALT = "surveys.pages.sessions"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Session, P], HttpResponse]


class TooOld(Exception):
    """The session was ours, and is over."""


def store(response: HttpResponse, session: Session, *, begun_at: datetime) -> None:
    """Give the browser the session, used just now."""
    held = {
        "session": session.id,
        "occasion": str(session.occasion_id),
        "level": session.level,
        "language": session.language,
        "begun": begun_at.timestamp(),
    }
    response.set_cookie(
        settings.PATIENT_COOKIE_NAME,
        signing.dumps(held, salt=_SALT),
        path=_path(session.occasion_id),
        secure=settings.IS_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse, occasion_id: uuid.UUID) -> None:
    response.delete_cookie(settings.PATIENT_COOKIE_NAME, path=_path(occasion_id), samesite="Lax")


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
            session, begun_at = _recognised(request, occasion_id)
        except TooOld:
            return _over(request, occasion_id)
        access.act_as(_actor(session))
        translation.activate(session.language)
        try:
            response = view(request, session, *args, **kwargs)
        except Closed:
            response = redirect("pages:receipt", occasion_id)
        if settings.PATIENT_COOKIE_NAME not in response.cookies:
            store(response, session, begun_at=begun_at)
        return response

    return recognise


def _path(occasion_id: uuid.UUID) -> str:
    return reverse("pages:start", args=[occasion_id])


def _recognised(request: HttpRequest, occasion_id: uuid.UUID) -> tuple[Session, datetime]:
    """Return the session in the cookie, and when it began.

    :raises TooOld: if it is over.
    :raises Http404: if there is none for this occasion.
    """
    cookie = request.COOKIES.get(settings.PATIENT_COOKIE_NAME, "")
    try:
        held = signing.loads(cookie, salt=_SALT)
        signing.loads(cookie, salt=_SALT, max_age=IDLE)
    except signing.SignatureExpired:
        raise TooOld from None
    except signing.BadSignature:
        raise Http404 from None
    if held["occasion"] != str(occasion_id):
        raise Http404
    return _session(request, held)


def _session(request: HttpRequest, held: dict[str, Any]) -> tuple[Session, datetime]:
    begun_at = datetime.fromtimestamp(held["begun"], tz=timezone.get_current_timezone())
    if timezone.now() - begun_at > LONGEST:  # noqa: TID251 - part of every view
        raise TooOld
    language = chosen_language(request) or held["language"]
    session = Session(held["session"], uuid.UUID(held["occasion"]), Level(held["level"]), language)
    return session, begun_at


def chosen_language(request: HttpRequest) -> str:
    """Return the language that this browser's user chose, if any."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""


def _actor(session: Session) -> Actor:
    who = f"{session.level}:{session.occasion_id}:{session.id}"
    return Actor(AccessEvent.Actor.PATIENT, id=who, name="")


def _over(request: HttpRequest, occasion_id: uuid.UUID) -> HttpResponse:
    response = render(request, "surveys/over.html", status=403)
    forget(response, occasion_id)
    return response
