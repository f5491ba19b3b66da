"""The administration of surveys: written, published, and followed per patient."""

import uuid
from datetime import datetime
from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from proms.admin.base import Inline, PatientsRow, ReadOnly, ScopedAdmin
from proms.admin.documents import readable
from proms.models import Staff
from surveys import publishing
from surveys.models import (
    Enrolment,
    Invitation,
    Occasion,
    Survey,
    SurveyInstrument,
    SurveyVersion,
    TimePoint,
)

# The steps and reasons that staff meet every day; a peer's own words stay as they came.
_WORDS = {
    "invitation": _("invitation"),
    "reminder": _("reminder"),
    "answered": _("answered"),
    "too late": _("too late"),
    "first in the survey's order": _("first in the survey's order"),
}


class SurveyInstrumentInline(Inline):
    model = SurveyInstrument
    fields = ("position", "instrument", "is_key", "rule")
    autocomplete_fields = ("instrument",)
    ordering = ("position",)


class TimePointInline(Inline):
    model = TimePoint
    fields = (
        "code",
        "name",
        "name_en",
        "anchor",
        "offset",
        "offset_unit",
        "send_at",
        "open_days",
    )
    ordering = ("pk",)


@admin.register(Survey)
class SurveyAdmin(ScopedAdmin):
    list_display = ("name", "code", "register", "role", "event")
    list_filter = ("role", ("register", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("register",)
    search_fields = ("name", "code")
    ordering = ("name", "pk")
    fieldsets = (
        (None, {"fields": ("register", ("name", "name_en"), "code", "role")}),
        (_("What starts it"), {"fields": ("event", "attributes")}),
        (_("How patients are reached"), {"fields": ("languages", "channels", "reminders")}),
        (_("Safety"), {"fields": ("identity_level",)}),
    )
    inlines = (SurveyInstrumentInline, TimePointInline)
    change_form_template = "admin/survey.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.publish_view)
        page = path("<int:survey_id>/publish/", view, name="surveys_survey_publish")
        return [page, *super().get_urls()]

    def publish_view(self, request: HttpRequest, survey_id: int) -> HttpResponse:
        """Say what publishing does, and do it when that is confirmed."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        survey = self.get_queryset(request).filter(pk=survey_id).first()
        if survey is None:
            raise Http404
        if request.method == "POST":
            return self._published(request, survey)
        return self._publish_page(request, survey, [], 200)

    def _published(self, request: HttpRequest, survey: Survey) -> HttpResponse:
        try:
            version = publishing.publish(survey, by=cast(Staff, request.user), now=timezone.now())
        except publishing.CannotPublish as refusal:
            return self._publish_page(request, survey, refusal.problems, 422)
        messages.success(
            request, _("Version %(number)s is published.") % {"number": version.number}
        )
        return redirect(reverse("admin:surveys_surveyversion_change", args=[version.pk]))

    def _publish_page(
        self, request: HttpRequest, survey: Survey, problems: list[str], status: int
    ) -> HttpResponse:
        current = publishing.current(survey)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish %(name)s") % {"name": survey.name},
            "opts": self.opts,
            "original": survey,
            "problems": problems,
            "current": current,
            "next_number": current.number + 1 if current else 1,
            "followers": Enrolment.objects.filter(survey_version__survey=survey).count(),
        }
        return TemplateResponse(request, "admin/publish.html", context, status=status)


@admin.register(SurveyVersion)
class SurveyVersionAdmin(ReadOnly, ScopedAdmin):
    list_display = ("survey", "number", "published_at", "published_by")
    list_filter = (("survey", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("survey", "published_by")
    ordering = ("-published_at", "-pk")
    fields = (
        ("survey", "number"),
        ("published_at", "published_by"),
        "sha256",
        "instrument_versions",
        "content",
    )

    @admin.display(description=_("definition"))
    def content(self, version: SurveyVersion) -> SafeString:
        return readable(version.definition)


class OccasionInline(ReadOnly, Inline):
    """What an enrolment's patient is asked, when, and what came of it."""

    model = Occasion
    fields = ("link", "status", "reason", "opens_at", "closes_at")
    readonly_fields = ("link",)
    ordering = ("due_at", "pk")

    @admin.display(description=_("time point"))
    def link(self, occasion: Occasion) -> SafeString:
        url = reverse("admin:surveys_occasion_change", args=[occasion.pk])
        return format_html('<a href="{}">{}</a>', url, _point(occasion))


@admin.register(Enrolment)
class EnrolmentAdmin(PatientsRow):
    kind = "enrolment"
    list_display = ("row", "survey_version", "unit", "client", "created_at", "stopped_at")
    list_filter = (("survey_version__survey", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("survey_version__survey", "event__unit", "client")
    ordering = ("-created_at", "pk")
    fields = (
        ("survey_version", "patient", "event"),
        ("client", "sender_event_id"),
        "told",
        ("informed_how", "informed_on", "informed_version"),
        ("created_at", "stopped_at", "stop_reason"),
    )
    inlines = (OccasionInline,)

    @admin.display(description=_("unit"))
    def unit(self, enrolment: Enrolment) -> str:
        return enrolment.event.unit.name

    @admin.display(description=_("attributes"))
    def told(self, enrolment: Enrolment) -> SafeString:
        return readable(enrolment.attributes)


class InvitationInline(ReadOnly, Inline):
    """The story of an occasion's messages: when, by which channel, and what came of it."""

    model = Invitation
    fields = ("asked", "due", "status", "deliveries")
    readonly_fields = fields
    ordering = ("pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        invitations = super().get_queryset(request).select_related("message")
        return invitations.prefetch_related("message__deliveries")

    @admin.display(description=_("step"))
    def asked(self, invitation: Invitation) -> str:
        kind, _dash, number = invitation.step.partition("-")
        return f"{_WORDS.get(kind, kind)} {number}".strip()

    @admin.display(description=_("due"))
    def due(self, invitation: Invitation) -> str:
        return _time(invitation.message.due_at)

    @admin.display(description=_("status"))
    def status(self, invitation: Invitation) -> str:
        message = invitation.message
        said = message.get_status_display()
        return f"{said}: {_WORDS.get(message.reason, message.reason)}" if message.reason else said

    @admin.display(description=_("attempts"))
    def deliveries(self, invitation: Invitation) -> SafeString:
        attempts = sorted(invitation.message.deliveries.all(), key=lambda each: each.ordinal)
        lines = (
            (
                _time(each.created_at),
                each.get_channel_display(),
                each.get_outcome_display(),
                _WORDS.get(reason := each.reason or each.channel_reason, reason),
            )
            for each in attempts
        )
        return format_html_join("", "<p>{} {}, {}. {}</p>", lines)


def _point(occasion: Occasion) -> str:
    """Return the name of an occasion's time point."""
    names = occasion.enrolment.survey_version.plan.time_point(occasion.time_point).names
    return names.get(get_language() or "", occasion.time_point)


def _time(at: datetime) -> str:
    """Return Swedish wall time to the second: attempts follow closely on one another."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


@admin.register(Occasion)
class OccasionAdmin(PatientsRow):
    kind = "occasion"
    list_display = ("row", "survey", "point", "status", "reason", "opens_at", "closes_at")
    list_filter = ("status", "time_point")
    list_select_related = ("enrolment__survey_version__survey",)
    ordering = ("-opens_at", "pk")
    fields = (
        ("enrolment", "point"),
        ("due_at", "opens_at", "closes_at"),
        ("status", "reason"),
        ("reached_at", "ended_at"),
    )
    inlines = (InvitationInline,)

    def patient_of(self, row: Occasion) -> uuid.UUID:
        return row.enrolment.patient_id

    @admin.display(description=_("time point"), ordering="time_point")
    def point(self, occasion: Occasion) -> str:
        return _point(occasion)

    @admin.display(description=_("survey"))
    def survey(self, occasion: Occasion) -> str:
        return str(occasion.enrolment.survey_version)
