import base64
import re

import pyotp
import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from proms.models import Commission, Staff
from tests.factories import make_registry_commission, make_staff, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(verified):
    return verified(make_staff(is_superuser=True))


@pytest.fixture
def colleague():
    return make_staff()


def codes_page(staff):
    return reverse("admin:proms_staff_codes", args=[staff.pk])


def test_colleague_gets_codes_once_the_phone_has_shown_one(administrator, colleague):
    shown = administrator.post(codes_page(colleague))
    secret = re.findall(r'class="secret">([A-Z2-7=]+)<', shown.text)[0]

    response = administrator.post(codes_page(colleague), {"code": pyotp.TOTP(secret).now()})

    device = TOTPDevice.objects.get(user=colleague)
    assert response.status_code == 302
    assert device.confirmed
    assert base64.b32encode(device.bin_key).decode() == secret
    assert "<svg" in shown.text


def test_whoever_gives_codes_is_told_by_the_account_s_history(administrator, colleague):
    shown = administrator.post(codes_page(colleague))
    secret = re.findall(r'class="secret">([A-Z2-7=]+)<', shown.text)[0]

    administrator.post(codes_page(colleague), {"code": pyotp.TOTP(secret).now()})

    entry = LogEntry.objects.get(object_id=colleague.pk)
    assert "one-time codes" in entry.change_message
    assert entry.user != colleague


def test_wrong_code_confirms_nothing(administrator, colleague):
    administrator.post(codes_page(colleague))

    response = administrator.post(codes_page(colleague), {"code": "000000"})

    assert response.status_code == 422
    assert not TOTPDevice.objects.get(user=colleague).confirmed


def test_looking_at_the_page_makes_no_device(administrator, colleague):
    administrator.get(codes_page(colleague))

    assert not TOTPDevice.objects.filter(user=colleague).exists()


def test_only_administrators_give_codes(enter, colleague):
    response = enter(make_registry_commission()).post(codes_page(colleague))

    assert response.status_code == 403


def test_new_colleague_is_added_with_a_password_that_is_no_guess(administrator):
    person = {"username": "ny", "first_name": "Ny", "last_name": "Person", "hsa_id": "SE-1"}

    weak = administrator.post("/admin/proms/staff/add/", person | twice("sommar") | COMMISSIONS)
    strong = administrator.post("/admin/proms/staff/add/", person | twice(STRONG) | COMMISSIONS)

    assert (weak.status_code, strong.status_code) == (200, 302)
    assert Staff.objects.get(username="ny").check_password(STRONG)


STRONG = "granar och tallar 7"
COMMISSIONS = {"commissions-TOTAL_FORMS": 0, "commissions-INITIAL_FORMS": 0}


def twice(password):
    return {"password1": password, "password2": password}


def test_commission_is_for_one_place_and_the_form_says_so(administrator, colleague):
    row = {"role": "clinician", "purpose": "care", "starts_on": "2026-01-01"}
    fields = {"username": colleague.username, "is_active": "on"} | COMMISSIONS
    fields |= {f"commissions-0-{name}": value for name, value in row.items()}
    fields["commissions-TOTAL_FORMS"] = 1
    address = reverse("admin:proms_staff_change", args=[colleague.pk])

    nowhere = administrator.post(address, fields)
    somewhere = administrator.post(address, fields | {"commissions-0-unit": make_unit().pk})

    assert "Välj en enhet, en vårdgivare eller ett register." in nowhere.text
    assert somewhere.status_code == 302
    assert Commission.objects.get().staff == colleague
