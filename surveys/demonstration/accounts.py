"""Who can log in to the demonstration, and the secrets they do it with."""

import base64
import secrets
from datetime import date
from typing import Any

from django_otp.plugins.otp_totp.models import TOTPDevice

from proms.models import Commission, Register, Staff, Unit

Role, Purpose = Commission.Role, Commission.Purpose
USERNAMES = ("admin", "registry", "officer", "clinician", "coordinator", "clinician-elsewhere")


def build(*, register: Register, units: list[Unit], day: date) -> list[dict[str, str]]:
    """Make an account of each kind, and return how each logs in."""
    here = {"unit": units[0], "purpose": Purpose.CARE}
    elsewhere = {"unit": units[-1], "purpose": Purpose.CARE}
    registry = {"register": register, "purpose": Purpose.REGISTER}
    return [
        _account("admin", "Ada Admin", day, is_superuser=True),
        _account("registry", "Rut Register", day, {"role": Role.REGISTRY, **registry}),
        _account("officer", "Olga Ombud", day, {"role": Role.OFFICER, **registry}),
        _account("clinician", "Klara Kliniker", day, {"role": Role.CLINICIAN, **here}),
        _account("coordinator", "Kajsa Koordinator", day, {"role": Role.COORDINATOR, **here}),
        _account("clinician-elsewhere", "Otto Ort", day, {"role": Role.CLINICIAN, **elsewhere}),
    ]


def renew() -> list[dict[str, str]]:
    """Give every account a new password and authenticator key, and return how each logs in."""
    return [_login(staff) for staff in Staff.objects.filter(username__in=USERNAMES).order_by("pk")]


def _account(
    username: str, name: str, day: date, *commissions: dict[str, Any], is_superuser: bool = False
) -> dict[str, str]:
    first_name, last_name = name.split()
    staff = Staff.objects.create_user(
        username,
        first_name=first_name,
        last_name=last_name,
        is_staff=username in ("admin", "registry"),
        is_superuser=is_superuser,
    )
    for commission in commissions:
        Commission.objects.create(staff=staff, starts_on=day, **commission)
    return _login(staff)


def _login(staff: Staff) -> dict[str, str]:
    password, secret = secrets.token_urlsafe(12), secrets.token_bytes(20)
    staff.set_password(password)
    staff.save(update_fields=["password"])
    TOTPDevice.objects.update_or_create(
        user=staff, name="demo", defaults={"key": secret.hex(), "confirmed": True}
    )
    return {
        "role": staff.username,
        "username": staff.username,
        "password": password,
        "totp_secret": base64.b32encode(secret).decode(),
    }
