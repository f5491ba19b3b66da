import pytest
from django.db import IntegrityError

from proms import adopting
from proms.models import InstrumentVersion
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def copy_of(version, **fields):
    columns = ("instrument", "version", "language", "mode", "definition", "sha256")
    same = {name: getattr(version, name) for name in columns}
    return InstrumentVersion.objects.create(**(same | {"is_demonstration": True} | fields))


def test_a_version_is_one_row_per_language_and_mode():
    version = adopting.adopt("eq5d-5l", language="sv")

    with pytest.raises(IntegrityError, match="proms_instrumentversion_one_per_key"):
        copy_of(version)


def test_a_mode_is_one_that_is_known():
    version = adopting.adopt("eq5d-5l", language="sv")

    with pytest.raises(IntegrityError, match="proms_instrumentversion_known_mode"):
        copy_of(version, mode="dream")


@pytest.mark.parametrize(
    "change",
    [
        {"version": "2"},
        {"language": "en"},
        {"mode": "interview"},
        {"definition": {}},
        {"sha256": "x"},
        {"used_at": None},
    ],
)
def test_a_used_version_never_changes(change):
    version = adopting.adopt("eq5d-5l", language="sv")
    adopting.mark_used(version, now=NOW)

    with pytest.raises(IntegrityError, match="proms_instrumentversion rows never change"):
        InstrumentVersion.objects.update(**change)


def test_the_licence_of_a_used_version_may_be_renewed():
    version = adopting.adopt("eq5d-5l", language="sv")
    adopting.mark_used(version, now=NOW)

    assert InstrumentVersion.objects.update(licence_reference="EQ 2") == 1


def test_an_unused_version_may_be_mended():
    adopting.adopt("eq5d-5l", language="sv")

    assert InstrumentVersion.objects.update(sha256="x") == 1
