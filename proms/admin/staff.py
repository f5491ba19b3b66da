"""Staff accounts, their commissions, and their second factor."""

from base64 import b32encode
from io import BytesIO

import qrcode
import qrcode.image.svg
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp import admin as _registers_devices  # noqa: F401
from django_otp.plugins.otp_totp.models import TOTPDevice

from proms import second_factor
from proms.admin.base import Guarded, Inline
from proms.models import Commission, Staff

# Devices are enrolled on the account's own page; roles come of commissions, not of groups.
admin.site.unregister([TOTPDevice, Group])


class CommissionInline(Inline):
    model = Commission
    fields = ("role", "purpose", "unit", "care_provider", "register", "starts_on", "ends_on")
    autocomplete_fields = ("unit", "care_provider", "register")


@admin.register(Staff)
class StaffAdmin(Guarded, UserAdmin):
    list_display = ("username", "full_name", "hsa_id", "has_codes", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser", "commissions__role")
    search_fields = ("username", "first_name", "last_name", "hsa_id")
    ordering = ("username", "pk")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "hsa_id", "email")}),
        (_("Account"), {"fields": ("is_active", "is_superuser", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "hsa_id")}),
        (_("Password"), {"fields": ("password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")
    inlines = (CommissionInline,)
    change_form_template = "admin/staff.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        confirmed = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        accounts: QuerySet[Staff] = super().get_queryset(request)
        return accounts.annotate(codes=Exists(confirmed))

    @admin.display(description=_("name"))
    def full_name(self, staff: Staff) -> str:
        return staff.get_full_name()

    @admin.display(description=_("one-time codes"), boolean=True)
    def has_codes(self, staff: Staff) -> bool:
        return bool(staff.codes)  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "<int:staff_id>/codes/",
            self.admin_site.admin_view(self.codes_view),
            name="proms_staff_codes",
        )
        return [page, *super().get_urls()]

    def codes_view(self, request: HttpRequest, staff_id: int) -> HttpResponse:
        """Set up one-time codes: a new secret, shown until the phone has proved that it has it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        staff = self.get_queryset(request).filter(pk=staff_id).first()
        if staff is None:
            raise Http404
        if request.method == "POST" and "code" in request.POST:
            return self._confirmed(request, staff)
        device = second_factor.prepare(staff) if request.method == "POST" else None
        return self._codes_page(request, staff, device)

    def _confirmed(self, request: HttpRequest, staff: Staff) -> HttpResponse:
        try:
            second_factor.confirm(staff, code=request.POST["code"].replace(" ", ""))
        except second_factor.WrongCode:
            return self._codes_page(request, staff, second_factor.prepared(staff), wrong=True)
        # Who gave whom a new way in is told by the account's history.
        self.log_change(request, staff, [{"changed": {"fields": ["one-time codes"]}}])
        messages.success(
            request, _("One-time codes work from now on for %(who)s.") % {"who": staff}
        )
        return redirect(reverse("admin:proms_staff_change", args=[staff.pk]))

    def _codes_page(
        self, request: HttpRequest, staff: Staff, device: TOTPDevice | None, wrong: bool = False
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("One-time codes for %(who)s") % {"who": staff.get_username()},
            "opts": self.opts,
            "original": staff,
            "device": device,
            "picture": _qr_code(device.config_url) if device else "",
            "secret": b32encode(device.bin_key).decode() if device else "",
            "wrong": wrong,
        }
        return TemplateResponse(request, "admin/codes.html", context, status=422 if wrong else 200)


def _qr_code(text: str) -> SafeString:
    """Return the text as an SVG of one path: no style in it that the policy would refuse."""
    drawn = BytesIO()
    qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage).save(drawn)
    svg = drawn.getvalue().decode().partition("?>")[2]
    return mark_safe(svg)  # noqa: S308 - drawn above from digits and letters
