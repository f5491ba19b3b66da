import json

import pytest

from proms.instruments import documents, library, parsing


@pytest.mark.parametrize("code", library.codes())
def test_every_shipped_instrument_is_valid(code):
    document = documents.write(library.get(code))

    assert parsing.validated(document).code == code


@pytest.mark.parametrize("code", library.codes())
def test_every_shipped_instrument_survives_writing_and_reading(code):
    definition = library.get(code)

    assert documents.read(json.loads(json.dumps(documents.write(definition)))) == definition


@pytest.mark.parametrize("code", library.codes())
def test_every_shipped_instrument_speaks_swedish_and_english_and_cites_its_source(code):
    definition = library.get(code)

    assert set(definition.languages) == {"sv", "en"}
    assert definition.citation


def test_words_for_a_licensed_instrument_are_marked_as_demonstration():
    free = {"prem", "recovery-example"}

    marked = {code for code in library.codes() if library.get(code).demonstration}

    assert marked == set(library.codes()) - free


@pytest.mark.parametrize("code", ["eq5d-5l", "EQ5D-5L", "EQ-5D-5L"])
def test_codes_are_matched_without_regard_to_case_and_hyphens(code):
    assert library.get(code).name == "EQ-5D-5L"


def test_an_unknown_instrument_is_refused():
    with pytest.raises(library.UnknownInstrument, match="sf-99"):
        library.get("sf-99")


def test_an_unknown_version_is_refused():
    with pytest.raises(library.UnknownInstrument, match=r"version 0\.9"):
        library.get("eq5d-5l", "0.9")


def test_patient_experience_is_shown_for_groups_only():
    assert library.get("prem").visibility == "aggregate"


def test_bands_of_promis_say_whose_population_they_refer_to():
    thresholds = library.get("promis-anxiety").scales_by_code["t"].thresholds[0]

    assert thresholds.country == "US"


def test_the_same_day_is_the_span_of_eq5d_and_two_days_that_of_promis():
    assert library.get("eq5d-5l").span_limit is None
    assert library.get("promis-fatigue-4a").span_limit.days == 2
