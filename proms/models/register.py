"""Quality registers, and the systems that send them index events."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from proms.models.scope import Scope


class Register(models.Model):
    """A kvalitetsregister; an authority in health care answers for it (CPUA, PDL 7:7)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    authority = models.CharField(_("responsible authority (CPUA)"), max_length=200)
    authority_org_number = models.CharField(_("organisation number"), max_length=13)
    decision_reference = models.CharField(_("decision reference"), max_length=100)
    purpose = models.TextField(_("purpose"))
    contact = models.CharField(_("contact"), max_length=200)
    retention_years = models.PositiveSmallIntegerField(_("years kept"), default=10)
    invitation_informs = models.BooleanField(
        _("the invitation itself informs"),
        default=False,
        help_text=_("Patients are told about the register in the invitation (PDL 7:3)."),
    )

    scope = Scope(register="pk")

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")

    def __str__(self) -> str:
        return self.name


class ApiClientQuerySet(models.QuerySet["ApiClient"]):
    def active(self) -> "ApiClientQuerySet":
        return self.filter(revoked_at=None)


class ApiClient(models.Model):
    """A system that sends index events to one register: a journal, or a file.

    The token itself is shown once and never stored, only its SHA-256.
    """

    register = models.ForeignKey(
        Register, models.PROTECT, related_name="api_clients", verbose_name=_("register")
    )
    name = models.CharField(_("name"), max_length=100)
    token_hash = models.CharField(  # noqa: DJ001 - unique where there is one
        max_length=64, unique=True, null=True, editable=False
    )
    created_at = models.DateTimeField(_("created"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ApiClientQuerySet.as_manager()
    scope = Scope(register="register")

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        constraints = [
            models.UniqueConstraint(
                name="proms_apiclient_one_name_per_register", fields=["register", "name"]
            )
        ]

    def __str__(self) -> str:
        return self.name

    # What the REST framework asks of whoever a token stands for.
    is_active = True
    is_anonymous = False

    @property
    def is_authenticated(self) -> bool:
        return self.revoked_at is None

    def has_perm(self, *_args: Any) -> bool:
        """An API client has its register, and no permissions of staff."""
        return False
