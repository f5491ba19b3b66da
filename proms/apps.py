from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PromsConfig(AppConfig):
    name = "proms"
    verbose_name = _("Measurements and records")
    default_auto_field = "django.db.models.BigAutoField"
