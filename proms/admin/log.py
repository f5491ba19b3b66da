"""The log of every look, as its reviewers read it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from proms.admin.base import Inline, ReadOnly, ScopedAdmin
from proms.models import AccessedPatient, AccessEvent, Commission

KINDS = {
    "commission": _("commission"),
    "enrolment": _("enrolment"),
    "event": _("event"),
    "identity": _("identity"),
    "occasion": _("occasion"),
    "overview": _("patient overview"),
    "record": _("record"),
    "search": _("search"),
}


class AccessedPatientInline(ReadOnly, Inline):
    model = AccessedPatient
    fields = ("subject_id",)


@admin.register(AccessEvent)
class AccessEventAdmin(ReadOnly, ScopedAdmin):
    list_display = (
        "at",
        "actor_name",
        "role_name",
        "unit_name",
        "register_name",
        "activity",
        "kind_name",
    )
    list_filter = ("activity", "kind", "role")
    search_fields = ("actor_name",)
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    inlines = (AccessedPatientInline,)

    @admin.display(description=_("role"))
    def role_name(self, event: AccessEvent) -> str:
        return str(dict(Commission.Role.choices).get(event.role, event.role))

    @admin.display(description=_("kind of data"))
    def kind_name(self, event: AccessEvent) -> str:
        return str(KINDS.get(event.kind, event.kind))
