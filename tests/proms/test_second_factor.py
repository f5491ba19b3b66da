import base64

import pyotp
import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from proms import second_factor
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_staff()


def code_of(device):
    return pyotp.TOTP(base64.b32encode(device.bin_key).decode()).now()


def test_prepared_device_opens_nothing_yet(staff):
    second_factor.prepare(staff)

    assert second_factor.device_of(staff) is None


def test_confirmed_device_takes_the_place_of_the_old_one(staff):
    TOTPDevice.objects.create(user=staff, name="old")
    device = second_factor.prepare(staff)

    second_factor.confirm(staff, code=code_of(device))

    assert list(TOTPDevice.objects.filter(user=staff)) == [device]
    assert second_factor.device_of(staff) == device


def test_wrong_code_leaves_the_old_device_in_force(staff):
    old = TOTPDevice.objects.create(user=staff, name="old")
    second_factor.prepare(staff)

    with pytest.raises(second_factor.WrongCode):
        second_factor.confirm(staff, code="000000")
    assert second_factor.device_of(staff) == old


def test_nothing_prepared_confirms_nothing(staff):
    with pytest.raises(second_factor.WrongCode):
        second_factor.confirm(staff, code="123456")


def test_preparing_anew_forgets_what_was_never_confirmed(staff):
    first = second_factor.prepare(staff)

    second = second_factor.prepare(staff)

    assert second_factor.prepared(staff) == second
    assert first.key != second.key
