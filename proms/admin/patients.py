"""Patients, events and records: their lists show no health fact, opening a row is logged."""

import uuid

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from proms.admin.base import Inline, PatientsRow, ReadOnly
from proms.admin.documents import readable
from proms.models import Consent, Event, Measurement, Patient, Record, Score


class ConsentInline(ReadOnly, Inline):
    model = Consent
    fields = ("channel", "source", "given_on", "withdrawn_on")
    ordering = ("given_on", "pk")


@admin.register(Patient)
class PatientAdmin(PatientsRow):
    kind = "identity"
    list_display = ("row", "created_at")
    ordering = ("-created_at", "pk")
    fields = (
        "person_number",
        "name",
        ("email", "phone"),
        "postal_address",
        ("language", "prefers"),
        ("died_on", "deregistered_on"),
        "created_at",
    )
    inlines = (ConsentInline,)

    def patient_of(self, row: Patient) -> uuid.UUID:
        return row.pk

    @admin.display(description=_("personal number"))
    def person_number(self, patient: Patient) -> str:
        return patient.person_id.display

    @admin.display(description=_("address"))
    def postal_address(self, patient: Patient) -> SafeString:
        return readable(patient.address)


@admin.register(Event)
class EventAdmin(PatientsRow):
    kind = "event"
    list_display = ("row", "unit", "date", "withdrawn_at")
    list_filter = (("unit", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("unit",)
    ordering = ("-date", "pk")
    fields = ("patient", "unit", "kind", "date", "withdrawn_at")


class MeasurementInline(ReadOnly, Inline):
    model = Measurement
    fields = ("instrument_version", "answered_at", "given", "scored")
    readonly_fields = fields
    ordering = ("position",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Measurement]:
        measurements = super().get_queryset(request).prefetch_related("scores")
        related = measurements.select_related("instrument_version__instrument")
        return related.defer("instrument_version__definition")

    @admin.display(description=_("answers"))
    def given(self, measurement: Measurement) -> SafeString:
        return readable(measurement.answers)

    @admin.display(description=_("scores"))
    def scored(self, measurement: Measurement) -> SafeString:
        scores = sorted(measurement.scores.all(), key=lambda score: score.pk)
        lines = ((score.scale, _value(score), score.set_id) for score in scores)
        return format_html_join(
            "", '<p>{} <strong>{}</strong> <span class="quiet">{}</span></p>', lines
        )


def _value(score: Score) -> str:
    """Return the value as it is stored: here nothing is rounded."""
    if score.value is not None:
        return f"{score.value:g}"
    return score.state or score.missing_reason


@admin.register(Record)
class RecordAdmin(PatientsRow):
    kind = "record"
    list_display = ("row", "survey", "time_point", "unit", "status", "due_at")
    list_filter = (
        "status",
        "survey",
        "time_point",
        ("unit", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("unit",)
    ordering = ("-due_at", "pk")
    fields = (
        ("patient", "event", "unit"),
        ("care_provider", "register", "disclosed_from"),
        ("survey", "survey_version", "time_point"),
        ("due_at", "opens_at", "closes_at"),
        ("status", "reason", "ended_at"),
        ("mode", "medium", "language", "channel", "identity_level"),
        ("version", "supersedes"),
    )
    inlines = (MeasurementInline,)
