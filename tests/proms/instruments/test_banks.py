from proms.instruments.banks import Bank, Parameters, ParameterSet

GENERAL = ParameterSet("g", {"A": Parameters(1.0, (0.0,)), "B": Parameters(2.0, (1.0,))})
DUTCH = ParameterSet("g-nl", {"B": Parameters(1.5, (0.5,))}, language="nl")


def test_a_language_without_a_set_of_its_own_takes_the_general_one():
    assert Bank((GENERAL, DUTCH)).parameters("sv") == ("g", GENERAL.items)


def test_items_that_do_not_differ_anchor_a_languages_set_to_the_general_one():
    name, items = Bank((GENERAL, DUTCH)).parameters("nl")

    assert name == "g-nl"
    assert items == {"A": Parameters(1.0, (0.0,)), "B": Parameters(1.5, (0.5,))}
