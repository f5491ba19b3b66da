"""The Celery app, as a doorbell: what is to be done is written in rows."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("utfall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
