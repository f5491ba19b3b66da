"""The occasions on which a patient is asked, and the messages that ask."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from notifications.models import Message
from proms.models.scope import Scope
from surveys.models.enrolment import Enrolment


class OccasionQuerySet(models.QuerySet["Occasion"]):
    def due(self, now: datetime) -> "OccasionQuerySet":
        """Planned occasions whose time to open has come."""
        return self.filter(status=Occasion.Status.PLANNED, opens_at__lte=now)

    def open(self, now: datetime) -> "OccasionQuerySet":
        """Occasions that can be answered at `now`."""
        return self.filter(status=Occasion.Status.OPEN, opens_at__lte=now, closes_at__gt=now)

    def overdue(self, now: datetime) -> "OccasionQuerySet":
        """Open occasions whose window is over."""
        return self.filter(status=Occasion.Status.OPEN, closes_at__lte=now)


class Occasion(models.Model):
    """One time point of one enrolment: planned, open, then one of the ends."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        PARTIAL = "partial", _("Partly answered")
        UNANSWERED = "unanswered", _("Not answered")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="occasions", verbose_name=_("enrolment")
    )
    time_point = models.CharField(_("time point"), max_length=40)
    due_at = models.DateTimeField(_("due"))
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    reached_at = models.DateTimeField(_("first opened by the patient"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # The browser session whose submission ended it: it alone may see the receipt by link.
    submitted_session = models.CharField(max_length=64, blank=True, editable=False)
    # Raised to revoke every link that was sent.
    link_generation = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = OccasionQuerySet.as_manager()
    scope = Scope(
        unit="enrolment__event__unit",
        care_provider="enrolment__event__unit__care_provider",
        register="enrolment__survey_version__survey__register",
    )

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        constraints = [
            models.UniqueConstraint(
                name="surveys_occasion_one_per_time_point", fields=["enrolment", "time_point"]
            ),
            models.CheckConstraint(
                name="surveys_occasion_opens_before_it_closes",
                condition=Q(opens_at__lt=F("closes_at")),
            ),
            models.CheckConstraint(
                name="surveys_occasion_known_status",
                condition=Q(
                    status__in=[
                        "planned",
                        "open",
                        "answered",
                        "partial",
                        "unanswered",
                        "declined",
                        "withdrawn",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="surveys_occasion_ended_when_it_has_an_end",
                condition=Q(status__in=["planned", "open"], ended_at=None)
                | (~Q(status__in=["planned", "open"]) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="surveys_occasion_withdrawn_for_a_reason",
                condition=~Q(status="withdrawn") | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(  # read by planning.open_due
                name="surveys_occasion_to_open",
                fields=["opens_at"],
                condition=Q(status="planned"),
            ),
            models.Index(  # read by closing.close_overdue
                name="surveys_occasion_to_close",
                fields=["closes_at"],
                condition=Q(status="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{_('occasion')} {str(self.pk)[:8]}".capitalize()

    def is_open(self, now: datetime) -> bool:
        """Whether it can be answered at `now`."""
        return self.status == self.Status.OPEN and self.opens_at <= now < self.closes_at


class Invitation(models.Model):
    """The message of one step of an occasion. What became of it is read from the message."""

    occasion = models.ForeignKey(
        Occasion, models.CASCADE, related_name="invitations", verbose_name=_("occasion")
    )
    step = models.CharField(_("step"), max_length=40)
    message = models.OneToOneField(
        Message, models.PROTECT, related_name="invitation", verbose_name=_("message")
    )
    # SHA-256 of the link's token, once a channel that carries one has been chosen.
    token_hash = models.CharField(  # noqa: DJ001 - unique where there is one
        max_length=64, unique=True, null=True, editable=False
    )

    scope = Scope(
        unit="occasion__enrolment__event__unit",
        care_provider="occasion__enrolment__event__unit__care_provider",
        register="occasion__enrolment__survey_version__survey__register",
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                name="surveys_invitation_one_per_step", fields=["occasion", "step"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.occasion_id}"
