"""What holds around every request: one transaction with its actor, and nothing in caches."""

import codecs
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import parse_header_parameters

from proms import access

# Of the encodings that Python knows, some are none of text, and break whoever reads parameters.
ENCODINGS = ("utf-8", "ascii", "iso8859-1", "cp1252")

Respond = Callable[[HttpRequest], HttpResponse]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class ActorTransaction:
    """Run each request in one transaction that begins by naming its actor to the database.

    The setting is local to the transaction, so a pooled connection carries it nowhere, and a
    request that fails leaves nothing behind. Until someone is recognised the actor is nobody:
    whoever recognises a commission, patient session, link session or API client names it by
    `access.act_as`.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            access.begin()
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Undo what the view did; Django makes the response of the exception after this."""
        transaction.set_rollback(True)


def language(get_response: Respond) -> Respond:
    """Speak Swedish unless this browser's user chose another language.

    What a browser says of itself does not count: many have English set by nobody's choice.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        known = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(known)
        response = get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

    return respond


def no_nul(get_response: Respond) -> Respond:
    """Refuse a parameter with a NUL in it: no text column holds one, and nobody types it."""

    def respond(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("400 Bad Request", content_type="text/plain")
        return get_response(request)

    return respond


def known_encoding(application: Application) -> Application:
    """Refuse parameters in an encoding that no browser and no sender uses.

    Around Django, as its request cannot even be made of some that are none of text.
    """

    def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if _encoding(environ.get("CONTENT_TYPE", "")) in ENCODINGS:
            return application(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "text/plain")])
        return [b"400 Bad Request"]

    return respond


def _encoding(content_type: str) -> str:
    """Return Python's name of an encoding; one that Python does not know is left to Django."""
    charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    try:
        return codecs.lookup(charset).name
    except (LookupError, ValueError):
        return "utf-8"


def no_store(get_response: Respond) -> Respond:
    """Forbid caches to keep anything but static files."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True)
        return response

    return respond
