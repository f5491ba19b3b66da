"""The web: the only process that connects to the database as the role web."""

import os

os.environ["DATABASE_ROLE"] = "web"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402

_django = get_wsgi_application()

from config.middleware import known_encoding  # noqa: E402 - once the settings are read

application = known_encoding(_django)
