"""A patient's place in a survey, following one index event."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from proms.models import ApiClient, Event, Patient
from proms.models.scope import Scope
from surveys.models.survey import SurveyVersion


class Enrolment(models.Model):
    """Patient x survey version x event, as one sender reported it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey_version = models.ForeignKey(
        SurveyVersion,
        models.PROTECT,
        related_name="enrolments",
        verbose_name=_("survey version"),
    )
    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="enrolments", verbose_name=_("patient")
    )
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="enrolments", verbose_name=_("event")
    )
    client = models.ForeignKey(
        ApiClient, models.PROTECT, related_name="enrolments", verbose_name=_("sender")
    )
    sender_event_id = models.CharField(_("the sender's event id"), max_length=200)
    event_hash = models.CharField(max_length=64, editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    informed_how = models.CharField(_("informed, how"), max_length=40, blank=True)
    informed_on = models.DateField(_("informed on"), null=True, blank=True)
    informed_version = models.CharField(_("informed, version"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created"))
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    stop_reason = models.CharField(_("why it was stopped"), max_length=40, blank=True)

    scope = Scope(
        unit="event__unit",
        care_provider="event__unit__care_provider",
        register="survey_version__survey__register",
    )

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                name="surveys_enrolment_one_per_event_id", fields=["client", "sender_event_id"]
            ),
            models.UniqueConstraint(
                name="surveys_enrolment_one_per_event",
                fields=["event_hash"],
                condition=models.Q(stopped_at=None),
            ),
            models.CheckConstraint(
                name="surveys_enrolment_stopped_for_a_reason",
                condition=models.Q(stopped_at=None, stop_reason="")
                | (models.Q(stopped_at__isnull=False) & ~models.Q(stop_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{_('enrolment')} {str(self.pk)[:8]}".capitalize()
