"""Who gives care: regions, care providers, units, and the decisions they have stored."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from proms.models.scope import Scope


class Region(models.Model):
    code = models.CharField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name


class CareProvider(models.Model):
    """A vårdgivare: it holds the records of the care it gives (PDL 2:4)."""

    hsa_id = models.CharField(_("HSA id"), max_length=32)
    name = models.CharField(_("name"), max_length=200)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="care_providers", verbose_name=_("region")
    )

    class Meta:
        verbose_name = _("care provider")
        verbose_name_plural = _("care providers")
        constraints = [
            models.UniqueConstraint(Upper("hsa_id"), name="proms_careprovider_one_per_hsa_id")
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A vårdenhet: where the care was given, and whom the patient calls."""

    hsa_id = models.CharField(_("HSA id"), max_length=32)
    name = models.CharField(_("name"), max_length=200)
    care_provider = models.ForeignKey(
        CareProvider, models.PROTECT, related_name="units", verbose_name=_("care provider")
    )
    phone = models.CharField(_("phone"), max_length=30)
    phone_hours = models.CharField(_("phone hours"), max_length=100, blank=True)
    street = models.CharField(_("street"), max_length=100, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    city = models.CharField(_("city"), max_length=50, blank=True)
    name_is_sensitive = models.BooleanField(
        _("name is sensitive"),
        default=False,
        help_text=_("The name tells what the patient is treated for."),
    )

    scope = Scope(unit="pk", care_provider="care_provider")

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [models.UniqueConstraint(Upper("hsa_id"), name="proms_unit_one_per_hsa_id")]

    def __str__(self) -> str:
        return self.name


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_force(self, day: date) -> "DecisionQuerySet":
        """Decisions that hold on `day`."""
        ends = Q(valid_until=None) | Q(valid_until__gte=day)
        return self.filter(ends, decided_on__lte=day)


class Decision(models.Model):
    """A decision that care provider or register has taken and that a feature asks for."""

    class Kind(models.TextChoices):
        LINK_IN_OPEN_CHANNEL = "link_in_open_channel", _("Link by e-mail or SMS (HSLF-FS 3:16)")
        DEVICE_QUALIFICATION = "device_qualification", _("Medical-device qualification")
        PROCESSOR_AGREEMENT = "processor_agreement", _("Processor agreement (GDPR 28)")
        IMPACT_ASSESSMENT = "impact_assessment", _("Impact assessment (GDPR 35)")
        RETENTION = "retention", _("Retention")
        INFORMATION = "information", _("Information to patients")
        INBOX_AGREEMENT = "inbox_agreement", _("Agreement on the 1177 inbox")
        LOG_REVIEW = "log_review", _("Routine for log review")
        INCIDENT_CONTACTS = "incident_contacts", _("Contacts for incidents")
        EXIT_PLAN = "exit_plan", _("Exit plan")

    care_provider = models.ForeignKey(
        CareProvider,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("care provider"),
    )
    register = models.ForeignKey(
        "proms.Register",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("register"),
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    reference = models.CharField(_("reference"), max_length=100)
    owner = models.CharField(_("owner"), max_length=100)
    decided_on = models.DateField(_("decided on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = DecisionQuerySet.as_manager()
    scope = Scope(care_provider="care_provider", register="register")

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                name="proms_decision_has_one_holder",
                condition=Q(care_provider=None) ^ Q(register=None),
                violation_error_message=_("Choose a care provider or a register, not both."),
            ),
            models.CheckConstraint(
                name="proms_decision_ends_after_it_begins",
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("decided_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"
