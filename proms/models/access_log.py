"""The append-only log of every look at patient data.

Nothing here points at another table: the log neither blocks nor follows an erasure. Both
database roles may only insert and read.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proms.models.scope import Scope


class AccessEvent(models.Model):
    """One request that read or changed patient data: who, under which commission, and why."""

    class Actor(models.TextChoices):
        STAFF = "staff", _("Staff")
        CLIENT = "client", _("API client")
        PATIENT = "patient", _("Patient")
        COMMAND = "command", _("Command")

    class Activity(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Write")
        PRINT = "print", _("Print")
        EXPORT = "export", _("Export")
        ERASE = "erase", _("Erase")
        SWITCH = "switch", _("Switch commission")

    at = models.DateTimeField(_("time"))
    actor = models.CharField(_("actor"), max_length=10, choices=Actor)
    actor_id = models.CharField(_("who"), max_length=64)
    actor_name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=20, blank=True)
    purpose = models.CharField(_("purpose"), max_length=20, blank=True)
    commission_id = models.BigIntegerField(_("commission"), null=True, blank=True)
    unit_id = models.BigIntegerField(null=True, blank=True, editable=False)
    unit_name = models.CharField(_("unit"), max_length=200, blank=True)
    care_provider_id = models.BigIntegerField(null=True, blank=True, editable=False)
    care_provider_name = models.CharField(_("care provider"), max_length=200, blank=True)
    register_id = models.BigIntegerField(null=True, blank=True, editable=False)
    register_name = models.CharField(_("register"), max_length=200, blank=True)
    activity = models.CharField(_("activity"), max_length=10, choices=Activity)
    kind = models.CharField(_("kind of data"), max_length=40)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    request_id = models.UUIDField(_("request"))

    scope = Scope(unit="unit_id", care_provider="care_provider_id", register="register_id")

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("access log")
        constraints = [
            models.CheckConstraint(
                name="proms_accessevent_known_actor",
                condition=Q(actor__in=["staff", "client", "patient", "command"]),
            )
        ]
        indexes = [models.Index(name="proms_accessevent_by_time", fields=["at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}"


class AccessedPatient(models.Model):
    """One patient whose data an access showed or changed."""

    event = models.ForeignKey(AccessEvent, models.PROTECT, related_name="patients")
    subject_id = models.UUIDField(_("patient"))

    class Meta:
        verbose_name = _("accessed patient")
        verbose_name_plural = _("accessed patients")
        constraints = [
            models.UniqueConstraint(
                name="proms_accessedpatient_once_per_event", fields=["event", "subject_id"]
            )
        ]
        indexes = [models.Index(name="proms_accessed_by_subject", fields=["subject_id"])]

    def __str__(self) -> str:
        return str(self.subject_id)
