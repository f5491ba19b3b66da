import base64
from datetime import date

import pyotp
import pytest
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from proms.models import AccessEvent
from tests.factories import make_commission, make_registry_commission, make_staff

pytestmark = pytest.mark.django_db
PASSWORD = "granar och tallar 7"


@pytest.fixture
def staff():
    return make_staff(username="siv", password=PASSWORD)


@pytest.fixture
def code(staff):
    """The code that the staff member's phone shows."""
    device = TOTPDevice.objects.create(user=staff, name="app")
    return pyotp.TOTP(base64.b32encode(device.bin_key).decode()).now()


def log_in(client, code, **changed):
    fields = {"username": "siv", "password": PASSWORD, "otp_token": code}
    return client.post("/login/", fields | changed)


def test_name_password_and_code_open_the_home_of_the_only_commission(client, staff, code):
    make_commission(staff=staff)

    response = log_in(client, code)

    assert response.status_code == 302
    assert response.url == "/overview/"
    assert client.get(response.url).status_code == 200


def test_login_goes_on_to_the_page_that_was_asked_for(client, staff, code):
    make_commission(staff=staff)

    response = log_in(client, code, next="/overview/?x=1")

    assert response.url == "/overview/?x=1"


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org", "javascript:x"])
def test_login_leads_to_no_foreign_address(client, staff, code, address):
    make_commission(staff=staff)

    response = log_in(client, code, next=address)

    assert response.url == "/overview/"


@pytest.mark.parametrize(
    "wrong",
    [{"password": "wrong"}, {"otp_token": "000000"}, {"otp_token": ""}, {"username": "nobody"}],
    ids=str,
)
def test_any_wrong_part_gives_the_same_refusal_and_no_password_back(client, code, wrong):
    response = log_in(client, code, **wrong)

    assert response.status_code == 422
    assert "Användarnamn, lösenord eller kod stämmer inte." in response.text
    assert PASSWORD not in response.text


def test_code_works_once(client, staff, code):
    make_commission(staff=staff)
    log_in(client, code)
    client.post(reverse("logout"))

    assert log_in(client, code).status_code == 422


def test_right_code_is_refused_straight_after_a_wrong_one(client, code):
    log_in(client, "000000")

    assert log_in(client, code).status_code == 422


def test_password_alone_opens_no_staff_page(client, staff):
    make_commission(staff=staff)
    client.force_login(staff)

    for address in ("/overview/", "/commission/", "/admin/"):
        assert client.get(address).status_code == 302


def test_staff_without_a_commission_are_told_so(client, staff, code):
    response = log_in(client, code)

    assert response.url == "/commission/"
    assert "Du har inget uppdrag i dag" in client.get(response.url).text


def test_commission_that_has_ended_is_none(client, staff, code):
    make_commission(staff=staff, ends_on=date(2020, 6, 1))

    assert log_in(client, code).url == "/commission/"


def test_several_commissions_are_chosen_among(client, staff, code):
    first, second = make_commission(staff=staff), make_registry_commission(staff=staff)
    assert log_in(client, code).url == "/commission/"

    response = client.post("/commission/", {"commission": first.pk})

    assert response.url == "/overview/"
    assert client.get("/overview/").status_code == 200
    assert str(second.place) not in client.get("/overview/").text


def test_each_choice_is_logged(verified, staff):
    commission = make_commission(staff=staff)

    verified(staff).post("/commission/", {"commission": commission.pk})

    event = AccessEvent.objects.get(activity="switch")
    assert (event.commission_id, event.actor_id) == (commission.pk, str(staff.pk))


def test_commission_of_another_cannot_be_chosen(verified, staff):
    theirs = make_commission()

    response = verified(staff).post("/commission/", {"commission": theirs.pk})

    assert response.status_code == 404
    assert not AccessEvent.objects.exists()


def test_administrator_without_a_commission_comes_to_the_administration(client, staff, code):
    staff.is_superuser = True
    staff.save()

    assert log_in(client, code).url == "/admin/"


def test_logout_ends_the_session(enter):
    client = enter(make_commission())

    client.post(reverse("logout"))

    assert client.get("/overview/").url.startswith("/login/")


def test_page_is_in_the_language_chosen(client):
    client.post("/language/setlang/", {"language": "en", "next": "/login/"})

    assert "One-time code" in client.get("/login/").text
