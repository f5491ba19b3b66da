"""What holds around every request: one transaction with its actor, and nothing in caches."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_cache_control

from proms import access

Respond = Callable[[HttpRequest], HttpResponse]


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


def no_store(get_response: Respond) -> Respond:
    """Forbid caches to keep anything but static files."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True)
        return response

    return respond
