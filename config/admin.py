"""The administration: where registers set up surveys, and administrators everything else."""

from functools import wraps
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth import views as auth
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config import permissions
from proms import commissions
from proms.models import Commission, Staff


class RegistryAdminSite(AdminSite):
    """Open to staff who have shown both factors, as far as account and commission reach."""

    site_title = site_header = "Utfall"
    index_title = _("Registers and surveys")
    site_url = None
    enable_nav_sidebar = False

    def __init__(self) -> None:
        # Named as Django's own, so that reverse("admin:...") and @admin.register work as ever.
        super().__init__(name="admin")

    def has_permission(self, request: HttpRequest) -> bool:
        if not commissions.is_verified(request):
            return False
        return permissions.has_any(cast(Staff, request.user), self._commission(request))

    def allowed(self, request: HttpRequest, model: type[Model]) -> permissions.Actions:
        """Return what whoever asks may do with the model's rows that they see."""
        staff, commission = cast(Staff, request.user), self._commission(request)
        return permissions.allowed(staff, commission, model._meta.label_lower)

    def administers(self, request: HttpRequest, model: type[Model]) -> bool:
        return permissions.administers(cast(Staff, request.user), model._meta.label_lower)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the one login page, or on to the choice of a commission; show no form here."""
        wanted = request.GET.get("next") or resolve_url("admin:index")
        if not commissions.is_verified(request):
            return redirect_to_login(wanted)
        if self.has_permission(request):
            return redirect("admin:index")
        if self._commission(request) is None:
            return redirect_to_login(wanted, resolve_url("commission"))
        raise PermissionDenied

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Answer an address whose parameters the database refuses as any that is not there."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            try:
                return guarded(request, *args, **kwargs)
            except (DataError, OverflowError, ValidationError):
                if request.method in ("GET", "HEAD"):
                    raise Http404 from None
                raise

        return answer

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return auth.LogoutView.as_view()(request)

    def _commission(self, request: HttpRequest) -> Commission | None:
        if not hasattr(request, "commission"):
            commission = commissions.active(request, today=timezone.localdate())
            if commission is None:
                commissions.enter_without(request)
            else:
                commissions.enter(request, commission)
        return cast(commissions.StaffRequest, request).commission
