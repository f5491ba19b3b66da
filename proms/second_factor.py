"""One-time codes from an app: prepare a staff member's device, confirm it, find it."""

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from proms.models import Staff


class WrongCode(Exception):
    """The code is not the one that the device shows now, or there were too many tries."""


def device_of(staff: Staff) -> TOTPDevice | None:
    """Return the confirmed device, its row locked until the code has been judged."""
    confirmed = TOTPDevice.objects.filter(user=staff, confirmed=True)
    return confirmed.select_for_update().order_by("-pk").first()


@transaction.atomic
def prepare(staff: Staff) -> TOTPDevice:
    """Return a new device with a secret of its own; an earlier one holds until it is confirmed."""
    TOTPDevice.objects.filter(user=staff, confirmed=False).delete()
    return TOTPDevice.objects.create(user=staff, name="app", confirmed=False)


def prepared(staff: Staff) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=staff, confirmed=False).first()


def confirm(staff: Staff, *, code: str) -> None:
    """Put the prepared device in place of any earlier one, once it has shown its code.

    :raises WrongCode: if the code is not right; the earlier device then stays.
    """
    device = prepared(staff)
    # Not atomic as a whole: the count of wrong codes must outlast the refusal.
    if device is None or not device.verify_token(code):
        raise WrongCode
    with transaction.atomic():
        TOTPDevice.objects.filter(user=staff).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save()
