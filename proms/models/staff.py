"""Staff accounts and the commissions they act under."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proms.models.organisation import CareProvider, Unit
from proms.models.register import Register


class Staff(AbstractUser):
    """Someone who works in care or for a register. Patients are never rows here."""

    hsa_id = models.CharField(_("HSA id"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("staff account")
        verbose_name_plural = _("staff accounts")


class CommissionQuerySet(models.QuerySet["Commission"]):
    def in_force(self, day: date) -> "CommissionQuerySet":
        """Commissions that may be chosen on `day`."""
        ends = Q(ends_on=None) | Q(ends_on__gte=day)
        return self.filter(ends, starts_on__lte=day, staff__is_active=True)


class Commission(models.Model):
    """A medarbetaruppdrag: what a staff member may do, for whom, and for what purpose."""

    class Role(models.TextChoices):
        CLINICIAN = "clinician", _("Clinician")
        COORDINATOR = "coordinator", _("Unit coordinator")
        LOG_REVIEWER = "log_reviewer", _("Log reviewer")
        REGISTRY = "registry", _("Registry staff")
        OFFICER = "officer", _("CPUA officer")
        STEERING = "steering", _("Steering group")
        REPRESENTATIVE = "representative", _("Patient representative")

    class Purpose(models.TextChoices):
        CARE = "care", _("Care and treatment")
        REGISTER = "register", _("Quality register")
        ADMINISTRATION = "administration", _("Administration")

    staff = models.ForeignKey(
        Staff, models.PROTECT, related_name="commissions", verbose_name=_("staff account")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commissions",
        verbose_name=_("unit"),
    )
    care_provider = models.ForeignKey(
        CareProvider,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commissions",
        verbose_name=_("care provider"),
    )
    register = models.ForeignKey(
        Register,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commissions",
        verbose_name=_("register"),
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    objects = CommissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        constraints = [
            models.CheckConstraint(
                name="proms_commission_covers_one_place",
                condition=(
                    Q(unit__isnull=False, care_provider=None, register=None)
                    | Q(unit=None, care_provider__isnull=False, register=None)
                    | Q(unit=None, care_provider=None, register__isnull=False)
                ),
                violation_error_message=_("Choose one unit, care provider or register."),
            ),
            models.CheckConstraint(
                name="proms_commission_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="proms_commission_for_a_register_is_not_care",
                condition=~Q(register__isnull=False, purpose="care"),
                violation_error_message=_(
                    "A register may not serve the care of one patient (PDL 7:4)."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.place}"

    @property
    def place(self) -> Unit | CareProvider | Register:
        """The unit, care provider or register that the commission covers."""
        place = self.unit or self.care_provider or self.register
        assert place is not None  # noqa: S101 - a constraint of the table
        return place
