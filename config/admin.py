"""The admin that registries configure their surveys in."""

from django.utils.translation import gettext_lazy as _
from django_otp.admin import OTPAdminSite


class RegistryAdminSite(OTPAdminSite):
    """The registry admin, open only to staff who have shown a second factor."""

    site_title = site_header = "Utfall"
    index_title = _("Registers and surveys")

    def __init__(self) -> None:
        # Named as Django's own, so that reverse("admin:...") and @admin.register work as ever.
        super().__init__(name="admin")
