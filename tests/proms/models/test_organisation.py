from datetime import date

import pytest
from django.db import IntegrityError

from proms.models import Decision
from tests.factories import make_care_provider, make_register, make_unit

pytestmark = pytest.mark.django_db
DECISION = {
    "kind": Decision.Kind.RETENTION,
    "reference": "RF 1",
    "owner": "Chefläkaren",
    "decided_on": date(2026, 10, 25),
}


def test_a_care_provider_has_its_hsa_id_alone_whatever_the_case():
    make_care_provider(hsa_id="SE-1")

    with pytest.raises(IntegrityError, match="proms_careprovider_one_per_hsa_id"):
        make_care_provider(hsa_id="se-1")


def test_a_unit_has_its_hsa_id_alone_whatever_the_case():
    make_unit(hsa_id="SE-1")

    with pytest.raises(IntegrityError, match="proms_unit_one_per_hsa_id"):
        make_unit(hsa_id="se-1")


@pytest.mark.parametrize("both", [True, False])
def test_a_decision_is_of_a_care_provider_or_a_register(both):
    holders = {"care_provider": make_care_provider(), "register": make_register()} if both else {}

    with pytest.raises(IntegrityError, match="proms_decision_has_one_holder"):
        Decision.objects.create(**DECISION, **holders)


def test_a_decision_ends_after_it_begins():
    with pytest.raises(IntegrityError, match="proms_decision_ends_after_it_begins"):
        make_register().decisions.create(**DECISION, valid_until=date(2026, 10, 24))


@pytest.mark.parametrize(
    ("valid_until", "day", "holds"),
    [
        (None, date(2026, 10, 24), False),
        (None, date(2026, 10, 25), True),
        (date(2026, 10, 26), date(2026, 10, 26), True),
        (date(2026, 10, 26), date(2026, 10, 27), False),
    ],
)
def test_a_decision_holds_from_its_first_day_to_its_last(valid_until, day, holds):
    make_register().decisions.create(**DECISION, valid_until=valid_until)

    assert Decision.objects.in_force(day).exists() is holds
