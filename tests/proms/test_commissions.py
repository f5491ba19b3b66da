from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from proms import commissions
from proms.models import AccessEvent, Commission
from tests.factories import NOW, make_commission, make_registry_commission, make_staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def request_of(rf):
    """Make a request of a staff member who has shown both factors."""

    def make(staff, *, method="get", commission=None, verified=True, path="/x/?y=1"):
        request = getattr(rf, method)(path)
        request.user, request.session = staff, {}
        staff.is_verified = lambda: verified
        if commission:
            request.session[commissions.SESSION_KEY] = commission.pk
        return request

    return make


@commissions.with_commission(Commission.Role.CLINICIAN, purpose=Commission.Purpose.CARE)
def view(request):
    return HttpResponse(request.commission.pk)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({}, True),
        ({"starts_on": date(2026, 6, 2)}, False),
        ({"ends_on": date(2026, 6, 1)}, True),
        ({"ends_on": date(2026, 5, 31)}, False),
    ],
)
def test_commission_is_in_force_from_its_first_day_to_its_last(days, expected):
    commission = make_commission(**days)

    assert (commission in commissions.in_force(commission.staff, today=TODAY)) is expected


def test_commission_of_a_closed_account_is_not_in_force():
    commission = make_commission(staff=make_staff(is_active=False))

    assert commissions.in_force(commission.staff, today=TODAY) == []


def test_session_cannot_hold_the_commission_of_another(request_of):
    request = request_of(make_staff(), commission=make_commission())

    assert commissions.active(request, today=TODAY) is None


def test_switch_replaces_the_one_before_and_is_logged(request_of):
    first = make_commission()
    second = make_registry_commission(staff=first.staff)
    request = request_of(first.staff, commission=first)

    commissions.switch(request, second, now=NOW)

    assert commissions.active(request, today=TODAY) == second
    event = AccessEvent.objects.get()
    assert (event.activity, event.commission_id, event.at) == ("switch", second.pk, NOW)


def test_view_acts_under_the_sessions_commission(request_of):
    commission = make_commission()

    response = view(request_of(commission.staff, commission=commission))

    assert response.text == str(commission.pk)


def test_view_leads_to_the_login_without_the_second_factor(request_of):
    commission = make_commission()

    response = view(request_of(commission.staff, commission=commission, verified=False))

    assert response["Location"] == "/login/?next=/x/%3Fy%3D1"


def test_view_leads_to_the_choice_where_none_is_active(request_of):
    response = view(request_of(make_commission().staff))

    assert response["Location"] == "/commission/?next=/x/%3Fy%3D1"


def test_what_was_posted_is_not_asked_for_again(request_of):
    response = view(request_of(make_commission().staff, method="post"))

    assert response["Location"] == "/commission/?next=/x/"


@pytest.mark.parametrize(
    "make", [make_registry_commission, lambda: make_commission(purpose="administration")]
)
def test_view_is_closed_to_other_roles_and_purposes(request_of, make):
    commission = make()

    with pytest.raises(PermissionDenied):
        view(request_of(commission.staff, commission=commission))
