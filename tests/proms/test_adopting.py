from datetime import timedelta

import pytest

from proms import adopting
from proms.instruments import library
from proms.models import Instrument, InstrumentVersion
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_an_instrument_is_taken_in_whole_and_hashed():
    version = adopting.adopt("eq5d-5l", language="sv")

    assert (version.version, version.language, version.mode) == ("1.0", "sv", "self")
    assert (version.is_demonstration, version.used_at) == (True, None)
    assert len(version.sha256) == 64


def test_adopting_again_changes_nothing():
    first = adopting.adopt("eq5d-5l", language="sv")

    assert adopting.adopt("EQ-5D-5L", language="sv") == first
    assert (Instrument.objects.count(), InstrumentVersion.objects.count()) == (1, 1)


def test_each_language_and_mode_is_a_row_of_its_own():
    for language, mode in (("sv", "self"), ("en", "self"), ("sv", "interview")):
        adopting.adopt("eq5d-5l", language=language, mode=mode)

    assert (Instrument.objects.count(), InstrumentVersion.objects.count()) == (1, 3)


@pytest.mark.parametrize("code", library.codes())
def test_every_instrument_comes_back_from_the_database_as_it_was(code):
    version = adopting.adopt(code, language="sv")
    version.refresh_from_db()
    adopting._definitions.clear()

    assert adopting.definition_of(version) == library.get(code)


@pytest.mark.parametrize(("code", "version"), [("nothing", None), ("eq5d-5l", "0.1")])
def test_what_the_library_lacks_is_not_adopted(code, version):
    with pytest.raises(library.UnknownInstrument):
        adopting.adopt(code, language="sv", version=version)
    assert not Instrument.objects.exists()


def test_the_first_use_is_kept():
    version = adopting.adopt("eq5d-5l", language="sv")
    adopting.mark_used(version, now=NOW)

    adopting.mark_used(version, now=NOW + timedelta(days=1))

    version.refresh_from_db()
    assert version.used_at == NOW
