"""The log of every look, as its reviewers read it."""

from django.contrib import admin

from proms.admin.base import Inline, ReadOnly, ScopedAdmin
from proms.models import AccessedPatient, AccessEvent


class AccessedPatientInline(ReadOnly, Inline):
    model = AccessedPatient
    fields = ("subject_id",)


@admin.register(AccessEvent)
class AccessEventAdmin(ReadOnly, ScopedAdmin):
    list_display = ("at", "actor_name", "role", "unit_name", "register_name", "activity", "kind")
    list_filter = ("activity", "kind", "role")
    search_fields = ("actor_name",)
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    inlines = (AccessedPatientInline,)
