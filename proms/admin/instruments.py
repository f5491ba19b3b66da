"""Instruments and their versions: what is asked, in which language, under which licence."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from proms.admin.base import Inline, ReadOnly, ScopedAdmin
from proms.admin.documents import readable
from proms.models import Instrument, InstrumentVersion, Licence


class VersionInline(ReadOnly, Inline):
    model = InstrumentVersion
    fields = ("version", "language", "mode", "is_demonstration", "licence_until", "used_at")
    show_change_link = True
    ordering = ("-version", "language", "mode")


@admin.register(Instrument)
class InstrumentAdmin(ReadOnly, ScopedAdmin):
    list_display = ("name", "code")
    search_fields = ("name", "code")
    ordering = ("name", "pk")
    inlines = (VersionInline,)


@admin.register(InstrumentVersion)
class InstrumentVersionAdmin(ReadOnly, ScopedAdmin):
    list_display = ("instrument", "version", "language", "mode", "is_demonstration", "used_at")
    list_filter = ("instrument", "language", "mode", "is_demonstration")
    list_select_related = ("instrument",)
    ordering = ("instrument__name", "version", "language", "pk")
    fields = (
        ("instrument", "pages"),
        ("version", "language", "mode"),
        "is_demonstration",
        ("licence_reference", "licence_until"),
        ("used_at", "sha256"),
        "content",
    )

    readonly_fields = ("pages",)

    @admin.display(description=_("library"))
    def pages(self, version: InstrumentVersion) -> SafeString:
        """Lead to the version's page: screens, licence, use, comparison."""
        if version.pk is None:
            return format_html("{}", "–")
        address = reverse("library:version", args=[version.pk])
        return format_html('<a href="{}">{}</a>', address, _("Screens, licence and use"))

    @admin.display(description=_("definition"))
    def content(self, version: InstrumentVersion) -> SafeString:
        return readable(version.definition)


@admin.register(Licence)
class LicenceAdmin(ScopedAdmin):
    list_display = ("instrument", "scope", "language", "mode", "reference", "until")
    list_filter = ("scope", "instrument", "language")
    list_select_related = ("instrument",)
    search_fields = ("reference", "instrument__name")
    ordering = ("instrument__name", "scope", "language", "pk")
    fields = ("instrument", "scope", ("language", "mode"), "parameter_set", ("reference", "until"))
