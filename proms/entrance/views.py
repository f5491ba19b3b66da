"""How staff come in: log in with two factors, choose a commission, log out."""

from typing import cast

from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from proms import commissions
from proms.entrance.forms import LoginForm
from proms.models import Commission, Staff

Role = Commission.Role
HOMES = {
    Role.CLINICIAN: "overview:find",
    Role.REGISTRY: "admin:index",
    Role.OFFICER: "admin:index",
    Role.LOG_REVIEWER: "admin:index",
}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if commissions.is_verified(request):
        return _onward(request)
    form = LoginForm(request, request.POST or None)
    if form.is_valid():
        auth.login(request, form.get_user())
        return _onward(request)
    context = {"form": form, "next": _wanted(request)}
    return render(request, "entrance/login.html", context, status=422 if form.is_bound else 200)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("login")


@require_http_methods(["GET", "HEAD", "POST"])
def commission(request: HttpRequest) -> HttpResponse:
    if not commissions.is_verified(request):
        return redirect("login")
    staff, today = cast(Staff, request.user), timezone.localdate()
    choices = commissions.in_force(staff, today=today)
    if request.method == "POST":
        return _switched(request, choices)
    active = commissions.active(request, today=today)
    context = {
        "choices": [(each, each.role in HOMES) for each in choices],
        "active": active,
        "next": _wanted(request),
    }
    return render(request, "entrance/commission.html", context)


def _switched(request: HttpRequest, choices: list[Commission]) -> HttpResponse:
    chosen = {str(each.pk): each for each in choices}.get(request.POST.get("commission", ""))
    if chosen is None:
        raise Http404
    commissions.switch(request, chosen, now=timezone.now())
    return redirect(_wanted(request) or HOMES.get(Role(chosen.role), "commission"))


def _onward(request: HttpRequest) -> HttpResponse:
    """Lead to the page asked for, past the choice of commission where there is but one."""
    staff = cast(Staff, request.user)
    choices = commissions.in_force(staff, today=timezone.localdate())
    if len(choices) == 1:
        return _entered(request, choices[0])
    if not choices and staff.is_superuser:
        return redirect(_wanted(request) or "admin:index")
    query = urlencode({"next": _wanted(request)}) if _wanted(request) else ""
    return HttpResponseRedirect(f"{resolve_url('commission')}{'?' if query else ''}{query}")


def _entered(request: HttpRequest, only: Commission) -> HttpResponse:
    if request.session.get(commissions.SESSION_KEY) != only.pk:
        commissions.switch(request, only, now=timezone.now())
    return redirect(_wanted(request) or HOMES.get(Role(only.role), "commission"))


def _wanted(request: HttpRequest) -> str:
    """Return the address that was asked for before the login, if it is one of ours."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else ""
