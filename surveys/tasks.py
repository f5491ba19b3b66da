from celery import shared_task
from django.utils import timezone

from surveys import closing, inviting, planning


@shared_task
def open_due() -> None:
    planning.open_due(now=timezone.now())


@shared_task
def send_due() -> None:
    inviting.send_due(clock=timezone.now)


@shared_task
def close_overdue() -> None:
    closing.close_overdue(now=timezone.now())
