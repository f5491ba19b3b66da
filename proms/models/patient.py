"""Patients, with every identifying column sealed, and the consents they gave."""

import uuid
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.sealing import SealedJSONField, SealedTextField, lookup_hash
from proms.models.scope import Scope
from proms.person_ids import PersonId


class PatientQuerySet(models.QuerySet["Patient"]):
    def with_person_id(self, person_id: PersonId) -> "PatientQuerySet":
        """The patient of that number, found by its keyed hash."""
        return self.filter(lookup=Patient.lookup_of(person_id))


class Patient(models.Model):
    """One person, once per installation. Contact details are as the last sender gave them."""

    class Preference(models.TextChoices):
        PAPER = "paper", _("Paper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = SealedTextField(_("personal number"))
    number_type = models.CharField(_("kind of number (OID)"), max_length=60)
    lookup = models.CharField(max_length=64, unique=True, editable=False)
    name = SealedTextField(_("name"), blank=True)
    email = SealedTextField(_("e-mail"), blank=True)
    phone = SealedTextField(_("phone"), blank=True)
    address = SealedJSONField(_("address"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=10, default="sv")
    prefers = models.CharField(_("prefers"), max_length=10, choices=Preference, blank=True)
    died_on = models.DateField(_("died"), null=True, blank=True)
    deregistered_on = models.DateField(_("deregistered"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = PatientQuerySet.as_manager()
    # A patient is within reach of whoever may see a record of theirs.
    scope = Scope(
        unit="records__unit", care_provider="records__care_provider", register="records__register"
    )

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")

    def __str__(self) -> str:
        # Never the number or the name: this text reaches logs and page titles.
        return f"Patient {self.pk}"

    @staticmethod
    def lookup_of(person_id: PersonId) -> str:
        return lookup_hash(f"{person_id.type}|{person_id.number}", purpose="patient")

    @property
    def person_id(self) -> PersonId:
        return PersonId(self.number, self.number_type)

    def is_living_resident(self, day: date) -> bool:
        """Whether the person is neither dead nor deregistered on `day`."""
        ends = [end for end in (self.died_on, self.deregistered_on) if end]
        return all(day < end for end in ends)


class Consent(models.Model):
    """A patient's word that a channel may be used, with its source and day."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("SMS")

    patient = models.ForeignKey(
        Patient, models.CASCADE, related_name="consents", verbose_name=_("patient")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    source = models.CharField(_("source"), max_length=100)
    given_on = models.DateField(_("given on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                name="proms_consent_once_per_source_and_day",
                fields=["patient", "channel", "source", "given_on"],
            ),
            models.CheckConstraint(
                name="proms_consent_known_channel",
                condition=models.Q(channel__in=["email", "sms"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.given_on}"
