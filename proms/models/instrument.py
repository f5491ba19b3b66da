"""Instruments as they stand in the database: one row per version, language and mode."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """Who answers, and how (facts: definitions)."""

    SELF = "self", _("Self")
    HELPED = "helped", _("Helped")
    INTERVIEW = "interview", _("Interview")
    PROXY1 = "proxy1", _("Proxy, as the proxy thinks")
    PROXY2 = "proxy2", _("Proxy, as the patient would say")


class Instrument(models.Model):
    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")

    def __str__(self) -> str:
        return self.name


class InstrumentVersion(models.Model):
    """One version in one language and mode. The definition never changes once it is used."""

    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="versions", verbose_name=_("instrument")
    )
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=10)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.SELF)
    definition = models.JSONField(_("definition"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    is_demonstration = models.BooleanField(_("demonstration wording"))
    licence_reference = models.CharField(_("licence reference"), max_length=100, blank=True)
    licence_until = models.DateField(_("licence until"), null=True, blank=True)
    used_at = models.DateTimeField(_("first used"), null=True, blank=True)

    class Meta:
        verbose_name = _("instrument version")
        verbose_name_plural = _("instrument versions")
        constraints = [
            models.UniqueConstraint(
                name="proms_instrumentversion_one_per_key",
                fields=["instrument", "version", "language", "mode"],
            ),
            models.CheckConstraint(
                name="proms_instrumentversion_known_mode",
                condition=Q(mode__in=["self", "helped", "interview", "proxy1", "proxy2"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument.name} {self.version} ({self.language}, {self.mode})"


class LicenceQuerySet(models.QuerySet["Licence"]):
    def in_force(self, today: date) -> "LicenceQuerySet":
        return self.filter(Q(until=None) | Q(until__gte=today))


class Licence(models.Model):
    """Leave to use one aspect of an instrument, until a day; empty fields stand for any."""

    class Scope(models.TextChoices):
        WORDING = "wording", _("Wording")
        ELECTRONIC = "electronic", _("Electronic use")
        CAT = "cat", _("Adaptive test")
        PARAMETERS = "parameters", _("Parameter set")

    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="licences", verbose_name=_("instrument")
    )
    scope = models.CharField(_("covers"), max_length=10, choices=Scope)
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("Empty: every language.")
    )
    mode = models.CharField(
        _("mode"), max_length=10, choices=Mode, blank=True, help_text=_("Empty: every mode.")
    )
    parameter_set = models.CharField(
        _("parameter set"), max_length=60, blank=True, help_text=_("Empty: every one.")
    )
    reference = models.CharField(_("licence reference"), max_length=100)
    until = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Empty: without an end.")
    )

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        constraints = [
            models.CheckConstraint(
                name="proms_licence_known_scope",
                condition=Q(scope__in=["wording", "electronic", "cat", "parameters"]),
            ),
            models.CheckConstraint(
                name="proms_licence_known_mode",
                condition=Q(mode__in=["", "self", "helped", "interview", "proxy1", "proxy2"]),
            ),
            models.CheckConstraint(
                name="proms_licence_has_a_reference", condition=~Q(reference="")
            ),
            models.UniqueConstraint(
                name="proms_licence_one_per_use",
                fields=["instrument", "scope", "language", "mode", "parameter_set", "reference"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument.name}: {self.get_scope_display()}, {self.reference}"
