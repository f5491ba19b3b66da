import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from proms.adaptive import session, stopping
from proms.adaptive.banks import SKIPPED
from proms.adaptive.session import Ask
from proms.instruments import library
from proms.instruments.banks import Bank, Parameters, ParameterSet
from proms.instruments.rules import Grid
from proms.scoring import banks, change
from proms.scoring.change import Measured, Word
from proms.scoring.score import score

BANKS = ("promis-anxiety", "promis-depression", "promis-fatigue", "synthetic-function")
# Reference figures that are not part of the repository; see the skip's reason.
SHARED = Path(__file__).parents[4] / "shared" / "facts" / "banks"
SYNTHETIC = library.get("synthetic-function")
LONG = stopping.NAMED["standard"]._replace(max_items=30, stop_se_t=0.0)


def answers_at(definition, score_wanted):
    """The option of each item whose score is nearest to the wanted one."""
    return {
        item.code: min(item.options, key=lambda option: abs(option.score - score_wanted)).code
        for item in definition.items
    }


@pytest.mark.parametrize("code", BANKS)
def test_a_finished_test_has_the_t_score_that_its_answers_are_scored_with(code):
    definition = library.get(code)
    chance = random.Random(code)
    full = {item.code: chance.choice(item.options).code for item in definition.items}
    answers = {}
    while isinstance(
        step := session.next_step(banks.bank(definition), answers, banks.rules(definition)), Ask
    ):
        answers[step.item] = full[step.item]

    (scored,) = score(definition, answers)

    assert (scored.value, scored.standard_error) == pytest.approx(
        (step.score.t, step.score.se_t), abs=1e-9
    )
    assert scored.set_id == banks.bank(definition).set_id


@pytest.mark.parametrize("code", BANKS)
def test_the_banks_own_rules_are_standard(code):
    assert banks.rules(library.get(code)) == stopping.NAMED["standard"]._replace(id=banks.OWN)


def test_reversed_items_count_from_the_other_end():
    bank = banks.bank(SYNTHETIC)

    assert (bank.category("SYN20", "1"), bank.category("SYN21", "1")) == (0, 4)


def test_collapsed_options_share_a_category():
    bank = banks.bank(SYNTHETIC)

    assert bank.category("SYN25", "4") == bank.category("SYN25", "5") == 3


def test_items_with_more_options_have_more_categories():
    assert banks.bank(SYNTHETIC).category("SYN30", "6") == 5


def test_an_option_without_a_score_is_no_answer():
    bank = banks.bank(SYNTHETIC)

    assert bank.category("SYN01", None) == SKIPPED


@pytest.mark.parametrize(
    ("code", "word"),
    [("synthetic-function", Word.CLEARLY_BETTER), ("promis-anxiety", Word.CLEARLY_WORSE)],
)
def test_from_the_lowest_scores_to_the_highest_the_words_follow_the_scales_direction(code, word):
    definition = library.get(code)
    ends = [
        session.next_step(banks.bank(definition), answers_at(definition, wanted), LONG).score
        for wanted in (1, 6)
    ]
    scale = definition.scales_by_code["t"]

    low, high = (Measured(end.t, end.se_t) for end in ends)
    found = change.change(scale, scale.mics, baseline=low, latest=high)

    assert low.value < 50 < high.value
    assert found.word == word


@pytest.mark.parametrize(("code", "end"), [("promis-anxiety", 0), ("synthetic-function", 4)])
def test_the_healthiest_answer_is_at_the_end_that_the_scales_direction_says(code, end):
    assert banks.bank(library.get(code)).is_healthiest(0, end)


def test_a_bank_is_built_once_for_each_language():
    definition = library.get("promis-anxiety")

    assert banks.bank(definition, "sv") is banks.bank(definition, "sv")
    assert banks.bank(definition, "sv").key == ("promis-anxiety", "1.0", "sv")


def test_another_grid_moves_the_points_only():
    wider = banks.on_grid(library.get("promis-anxiety"), Grid(-4.5, 4.5, 0.5))

    table = banks.bank(wider).table
    assert (table.points[0], table.points[-1], len(table.points)) == (-4.5, 4.5, 19)
    assert banks.bank(library.get("promis-anxiety")).table.points[0] == -4.0


@pytest.mark.parametrize("code", BANKS[:3])
def test_a_banks_definition_says_whose_numbers_and_whose_words_it_has(code):
    definition = library.get(code)
    scale = definition.scales_by_code["t"]

    assert definition.demonstration
    assert all("doi 10." in source for source in definition.citation)
    assert {reference.country for reference in scale.references} == {"US"}
    assert [(t.country, [band.low for band in t.bands]) for t in scale.thresholds] == [
        ("US", [None, 55, 60, 70])
    ]
    assert all(item.text["sv"] and item.text["en"] for item in definition.items)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no reference figures beside the repository")
@pytest.mark.parametrize("code", BANKS[:3])
def test_the_numbers_of_a_bank_are_the_published_ones(code):
    facts = json.loads((SHARED / f"{code}.json").read_bytes())
    definition = library.get(code)
    parameters = definition.bank.parameters()[1]

    assert [(i, p.discrimination, list(p.thresholds)) for i, p in parameters.items()] == [
        (item["id"], item["a"], item["b"]) for item in facts["items"]
    ]
    assert list(definition.scales_by_code["t"].items) == list(parameters)
    assert {k: list(codes) for k, codes in definition.bank.short_forms.items()} == facts[
        "short_forms"
    ]


def test_a_language_with_differing_items_has_a_calibration_of_its_own():
    definition = library.get("promis-anxiety")
    harder = ParameterSet("anxiety-nl", {"EDANX53": Parameters(1.0, (1.0, 2.0, 3.0, 4.0))}, "nl")
    general = definition.bank.parameter_sets[0]
    both = replace(definition, bank=Bank((general, harder)))

    dutch, swedish = (banks.bank(both, language) for language in ("nl", "sv"))

    assert (dutch.set_id, swedish.set_id) == ("anxiety-nl", "promis-anxiety-1.0-en")
    assert dutch.table.discriminations[dutch.places["EDANX53"]] == 1.0
    assert dutch.table.discriminations[0] == swedish.table.discriminations[0]
    assert session.next_step(dutch, {}, LONG).item != session.next_step(swedish, {}, LONG).item
