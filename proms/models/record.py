"""Index events, and the records of what was asked and answered."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from proms.models.instrument import InstrumentVersion, Mode
from proms.models.organisation import CareProvider, Unit
from proms.models.patient import Patient
from proms.models.register import Register
from proms.models.scope import Scope


class Event(models.Model):
    """An index event: what happened to a patient at a unit on a day, such as surgery."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="events", verbose_name=_("patient")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="events", verbose_name=_("unit"))
    kind = models.CharField(_("event"), max_length=40)
    date = models.DateField(_("date"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    scope = Scope(unit="unit", care_provider="unit__care_provider", register="records__register")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.kind} {self.date}"


class RecordQuerySet(models.QuerySet["Record"]):
    def of_occasion(self, occasion_id: uuid.UUID) -> "RecordQuerySet":
        return self.filter(occasion_id=occasion_id)

    def waiting(self) -> "RecordQuerySet":
        """Records that have not come to an end."""
        return self.filter(status__in=[Record.Status.PLANNED, Record.Status.EXPECTED])

    def with_answers(self) -> "RecordQuerySet":
        return self.filter(status__in=[Record.Status.ANSWERED, Record.Status.PARTIAL])


class Record(models.Model):
    """What one holder keeps of one occasion: born when it is planned, ended once.

    The holder is a care provider (PDL 2:4) or a register (PDL 7); the same answer held by both
    is two rows, the register's `disclosed_from` the care provider's. Time point, survey and
    version are copied, so that nothing here needs the survey to be read.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        EXPECTED = "expected", _("Expected")
        ANSWERED = "answered", _("Answered")
        PARTIAL = "partial", _("Partly answered")
        UNANSWERED = "unanswered", _("Not answered")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Medium(models.TextChoices):
        WEB = "web", _("Web")
        PAPER = "paper", _("Paper")

    class Level(models.TextChoices):
        LINK = "link", _("Link")
        CODE = "code", _("Code")
        STRONG = "strong", _("Strong login")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="records", verbose_name=_("patient")
    )
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="records", verbose_name=_("event")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="records", verbose_name=_("unit"))
    care_provider = models.ForeignKey(
        CareProvider,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("care provider"),
    )
    register = models.ForeignKey(
        Register,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("register"),
    )
    occasion_id = models.UUIDField(_("occasion"))
    survey = models.CharField(_("survey"), max_length=40)
    survey_version = models.PositiveIntegerField(_("survey version"))
    time_point = models.CharField(_("time point"), max_length=40)
    time_point_names = models.JSONField(_("names of the time point"), default=dict)
    due_at = models.DateTimeField(_("due"))
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, blank=True)
    medium = models.CharField(_("medium"), max_length=10, choices=Medium, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    channel = models.CharField(_("channel"), max_length=10, blank=True)
    identity_level = models.CharField(_("identity level"), max_length=10, choices=Level, blank=True)
    disclosed_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="disclosures",
        verbose_name=_("disclosed from"),
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
    )

    objects = RecordQuerySet.as_manager()
    scope = Scope(unit="unit", care_provider="care_provider", register="register")

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        constraints = [
            models.CheckConstraint(
                name="proms_record_has_one_holder",
                condition=Q(care_provider=None) ^ Q(register=None),
            ),
            models.CheckConstraint(
                name="proms_record_opens_before_it_closes",
                condition=Q(opens_at__lt=F("closes_at")),
            ),
            models.CheckConstraint(
                name="proms_record_known_status",
                condition=Q(
                    status__in=[
                        "planned",
                        "expected",
                        "answered",
                        "partial",
                        "unanswered",
                        "declined",
                        "withdrawn",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="proms_record_ended_when_it_has_an_end",
                condition=Q(status__in=["planned", "expected"], ended_at=None)
                | (~Q(status__in=["planned", "expected"]) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="proms_record_withdrawn_for_a_reason",
                condition=~Q(status="withdrawn") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="proms_record_answers_have_their_circumstances",
                condition=~Q(status__in=["answered", "partial"])
                | ~(Q(mode="") | Q(medium="") | Q(identity_level="")),
            ),
            models.CheckConstraint(
                name="proms_record_only_a_register_is_disclosed_to",
                condition=Q(disclosed_from=None) | Q(register__isnull=False),
            ),
            models.UniqueConstraint(
                name="proms_record_one_per_care_provider_and_version",
                fields=["occasion_id", "care_provider", "version"],
                condition=Q(care_provider__isnull=False),
            ),
            models.UniqueConstraint(
                name="proms_record_one_per_register_and_version",
                fields=["occasion_id", "register", "version"],
                condition=Q(register__isnull=False),
            ),
        ]
        indexes = [
            models.Index(  # read by the overview: one patient at one care provider
                name="proms_record_of_patient", fields=["patient", "care_provider", "due_at"]
            )
        ]

    def __str__(self) -> str:
        return f"{_('record')} {str(self.pk)[:8]}".capitalize()


class Measurement(models.Model):
    """One instrument answered at one occasion: codes as given, in the order asked."""

    record = models.ForeignKey(
        Record, models.CASCADE, related_name="measurements", verbose_name=_("record")
    )
    instrument_version = models.ForeignKey(
        InstrumentVersion,
        models.PROTECT,
        related_name="measurements",
        verbose_name=_("instrument version"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    answered_at = models.DateTimeField(_("answered"))
    answers = models.JSONField(_("answers"))
    items_asked = ArrayField(models.CharField(max_length=40), verbose_name=_("items asked"))
    trace = models.JSONField(_("trace"), null=True, blank=True)

    scope = Scope(
        unit="record__unit", care_provider="record__care_provider", register="record__register"
    )

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        constraints = [
            models.UniqueConstraint(
                name="proms_measurement_one_per_position", fields=["record", "position"]
            )
        ]

    def __str__(self) -> str:
        return f"Measurement {self.pk}"


class Score(models.Model):
    """One value on one scale, with the set that made it, or why there is none."""

    measurement = models.ForeignKey(
        Measurement, models.CASCADE, related_name="scores", verbose_name=_("measurement")
    )
    scale = models.CharField(_("scale"), max_length=40)
    value = models.FloatField(_("value"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=40, blank=True)
    standard_error = models.FloatField(_("standard error"), null=True, blank=True)
    set_id = models.CharField(_("value set or parameter set"), max_length=60, blank=True)
    missing_reason = models.CharField(_("why it is missing"), max_length=40, blank=True)

    scope = Scope(
        unit="measurement__record__unit",
        care_provider="measurement__record__care_provider",
        register="measurement__record__register",
    )

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(
                name="proms_score_one_per_scale_and_set",
                fields=["measurement", "scale", "set_id"],
            ),
            models.CheckConstraint(
                name="proms_score_has_a_value_or_a_reason",
                condition=Q(value__isnull=False, missing_reason="")
                | (~Q(state="") & Q(missing_reason=""))
                | (Q(value=None, state="") & ~Q(missing_reason="")),
            ),
            models.CheckConstraint(
                name="proms_score_standard_error_is_not_negative",
                condition=Q(standard_error=None) | Q(standard_error__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"Score {self.pk}"
