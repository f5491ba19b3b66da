"""The simulator's pages, its REST interface, and the addresses of contracts and login."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from notifications.simulator import configuration
from notifications.simulator.configuration import Configuration
from notifications.simulator.portal import Letter, Portal
from notifications.simulator.producing import Production
from notifications.simulator.provider import LOA2, LOA3, BadRequest, Provider, Refused
from notifications.simulator.switches import KINDS, OPERATIONS, BadSwitch, Switch

_PERSON = re.compile(r"[0-9]{12}")
_METHODS = {"SMS": _("SMS"), "Email": _("e-mail"), "Other": _("another way")}
_LOGIN_SECONDS = 4 * 60 * 60


@cache
def portal() -> Portal:
    return Portal(Configuration.from_environment())


@cache
def production() -> Production:
    return Production(portal(), timezone.now)


@cache
def provider() -> Provider:
    return Provider(portal().configuration)


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


def front(request: HttpRequest) -> HttpResponse:
    people = [
        {"id": person, "count": count, "user": portal().user(person)}
        for person, count in portal().people()
    ]
    return render(request, "simulator/front.html", {"people": people})


def open_inbox(request: HttpRequest) -> HttpResponse:
    """Go to the inbox of the number that was typed in."""
    person_id = request.POST.get("person_id", "").replace("-", "").strip()
    return redirect("inbox", person_id=person_id) if _is_person(person_id) else redirect("front")


def inbox(request: HttpRequest, person_id: str) -> HttpResponse:
    letters = [_shown(letter) for letter in reversed(portal().letters(person_id))]
    context = {"person_id": person_id, "letters": letters, "user": portal().user(person_id)}
    return render(request, "simulator/inbox.html", context)


def letter(request: HttpRequest, person_id: str, letter_id: str) -> HttpResponse:
    found = portal().letter(letter_id)
    if found is None or found.person_id != person_id:
        raise Http404
    return render(request, "simulator/letter.html", {"letter": _shown(found)})


def sso(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Follow a message's link as the portal does: logged in, to the system that it names."""
    found = portal().letter(letter_id)
    if found is None or found.system_id not in portal().configuration.systems:
        raise Http404
    answer = redirect(_target(found))
    answer.set_signed_cookie(
        _cookie(), found.person_id, max_age=_LOGIN_SECONDS, httponly=True, samesite="Lax"
    )
    return answer


def authorize(request: HttpRequest) -> HttpResponse:
    """Show who is about to log in, and log them in on the button."""
    query = request.GET.dict()
    try:
        provider().check(query)
    except BadRequest:
        return render(request, "simulator/bad_request.html", status=400)
    except Refused as refused:
        return redirect(provider().refusal(query, refused))
    known = _logged_in(request)
    typed = request.POST.get("person_id", "").replace("-", "").strip()
    is_wrong = request.method == "POST" and not _is_person(typed or known)
    if request.method == "POST" and not is_wrong:
        return _log_in(query, typed or known)
    context = {"person_id": known, "query": urlencode(query), "is_wrong": is_wrong}
    return render(request, "simulator/authorize.html", context, status=422 if is_wrong else 200)


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


def api_inbox(request: HttpRequest, person_id: str) -> HttpResponse:
    """List a person's messages, oldest first."""
    url = portal().configuration.url
    return _json([_told(letter, url) for letter in portal().letters(person_id)])


def api_switches(request: HttpRequest) -> HttpResponse:
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


def api_switch(request: HttpRequest, switch_id: str) -> HttpResponse:
    """DELETE turns one off."""
    is_done = request.method == "DELETE" and portal().turn_off(switch_id)
    return HttpResponse(status=204 if is_done else 404)


def api_mode(request: HttpRequest) -> HttpResponse:
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


def api_totals(request: HttpRequest) -> HttpResponse:
    """Tell how many messages, threads and second copies there are."""
    return _json(portal().totals())


def api_copies(request: HttpRequest) -> HttpResponse:
    """Tell which threads arrived more than once, and how many times too often."""
    return _json(portal().copies())


def switches(request: HttpRequest) -> HttpResponse:
    """Show and change the misbehaviour on a page."""
    error = ""
    if request.method == "POST":
        try:
            _change(request.POST.dict())
            return redirect("switches")
        except (BadSwitch, ValueError) as bad:
            error = str(bad)
    context = {
        "switches": portal().switchboard.all(),
        "kinds": KINDS,
        "operations": OPERATIONS,
        "modes": configuration.MODES,
        "mode": portal().mode,
        "totals": portal().totals(),
        "error": error,
    }
    return render(request, "simulator/switches.html", context, status=422 if error else 200)


def style(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_style(), content_type="text/css; charset=utf-8")


@cache
def _style() -> bytes:
    return (Path(__file__).parent / "simulator.css").read_bytes()


def _change(form: Mapping[str, str]) -> None:
    if form.get("mode") in configuration.MODES:
        portal().set_mode(form["mode"])
    elif "off" in form:
        portal().turn_off(form["off"])
    else:
        portal().turn_on(Switch.from_json(_typed(form)))


def _typed(form: Mapping[str, str]) -> dict[str, Any]:
    given = {name: value.strip() for name, value in form.items() if value.strip()}
    numbers = {"times": int, "seconds": float, "share": float}
    return given | {name: numbers[name](given[name]) for name in numbers if name in given}


def _log_in(query: Mapping[str, str], person_id: str) -> HttpResponse:
    acr = LOA2 if portal().switchboard.is_on("loa2", person_id) else LOA3
    back = provider().log_in(query, person_id=person_id, now=timezone.now(), acr=acr)
    return HttpResponseRedirect(back)


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


def _shown(letter: Letter) -> dict[str, Any]:
    notices = [_METHODS[method] for method in letter.notices]
    return {**vars(letter), "at": parse_datetime(letter.received_at), "notices": notices}


def _target(letter: Letter) -> str:
    base = portal().configuration.systems[letter.system_id]
    query = letter.query_string
    mark = "?" if query and "?" not in base + query[0] else ""
    return f"{base}{mark}{query}"


def _cookie() -> str:
    # Cookies are shared by all ports of a host; two simulators must not share a login.
    return f"inbox{portal().configuration.port}"


def _logged_in(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(_cookie(), default="", max_age=_LOGIN_SECONDS))


def _is_person(person_id: str) -> bool:
    return bool(_PERSON.fullmatch(person_id))


def _json(value: Any, status: int = 200) -> JsonResponse:
    return JsonResponse(value, safe=False, status=status, json_dumps_params={"ensure_ascii": False})
