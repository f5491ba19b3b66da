"""The commission that a staff member acts under: one per session, read anew at each request."""

import uuid
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

from proms import access
from proms.models import AccessEvent, Commission, Staff

SESSION_KEY = "commission"
Arguments = ParamSpec("Arguments")


class StaffRequest(HttpRequest):
    """A request of someone who has shown both factors, and acts under a commission."""

    user: Staff
    commission: Commission
    actor: access.Actor


StaffView = Callable[Concatenate[StaffRequest, Arguments], HttpResponse]
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def is_verified(request: HttpRequest) -> bool:
    """Whether both factors were shown in this session."""
    return request.user.is_authenticated and request.user.is_verified()  # type: ignore[attr-defined]


def in_force(staff: Staff, *, today: date) -> list[Commission]:
    """Return the commissions that the staff member may choose among today."""
    mine = Commission.objects.in_force(today).filter(staff=staff)
    return list(_with_places(mine).order_by("starts_on", "pk"))


def active(request: HttpRequest, *, today: date) -> Commission | None:
    """Return the session's commission, unless it has ended or was taken away."""
    chosen = request.session.get(SESSION_KEY)
    if chosen is None:
        return None
    mine = Commission.objects.in_force(today).filter(staff=cast(Staff, request.user))
    return _with_places(mine).filter(pk=chosen).first()


def enter(request: HttpRequest, commission: Commission) -> StaffRequest:
    """Let the rest of the request act under the commission, in Django's eyes and the database's."""
    entered = cast(StaffRequest, request)
    actor = access.staff_actor(commission, request_id=uuid.uuid4())
    entered.commission, entered.actor = commission, access.act_as(actor)
    return entered


def enter_without(request: HttpRequest) -> None:
    """Let the rest of the request act as the account alone, which reaches no patient's row."""
    staff = cast(Staff, request.user)
    name = staff.get_full_name() or staff.get_username()
    actor = access.Actor(AccessEvent.Actor.STAFF, id=str(staff.pk), name=name)
    request.commission, request.actor = None, access.act_as(actor)  # type: ignore[attr-defined]


def switch(request: HttpRequest, commission: Commission, *, now: datetime) -> None:
    """Make the commission the session's only one, and log that."""
    request.session[SESSION_KEY] = commission.pk
    access.log(
        enter(request, commission).actor,
        activity=AccessEvent.Activity.SWITCH,
        kind="commission",
        patients=[],
        now=now,
    )


def with_commission(
    *roles: Commission.Role, purpose: Commission.Purpose | None = None
) -> Callable[[StaffView[Arguments]], View[Arguments]]:
    """Open a view to these roles only, each under a commission in force, after both factors."""

    def decorate(view: StaffView[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            if not is_verified(request):
                return redirect_to_login(_address(request))
            commission = active(request, today=timezone.localdate())
            if commission is None:
                return redirect_to_login(_address(request), resolve_url("commission"))
            if commission.role not in roles or purpose not in (None, commission.purpose):
                raise PermissionDenied
            return view(enter(request, commission), *args, **kwargs)

        return guarded

    return decorate


def _address(request: HttpRequest) -> str:
    """Return where to come back to; what was posted is not asked for again."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else request.path


def _with_places(commissions: QuerySet[Commission]) -> QuerySet[Commission]:
    return commissions.select_related("staff", "unit__care_provider", "care_provider", "register")
