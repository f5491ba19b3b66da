"""Places and registers: regions, care providers, units, decisions, and who may send events."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from proms import tokens
from proms.admin.base import Inline, ScopedAdmin
from proms.models import ApiClient, CareProvider, Decision, Region, Register, Unit


class DecisionInline(Inline):
    model = Decision
    fields = ("kind", "reference", "owner", "decided_on", "valid_until")


@admin.register(Region)
class RegionAdmin(ScopedAdmin):
    list_display = ("name", "code")
    search_fields = ("name", "code")
    ordering = ("name", "pk")


@admin.register(CareProvider)
class CareProviderAdmin(ScopedAdmin):
    list_display = ("name", "hsa_id", "region")
    list_filter = ("region",)
    list_select_related = ("region",)
    search_fields = ("name", "hsa_id")
    autocomplete_fields = ("region",)
    ordering = ("name", "pk")
    inlines = (DecisionInline,)


@admin.register(Unit)
class UnitAdmin(ScopedAdmin):
    list_display = ("name", "hsa_id", "care_provider", "phone")
    list_filter = ("care_provider",)
    list_select_related = ("care_provider",)
    search_fields = ("name", "hsa_id")
    autocomplete_fields = ("care_provider",)
    ordering = ("name", "pk")


@admin.register(Decision)
class DecisionAdmin(ScopedAdmin):
    list_display = ("kind", "reference", "holder", "decided_on", "valid_until")
    list_filter = ("kind",)
    list_select_related = ("care_provider", "register")
    autocomplete_fields = ("care_provider", "register")
    ordering = ("-decided_on", "-pk")

    @admin.display(description=_("holder"))
    def holder(self, decision: Decision) -> str:
        return str(decision.care_provider or decision.register)


@admin.register(Register)
class RegisterAdmin(ScopedAdmin):
    list_display = ("name", "code", "authority", "contact")
    search_fields = ("name", "code")
    ordering = ("name", "pk")
    inlines = (DecisionInline,)


@admin.register(ApiClient)
class ApiClientAdmin(ScopedAdmin):
    list_display = ("name", "register", "created_at", "revoked_at")
    list_filter = ("register",)
    list_select_related = ("register",)
    autocomplete_fields = ("register",)
    fields = ("register", "name", "created_at", "revoked_at")
    readonly_fields = ("created_at", "revoked_at")
    ordering = ("-created_at", "-pk")
    actions = ("revoke",)

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        if change:
            obj.save()
            return
        obj.created_at = timezone.now()
        # Kept on the instance until the answer is written, and nowhere else.
        obj.shown_once = tokens.issue(obj)  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: ApiClient, *_args: Any) -> HttpResponse:
        """Show the token: on this page, and never again."""
        context = {
            **self.admin_site.each_context(request),
            "title": obj.name,
            "token": obj.shown_once,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/token.html", context)

    @admin.action(
        description=_("Revoke: the systems chosen can send no more"), permissions=["change"]
    )
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> None:
        for client in queryset:
            tokens.revoke(client, now=timezone.now())
        count = len(queryset)
        messages.success(
            request, ngettext("%(n)s token revoked.", "%(n)s tokens revoked.", count) % {"n": count}
        )
