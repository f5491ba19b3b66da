"""Surveys as registry staff edit them, and the versions that were published, frozen."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proms.models import ApiClient, Instrument, InstrumentVersion, Register, Staff
from proms.models.scope import Scope
from surveys.plan import Plan

_plans: dict[str, Plan] = {}


def demonstration_languages() -> list[str]:
    return ["sv"]


def inbox_then_email() -> list[str]:
    return ["inbox", "email"]


class Survey(models.Model):
    """What is asked of whom and when, as it stands being written."""

    class Role(models.TextChoices):
        CARE = "care", _("Care")
        REGISTER = "register", _("Register")
        BOTH = "both", _("Care, disclosed to the register")

    class Level(models.TextChoices):
        LINK = "link", _("Link")
        CODE = "code", _("Code")
        STRONG = "strong", _("Strong login")

    register = models.ForeignKey(
        Register, models.PROTECT, related_name="surveys", verbose_name=_("register")
    )
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.BOTH)
    event = models.SlugField(
        _("index event"), max_length=40, help_text=_("What the dates count from, such as surgery.")
    )
    attributes = ArrayField(
        models.SlugField(max_length=40),
        verbose_name=_("attributes"),
        default=list,
        blank=True,
        help_text=_("What may be told of an event beside its date, such as side."),
    )
    languages = ArrayField(
        models.CharField(max_length=10),
        verbose_name=_("languages"),
        default=demonstration_languages,
        help_text=_("Codes between commas, the first one used where another is lacking: sv,en"),
    )
    channels = ArrayField(
        models.CharField(max_length=10),
        verbose_name=_("channels, in order"),
        default=inbox_then_email,
        help_text=_("Between commas: inbox is the 1177 inbox, email is e-mail."),
    )
    reminders = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("reminders, days after opening"),
        default=list,
        blank=True,
        help_text=_("Between commas, such as 14,28. Nobody who has answered is reminded."),
    )
    identity_level = models.CharField(
        _("least identity level"), max_length=10, choices=Level, default=Level.LINK
    )

    scope = Scope(register="register")

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.CheckConstraint(
                name="surveys_survey_known_role", condition=Q(role__in=["care", "register", "both"])
            )
        ]

    def __str__(self) -> str:
        return self.name


class SurveyInstrument(models.Model):
    """An instrument's place in a survey."""

    class Rule(models.TextChoices):
        STANDARD = "standard", _("Standard: 4 to 12 questions")
        RECOMMENDED = "recommended", _("Recommended: 4 to 8 questions")
        SCREEN = "screen-to-cat", _("Screen: the healthiest first answer is enough, else 4 to 8")
        PAEDIATRIC = "paediatric", _("Children and proxies: 5 to 12 questions")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="instruments")
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="+", verbose_name=_("instrument")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    is_key = models.BooleanField(
        _("key instrument"),
        default=False,
        help_text=_("The survey counts as answered when this one can be scored."),
    )
    rule = models.CharField(
        _("stop rule"),
        max_length=20,
        choices=Rule,
        default=Rule.RECOMMENDED,
        help_text=_("When an adaptive test stops; fixed questionnaires have none."),
    )

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        constraints = [
            models.UniqueConstraint(
                name="surveys_surveyinstrument_one_per_position", fields=["survey", "position"]
            ),
            models.UniqueConstraint(
                name="surveys_surveyinstrument_one_key",
                fields=["survey"],
                condition=Q(is_key=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.instrument}"


class TimePoint(models.Model):
    """When to ask: an offset from the event's date, or from the day it was registered."""

    class Anchor(models.TextChoices):
        EVENT = "event", _("The event's date")
        REGISTRATION = "registration", _("The day of registration")

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        WEEKS = "weeks", _("weeks")
        MONTHS = "months", _("months")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="time_points")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    anchor = models.CharField(
        _("counted from"), max_length=12, choices=Anchor, default=Anchor.EVENT
    )
    offset = models.SmallIntegerField(
        _("offset"), help_text=_("Negative: before the event's date.")
    )
    offset_unit = models.CharField(_("unit"), max_length=6, choices=Unit, default=Unit.DAYS)
    send_at = models.TimeField(
        _("send at"), null=True, blank=True, help_text=_("Swedish time; empty: at once.")
    )
    open_days = models.PositiveSmallIntegerField(_("days open"))

    class Meta:
        verbose_name = _("time point")
        verbose_name_plural = _("time points")
        constraints = [
            models.UniqueConstraint(
                name="surveys_timepoint_one_per_code", fields=["survey", "code"]
            ),
            models.CheckConstraint(
                name="surveys_timepoint_is_open_a_while", condition=Q(open_days__gt=0)
            ),
            models.CheckConstraint(
                name="surveys_timepoint_registration_is_not_counted_back_from",
                condition=Q(anchor="event") | Q(offset__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SurveyVersion(models.Model):
    """A survey as it was published: frozen, hashed, and what every enrolment follows."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, related_name="versions", verbose_name=_("survey")
    )
    number = models.PositiveIntegerField(_("number"))
    definition = models.JSONField(_("definition"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    instrument_versions = models.ManyToManyField(
        InstrumentVersion, related_name="survey_versions", verbose_name=_("instrument versions")
    )
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )

    scope = Scope(register="survey__register")

    class Meta:
        verbose_name = _("survey version")
        verbose_name_plural = _("survey versions")
        constraints = [
            models.UniqueConstraint(
                name="surveys_surveyversion_one_per_number", fields=["survey", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey.name} {self.number}"

    @property
    def plan(self) -> Plan:
        """The frozen definition, read once per process: a version never changes."""
        if self.sha256 not in _plans:
            _plans[self.sha256] = Plan.from_json(self.definition)
        return _plans[self.sha256]


class IntakeRequest(models.Model):
    """What an API client was answered under one Idempotency-Key."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="intake_requests")
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(null=True)
    response = models.TextField(blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="surveys_intakerequest_one_per_key", fields=["client", "key"]
            )
        ]

    def __str__(self) -> str:
        return f"Intake request {self.pk}"
