"""The web: the only process that connects to the database as the role web."""

import os

os.environ["DATABASE_ROLE"] = "web"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
