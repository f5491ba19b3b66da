import pytest

from proms.scoring import tariffs
from proms.scoring.scores import CannotScore


def test_ids_are_matched_without_regard_to_case():
    assert tariffs.get("5L-Sweden-2020-VT", "EQ-5D-5L").id == "5l-sweden-2020-vt"


@pytest.mark.parametrize(
    ("set_id", "instrument", "problem"),
    [
        ("5l-atlantis-vt", "EQ-5D-5L", "there is no value set"),
        ("3l-uk-tto", "EQ-5D-5L", "is for EQ-5D-3L, not EQ-5D-5L"),
        ("y3l-germany-ivp", "EQ-5D-3L", "is for EQ-5D-Y-3L"),
        ("5l-to-y3l-germany-ivp", "EQ-5D-5L", "there is no value set"),
        ("5l-to-5l-sweden-2020-vt", "EQ-5D-5L", "there is no value set"),
        ("5l-to-3l-uk-tto", "EQ-5D-Y-3L", "is for EQ-5D-5L"),
    ],
)
def test_an_unknown_set_and_one_of_another_instrument_are_refused(set_id, instrument, problem):
    with pytest.raises(CannotScore, match=problem):
        tariffs.get(set_id, instrument)


@pytest.mark.parametrize(
    ("set_id", "instrument", "mark"),
    [
        ("5l-sweden-2020-vt", "EQ-5D-5L", ""),
        ("5l-germany-vt", "EQ-5D-5L", "disputed"),
        ("5l-to-3l-uk-tto", "EQ-5D-5L", ""),
        ("5l-to-3l-sweden-tto", "EQ-5D-5L", "derived"),
        ("5l-to-3l-slovenia-vas", "EQ-5D-5L", "disputed"),
        ("3l-to-5l-sweden-2020-vt", "EQ-5D-3L", "derived"),
    ],
)
def test_disputed_sets_and_derived_tables_are_marked(set_id, instrument, mark):
    assert tariffs.get(set_id, instrument).mark == mark


def test_a_crosswalk_cites_its_model_and_its_set():
    assert tariffs.get("5l-to-3l-uk-tto", "EQ-5D-5L").doi[0] == "10.1016/j.jval.2012.02.008"


@pytest.mark.parametrize("instrument", ["EQ-5D-3L", "EQ-5D-5L", "EQ-5D-Y-3L"])
def test_every_listed_id_has_values(instrument):
    for name in tariffs.ids(instrument):
        tariff = tariffs.get(name, instrument)

        assert len(tariff.values) == tariff.levels**5
