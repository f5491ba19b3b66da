from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError

from proms import adopting, licensing
from proms.instruments import library, wordings
from proms.instruments.incoming import InvalidFile
from proms.licensing import Grant, NothingToLicense
from proms.models import Instrument, InstrumentVersion, Licence, Mode
from tests.factories import wording_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 25)
GRANT = Grant("EQ 1", date(2027, 12, 31))


def take(code="eq5d-5l", *, grant=GRANT, **fields):
    content = fields.pop("content", None) or wording_of(code)
    language, mode = fields.get("language", "sv"), fields.get("mode", Mode.SELF)
    return licensing.import_wording(code, content, language=language, mode=mode, grant=grant)


def test_licensed_words_are_stored_with_reference_and_last_day():
    version = take()

    version.refresh_from_db()
    assert (version.language, version.mode, version.version) == ("sv", "self", "1.0-1")
    assert (version.licence_reference, version.licence_until) == ("EQ 1", date(2027, 12, 31))
    assert not version.is_demonstration
    assert version.definition["licence"]["wording"] == "official"


def test_the_licence_covers_wording_and_electronic_use():
    take()

    assert set(Licence.objects.values_list("scope", "language", "mode", "until")) == {
        ("wording", "sv", "self", date(2027, 12, 31)),
        ("electronic", "sv", "self", date(2027, 12, 31)),
    }


def test_a_bank_needs_its_parameters_and_its_adaptive_test_licensed_too():
    take("promis-anxiety")

    assert set(Licence.objects.values_list("scope", flat=True)) == {
        "wording",
        "electronic",
        "parameters",
        "cat",
    }


def test_a_licence_may_cover_only_the_words():
    version = take(grant=replace(GRANT, scopes=(Licence.Scope.WORDING,)))

    (need,) = licensing.lacking(licensing.needs(version), today=TODAY)
    assert need.scope == "electronic"


def test_the_same_words_again_are_the_same_version_and_renew_the_licence():
    first = take()

    again = take(grant=replace(GRANT, until=date(2028, 12, 31)))

    assert again == first
    assert InstrumentVersion.objects.count() == 1
    assert set(Licence.objects.values_list("until", flat=True)) == {date(2028, 12, 31)}


def test_other_words_are_a_version_of_their_own():
    take()

    other = take(content=wording_of("eq5d-5l", word="other"))
    assert other.version == "1.0-2"


def test_a_bad_file_leaves_nothing_behind():
    with pytest.raises(wordings.InvalidWording):
        take(content=b"item,text\nXX,a\n")
    with pytest.raises(InvalidFile):
        take(content=b"PK\x03\x04")
    assert not Instrument.objects.exists()
    assert not Licence.objects.exists()


def test_words_that_are_our_own_need_no_licence():
    with pytest.raises(NothingToLicense):
        take("prem")
    assert licensing.needs(adopting.adopt("prem", language="sv")) == []


@pytest.mark.parametrize(
    ("day", "count"), [(date(2027, 12, 31), 0), (date(2028, 1, 1), 2), (TODAY, 0)]
)
def test_a_licence_is_in_force_through_its_last_day(day, count):
    assert len(licensing.lacking(licensing.needs(take()), today=day)) == count


@pytest.mark.parametrize("field", ["language", "mode"])
def test_an_empty_field_stands_for_any(field):
    needs = licensing.needs(take())
    Licence.objects.update(**{field: ""})

    assert licensing.lacking(needs, today=TODAY) == []


def test_another_language_is_another_licence():
    needs = licensing.needs(take())
    Licence.objects.update(language="fi")

    assert len(licensing.lacking(needs, today=TODAY)) == 2


def test_licensed_words_are_asked_before_the_demonstration():
    adopting.adopt("eq5d-5l", language="sv")
    version = take()

    eq5d = version.instrument
    assert licensing.version_to_ask(eq5d, language="sv", today=TODAY) == version
    assert licensing.version_to_ask(eq5d, language="en", today=TODAY).is_demonstration


def test_a_version_whose_licence_lapsed_yields_to_one_in_force():
    version = take()
    take(content=wording_of("eq5d-5l", word="other"), grant=Grant("EQ 2", date(2026, 1, 1)))

    Licence.objects.filter(reference="EQ 1").update(until=date(2026, 1, 1))
    Licence.objects.create(
        instrument=version.instrument, scope="wording", reference="EQ 3", language="sv"
    )
    assert not licensing.version_to_ask(
        version.instrument, language="sv", today=TODAY
    ).is_demonstration


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"scope": "paper"}, "known_scope"),
        ({"mode": "robot"}, "known_mode"),
        ({"reference": ""}, "has_a_reference"),
    ],
)
def test_the_database_refuses_a_licence_that_makes_no_sense(change, name):
    take()

    with pytest.raises(IntegrityError, match=name):
        Licence.objects.update(**change)


def test_one_licence_stands_once():
    take()
    row = Licence.objects.values().first()

    with pytest.raises(IntegrityError, match="proms_licence_one_per_use"):
        Licence.objects.create(**{name: value for name, value in row.items() if name != "id"})


def test_library_codes_are_not_taken_by_imports():
    with pytest.raises(adopting.NotTaken, match="is an instrument of the library"):
        adopting.take_in(library.get("phq-9"))


def test_an_import_is_stored_in_each_language_and_once():
    own = replace(library.get("prem"), code="own-prem")

    stored = adopting.take_in(own)
    assert [version.language for version in stored] == ["sv", "en"]
    assert adopting.take_in(own) == stored


def test_an_import_that_differs_under_the_same_version_is_refused():
    own = replace(library.get("prem"), code="own-prem")
    adopting.take_in(own)

    with pytest.raises(adopting.NotTaken, match="give yours a new version"):
        adopting.take_in(replace(own, name="Another"))
