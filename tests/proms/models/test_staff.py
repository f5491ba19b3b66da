from datetime import date

import pytest
from django.db import IntegrityError

from proms.models import Commission
from tests.factories import make_commission, make_register, make_staff, make_unit

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 25)


def test_a_commission_covers_one_place():
    with pytest.raises(IntegrityError, match="proms_commission_covers_one_place"):
        make_commission(unit=make_unit(), care_provider=make_unit().care_provider)


def test_a_commission_covers_a_place():
    with pytest.raises(IntegrityError, match="proms_commission_covers_one_place"):
        make_commission(unit=None)


def test_a_commission_ends_after_it_starts():
    with pytest.raises(IntegrityError, match="proms_commission_ends_after_it_starts"):
        make_commission(starts_on=DAY, ends_on=date(2026, 10, 24))


def test_a_commission_for_a_register_is_not_care():
    with pytest.raises(IntegrityError, match="proms_commission_for_a_register_is_not_care"):
        make_commission(register=make_register(), purpose="care")


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({"starts_on": DAY}, True),
        ({"starts_on": date(2026, 10, 26)}, False),
        ({"ends_on": DAY}, True),
        ({"ends_on": date(2026, 10, 24)}, False),
    ],
)
def test_a_commission_is_in_force_from_its_first_day_to_its_last(fields, holds):
    make_commission(**fields)

    assert Commission.objects.in_force(DAY).exists() is holds


def test_staff_who_left_have_no_commission_in_force():
    make_commission(staff=make_staff(is_active=False))

    assert not Commission.objects.in_force(DAY).exists()
