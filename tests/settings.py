"""The project's settings, for tests: fast, and cut off from the world."""

import os

from config.local import environment

# Placeholders where no real servers are given: the run's own cluster is started by conftest.
SERVERS_ARE_GIVEN = "DATABASE_URL" in os.environ
for name, value in environment.fresh(web_port=8000, find_port=lambda: 1).items():
    os.environ.setdefault(name, value)
os.environ["DATABASE_ROLE"] = "web"

from config.settings import *  # noqa: E402, F403

# Without a pool: a test may go on as another role.
DATABASES = {"default": {**DATABASES["default"], "ENGINE": "tests.postgres", "OPTIONS": {}}}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATICFILES_DIRS = []
CELERY_BROKER_URL = "memory://"
