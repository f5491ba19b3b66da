"""The simulator's pages: inboxes, messages, the login, and the switches."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from notifications.simulator import configuration
from notifications.simulator.instance import portal, provider
from notifications.simulator.portal import Letter
from notifications.simulator.provider import LOA2, LOA3, BadRequest, Refused
from notifications.simulator.switches import KINDS, OPERATIONS, BadSwitch, Switch

_PERSON = re.compile(r"[0-9]{12}")
_METHODS = {"SMS": _("SMS"), "Email": _("e-mail"), "Other": _("another way")}
_LOGIN_SECONDS = 4 * 60 * 60


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
