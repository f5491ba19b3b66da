"""The simulator's application: a Django of its own, without apps and without a database."""

import ctypes
import os
import secrets
import signal
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from notifications.simulator.configuration import Configuration

_PR_SET_PDEATHSIG = 1
_COOKIE_FILE = "cookie-secret"


def _secret(path: Path) -> str:
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()


def _end_with_parent() -> None:
    """Let no worker outlive its server: the port would be shared, and the memory not."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


_end_with_parent()
_HERE = Path(__file__).resolve().parent
settings.configure(
    SECRET_KEY=_secret(Path(Configuration.from_environment().folder) / _COOKIE_FILE),
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF="notifications.simulator.urls",
    MIDDLEWARE=["notifications.simulator.headers.strict"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [_HERE / "templates"],
        }
    ],
    LANGUAGE_CODE="sv",
    LOCALE_PATHS=[_HERE.parent.parent / "locale"],
    TIME_ZONE="Europe/Stockholm",
    USE_TZ=True,
    APPEND_SLASH=False,
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "loggers": {"django.request": {"level": "CRITICAL"}},
    },
)
django.setup()
application = WSGIHandler()
