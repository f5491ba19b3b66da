import csv
from pathlib import Path

import numpy as np
import pytest

from proms.adaptive import recovery, simulation
from proms.adaptive.graded_response import information
from proms.adaptive.stopping import NAMED
from proms.instruments import library
from proms.scoring import banks
from tests.proms.adaptive.invented import PARAMETERS, make_bank

BANK = make_bank()
CHANCE = np.random.default_rng(3)
THETA = CHANCE.normal(size=400)
PATTERNS = simulation.respond(BANK, THETA, CHANCE)
FORM = {"form": ("RISING1", "REVERSED")}
# Real answers that are not part of the repository; see the skip's reason.
SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(scope="module")
def tables():
    rules = [NAMED["standard"], NAMED["paediatric"]]
    return recovery.compare(BANK, rules, PATTERNS, short_forms=FORM, reference=THETA)


def row(table, method):
    return next(each for each in table if each["method"] == method)


def test_every_way_of_testing_is_summed_up(tables):
    methods = [each["method"] for each in tables["summary"]]

    assert methods == ["standard", "paediatric", "form", "full-bank"]


def test_bias_and_rmse_are_the_mean_and_spread_of_the_error(tables):
    result = recovery.adaptive(BANK, NAMED["standard"], PATTERNS)
    error = 10 * (result.theta - THETA)

    found = row(tables["summary"], "standard")

    assert found["bias"] == pytest.approx(error.mean())
    assert found["rmse"] == pytest.approx(np.sqrt((error**2).mean()))
    assert found["items"] == pytest.approx(result.lengths.mean())


def test_the_whole_bank_errs_less_than_a_form_of_two_items(tables):
    assert row(tables["summary"], "full-bank")["rmse"] < row(tables["summary"], "form")["rmse"]


def test_without_truth_the_whole_bank_is_the_reference():
    tables = recovery.compare(BANK, [], PATTERNS, short_forms={})

    assert row(tables["summary"], "full-bank")["rmse"] == 0


def test_floor_and_ceiling_are_the_shares_who_gave_one_end_only():
    patterns = np.array([[0] * 8, [0, 1, 0, 0, 0, 0, 0, 0], [3, 3, 3, 2, 2, 1, 1, 2], [1] * 8])

    tables = recovery.compare(BANK, [], patterns, short_forms=FORM)

    form = row(tables["summary"], "form")
    assert (form["floor"], form["ceiling"]) == (0.5, 0.25)
    assert row(tables["summary"], "full-bank")["floor"] == 0.25


def test_bands_part_the_people(tables):
    bands = [each for each in tables["bands"] if each["method"] == "standard"]

    assert sum(each["people"] for each in bands) == len(THETA)
    assert all((each["t_from"] or -99) <= each["t_mean"] <= (each["t_to"] or 999) for each in bands)


def test_lengths_and_stops_count_everybody(tables):
    for name in ("lengths", "stops"):
        shares = [each["share"] for each in tables[name] if each["method"] == "paediatric"]
        assert sum(shares) == pytest.approx(1.0)


def test_a_forms_items_are_used_in_every_test_and_others_never(tables):
    shares = {each["item"]: each["share"] for each in tables["items"] if each["method"] == "form"}

    assert {item for item, share in shares.items() if share == 1} == set(FORM["form"])
    assert set(shares.values()) == {0.0, 1.0}


def test_the_information_curve_is_the_sum_over_the_forms_items(tables):
    curve = [each["information"] for each in tables["information"] if each["method"] == "form"]

    places = [BANK.places[item] for item in FORM["form"]]
    assert curve == pytest.approx(BANK.table.information[places].sum(axis=0))


def test_progress_is_told_over_all_rules():
    told: list[int] = []

    recovery.compare(BANK, [NAMED["standard"]] * 2, PATTERNS, short_forms={}, progress=told.append)

    assert told == sorted(told)
    assert {400, 800} <= set(told)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no real answers beside the repository")
@pytest.mark.parametrize(
    ("bank", "rule", "items", "r", "rmsd"),
    [
        ("anxiety", "standard", 6.33, 0.969, 2.4),
        ("anxiety", "recommended", 4.58, 0.958, 2.8),
        ("depression", "standard", 6.26, 0.970, 2.4),
    ],
)
def test_on_real_answers_the_published_post_hoc_figures_come_out(bank, rule, items, r, rmsd):
    engine = banks.bank(library.get(f"promis-{bank}"))
    with (SHARED / f"promis_{bank}_responses.csv").open() as file:
        people = [[each[code] for code in engine.places] for each in csv.DictReader(file)]
    patterns = np.array([[int(cell) - 1 for cell in each] for each in people if all(each)])

    tables = recovery.compare(engine, [NAMED[rule]], patterns, short_forms={})

    found = row(tables["summary"], rule)
    assert found["items"] == pytest.approx(items, abs=0.005)
    assert found["r"] == pytest.approx(r, abs=0.0006)
    assert found["rmse"] == pytest.approx(rmsd, abs=0.05)


def test_a_limit_met_exactly_counts_among_the_certain():
    errors = np.array([0.2, 0.3, 0.31, 0.9])
    everything = np.ones((4, 8), dtype=bool)
    result = recovery.Result("drawn", np.zeros(4), errors, everything, np.full(4, "se"))

    found = recovery.tables(BANK, [result], PATTERNS[:4], THETA[:4])

    assert found["summary"][0]["se_at_most_3"] == 0.5


def test_information_in_a_band_is_that_of_the_items_asked_at_the_persons_own_theta():
    theta = np.array([-1.3, 1.3])
    is_asked = np.zeros((2, 8), dtype=bool)
    is_asked[:, BANK.places["RISING1"]] = True
    result = recovery.Result("drawn", theta, np.ones(2), is_asked, np.full(2, "se"))

    found = recovery.tables(BANK, [result], PATTERNS[:2], theta)

    expected = [information([each], PARAMETERS["RISING1"])[0] for each in theta]
    assert [row["information"] for row in found["bands"]] == pytest.approx(expected)
