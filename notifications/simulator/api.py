"""What other programs ask of the simulator: contracts, login, messages and switches."""

import json
from functools import cache
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.utils import timezone

from notifications.simulator import configuration
from notifications.simulator.instance import portal, provider
from notifications.simulator.portal import Letter
from notifications.simulator.producing import Production
from notifications.simulator.provider import Refused
from notifications.simulator.switches import BadSwitch, Switch


@cache
def production() -> Production:
    return Production(portal(), timezone.now)


def contract(request: HttpRequest, interaction: str, version: int) -> HttpResponseBase:
    """Answer a call of a service contract."""
    reply = production().answer(request.path.lstrip("/"), request.headers, request.body)
    if reply.is_cut:
        answer: HttpResponseBase = StreamingHttpResponse([reply.body], status=reply.status)
    else:
        answer = HttpResponse(reply.body, status=reply.status)
    for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
        answer.headers[name] = value
    return answer


def token(request: HttpRequest) -> HttpResponse:
    authorization = request.headers.get("Authorization", "")
    try:
        answer = provider().token(request.POST.dict(), authorization, now=timezone.now())
    except Refused as refused:
        status = 401 if refused.code == "invalid_client" else 400
        said = {"error": refused.code, "error_description": refused.description}
        return _json(said, status=status)
    return _json(answer)


def metadata(request: HttpRequest) -> HttpResponse:
    return _json(provider().metadata())


def jwks(request: HttpRequest) -> HttpResponse:
    return _json(provider().jwks())


def inbox(request: HttpRequest, person_id: str) -> HttpResponse:
    """List a person's messages, oldest first."""
    url = portal().configuration.url
    return _json([_told(letter, url) for letter in portal().letters(person_id)])


def switches(request: HttpRequest) -> HttpResponse:
    """GET lists what is switched on, POST adds one, DELETE clears all."""
    if request.method == "POST":
        try:
            switch = Switch.from_json(json.loads(request.body))
        except (BadSwitch, ValueError) as error:
            return _json({"error": str(error)}, status=400)
        portal().turn_on(switch)
        return _json(switch.to_json(), status=201)
    if request.method == "DELETE":
        portal().clear_switches()
        return HttpResponse(status=204)
    return _json([switch.to_json() for switch in portal().switchboard.all()])


def switch(request: HttpRequest, switch_id: str) -> HttpResponse:
    """DELETE turns one off."""
    is_done = request.method == "DELETE" and portal().turn_off(switch_id)
    return HttpResponse(status=204 if is_done else 404)


def mode(request: HttpRequest) -> HttpResponse:
    """GET tells how second copies are treated, PUT changes it."""
    if request.method == "PUT":
        try:
            mode = json.loads(request.body)["mode"]
        except (ValueError, TypeError, KeyError):
            mode = None
        if mode not in configuration.MODES:
            return _json({"error": f"mode must be one of {configuration.MODES}"}, status=400)
        portal().set_mode(mode)
    return _json({"mode": portal().mode})


def totals(request: HttpRequest) -> HttpResponse:
    """Tell how many messages, threads and second copies there are."""
    return _json(portal().totals())


def copies(request: HttpRequest) -> HttpResponse:
    """Tell which threads arrived more than once, and how many times too often."""
    return _json(portal().copies())


def _told(letter: Letter, url: str) -> dict[str, Any]:
    return {
        "id": letter.id,
        "subject": letter.subject,
        "text": letter.text,
        "link": f"{url}/sso/{letter.id}" if letter.system_id else "",
        "thread_id": letter.thread_id,
        "received_at": letter.received_at,
        "copy": letter.copy,
    }


def _json(value: Any, status: int = 200) -> JsonResponse:
    return JsonResponse(value, safe=False, status=status, json_dumps_params={"ensure_ascii": False})
