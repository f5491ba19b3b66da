import pytest

from proms.instruments import library
from proms.scoring.score import score


def scores(code, answers):
    return {made.scale: made for made in score(library.get(code), answers)}


def numbered(prefix, answers, width=1):
    return {f"{prefix}{n:0{width}d}": answer for n, answer in answers.items()}


def test_a_sum_is_the_sum_of_option_scores():
    assert scores("phq-9", numbered("PHQ", dict.fromkeys(range(1, 10), "3")))["total"].value == 27


def test_a_missing_answer_stands_for_the_mean_of_the_others():
    # PHQ-9 with two answers left out (Arrieta 2017, doi 10.1002/jclp.22390): 14, times 9/7.
    assert scores("phq-9", numbered("PHQ", dict.fromkeys(range(1, 8), "2")))["total"].value == 18


def test_a_sum_without_a_published_rule_needs_every_answer():
    total = scores("gad-7", numbered("GAD", dict.fromkeys(range(1, 7), "2")))["total"]

    assert (total.value, total.reason) == (None, "missing")


def test_too_many_missing_answers_give_no_sum():
    total = scores("phq-9", numbered("PHQ", dict.fromkeys(range(1, 7), "2")))["total"]

    assert (total.value, total.reason) == (None, "too_few")


# Hays, Sherbourne & Mazel 1993, doi 10.1002/hec.4730020305: recoding of every kind of item.
@pytest.mark.parametrize(
    ("item", "option", "worth"),
    [
        (1, "1", 100),
        (1, "5", 0),
        (2, "2", 75),
        (3, "1", 0),
        (12, "2", 50),
        (13, "1", 0),
        (19, "2", 100),
        (20, "1", 100),
        (21, "1", 100),
        (21, "2", 80),
        (22, "3", 50),
        (23, "6", 0),
        (24, "6", 100),
        (25, "1", 0),
        (26, "1", 100),
        (27, "5", 20),
        (28, "2", 20),
        (29, "1", 0),
        (30, "4", 40),
        (31, "6", 100),
        (32, "1", 0),
        (33, "5", 100),
        (34, "1", 100),
        (35, "2", 25),
        (36, "4", 25),
    ],
)
def test_rand_36_items_are_recoded_as_published(item, option, worth):
    found = library.get("rand-36").items_by_code[f"RAND{item:02d}"]

    assert found.options_by_code[option].score == worth


@pytest.mark.parametrize(
    ("scale", "items"),
    [
        ("physical_functioning", range(3, 13)),
        ("role_physical", range(13, 17)),
        ("role_emotional", range(17, 20)),
        ("energy", (23, 27, 29, 31)),
        ("emotional", (24, 25, 26, 28, 30)),
        ("social", (20, 32)),
        ("pain", (21, 22)),
        ("general_health", (1, 33, 34, 35, 36)),
        ("health_change", (2,)),
    ],
)
def test_rand_36_scales_read_the_published_items(scale, items):
    found = library.get("rand-36").scales_by_code[scale]

    assert found.items == tuple(f"RAND{item:02d}" for item in items)


def test_a_mean_of_rand_36_is_that_of_the_items_answered_however_few():
    # RAND's own worked example: 4, 3 and 3 on items 23, 27 and 29, and 31 left blank.
    made = scores("rand-36", {"RAND23": "4", "RAND27": "3", "RAND29": "3"})

    assert made["energy"].value == pytest.approx(46.7, abs=0.05)
    assert made["pain"].reason == "missing"


def test_a_scale_by_the_half_rule_needs_half_of_its_items():
    one, two = (
        scores("koos-12", numbered("P", dict.fromkeys(range(1, 1 + n), "0"))) for n in (1, 2)
    )

    assert one["pain"].reason == "too_few"
    assert two["pain"].value == 100


# EORTC QLQ-C30 Scoring Manual, 3rd edition (Fayers 2001): raw score RS is the mean of the items.
@pytest.mark.parametrize(
    ("scale", "answers", "published"),
    [
        ("ql", {29: "4", 30: "6"}, (5 - 1) / 6 * 100),
        ("pf", {1: "1", 2: "2", 3: "1", 4: "1", 5: "1"}, (1 - (1.2 - 1) / 3) * 100),
        ("ef", {21: "4", 22: "4", 23: "4", 24: "4"}, 0),
        ("fa", {10: "2", 12: "3", 18: "4"}, (3 - 1) / 3 * 100),
        ("pa", {9: "1", 19: "1"}, 0),
        ("dy", {8: "4"}, 100),
        ("fa", {10: "2", 12: "3"}, (2.5 - 1) / 3 * 100),
    ],
)
def test_qlq_c30_scales_follow_the_manual(scale, answers, published):
    made = scores("qlq-c30", numbered("QLQ", answers, 2))

    assert made[scale].value == pytest.approx(published)


def test_the_qlq_c30_summary_turns_symptoms_around():
    # Giesinger 2016, doi 10.1016/j.jclinepi.2015.08.007: mean of 13 scales, QL and FI left out.
    made = scores("qlq-c30", numbered("QLQ", dict.fromkeys(range(1, 29), "1"), 2))

    assert made["summary"].value == 100


def test_a_summary_needs_all_of_its_scales():
    answers = numbered("QLQ", dict.fromkeys(range(1, 29), "1"), 2)
    del answers["QLQ08"]

    assert scores("qlq-c30", answers)["summary"].reason == "too_few"


@pytest.mark.parametrize("code", ["hoos-12", "koos-12"])
def test_joint_scores_run_from_0_extreme_to_100_none(code):
    items = library.get(code).items_by_code

    worst = scores(code, dict.fromkeys(items, "4"))
    best = scores(code, dict.fromkeys(items, "0"))

    assert {made.value for made in worst.values()} == {0}
    assert {made.value for made in best.values()} == {100}


def test_a_joint_scale_needs_two_of_four_answers():
    assert scores("hoos-12", {"P1": "1"})["pain"].reason == "too_few"
    assert scores("hoos-12", {"P1": "1", "P2": "1"})["pain"].value == 75


def test_experience_weights_are_renormalised_over_answered_items():
    # Weights 2, 2, 1: the first is not relevant, so 2/3 and 1/3 are left.
    answers = {"information_1": "na", "information_2": "5", "information_3": "1"}

    assert scores("prem", answers)["information"].value == pytest.approx(100 * 2 / 3)


def test_an_experience_dimension_needs_half_of_its_items():
    assert scores("prem", {"information_1": "5"})["information"].reason == "too_few"
    assert scores("prem", {"respect_1": "5", "respect_2": "na"})["respect"].value == 100


def test_a_hidden_items_answer_is_not_scored():
    made = scores("recovery-example", {"soreness": 10, "wound": "no", "recovered": 40})

    assert made["trouble"].value == 5
    assert made["recovered"].value == 40
