import pytest

from proms.instruments import library


def test_a_short_form_asks_the_banks_items_in_its_own_order():
    form = library.get("promis-anxiety-4a")

    assert [item.code for item in form.items] == ["EDANX01", "EDANX40", "EDANX41", "EDANX53"]


def test_a_short_form_is_asked_whole_and_its_bank_adaptively():
    assert library.get("promis-anxiety").adaptive
    assert not library.get("promis-anxiety-4a").adaptive


def test_a_short_form_has_both_t_scores_and_names_its_bank():
    form = library.get("promis-depression-8a")

    assert [scale.code for scale in form.scales] == ["t_sum", "t"]
    assert form.bank.short_form_of == "promis-depression"


@pytest.mark.parametrize(("form", "needed"), [("6a", 4), ("3a", 3)])
def test_a_pattern_score_needs_four_answers_or_all_of_a_shorter_form(form, needed):
    scale = library.get(f"synthetic-function-{form}").scales_by_code["t"]

    assert scale.missing.needed(len(scale.items)) == needed
