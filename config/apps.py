from django.contrib.admin.apps import AdminConfig


class RegistryAdminConfig(AdminConfig):
    default_site = "config.admin.RegistryAdminSite"

    def ready(self) -> None:
        super().ready()
        from config import checks  # noqa: F401 - registers them
