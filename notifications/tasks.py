"""Send the messages whose kind has no owner that would check them first."""

from celery import shared_task
from django.utils import timezone

from notifications import parcels


@shared_task
def send_due() -> None:
    parcels.send_due(clock=timezone.now)
