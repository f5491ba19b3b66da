from argparse import ArgumentParser

import pytest
from django.core.management import CommandError

from proms.adaptive import stopping
from proms.management import adaptive_options


def options(*arguments):
    parser = ArgumentParser()
    adaptive_options.add_bank(parser)
    adaptive_options.add_limits(parser)
    return vars(parser.parse_args(arguments))


def rules(name, *arguments):
    given = options("promis-anxiety", *arguments)
    definition = adaptive_options.definition_of(given)
    return adaptive_options.rules_of(definition, name, given)


def test_a_grid_may_begin_with_a_minus_sign():
    definition = adaptive_options.definition_of(options("promis-anxiety", "--grid", "-3:3:0.5"))

    bank = adaptive_options.bank_of(definition, options("promis-anxiety"))
    assert bank.table.points.tolist() == [n / 2 for n in range(-6, 7)]


def test_without_a_name_the_banks_own_rules_hold():
    assert rules("") == stopping.NAMED["standard"]._replace(id="bank")


def test_limits_change_the_named_rules():
    found = rules("recommended", "--select", "mepv", "--min", "5", "--max", "9", "--se", "2.5")

    assert found == stopping.NAMED["recommended"]._replace(
        select="mepv", min_items=5, max_items=9, stop_se_t=2.5
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--min", "9", "--max", "8"], "--min 9 and --max 8 leave no test"),
        (["--min", "0"], "--min 0"),
        (["--se", "0.3"], "--se 0.3 is no limit of T: 3 is 0.3 of theta"),
        (["--se", "-1"], "--se -1"),
    ],
)
def test_limits_that_cannot_be_are_refused(arguments, problem):
    with pytest.raises(CommandError, match=problem):
        rules("standard", *arguments)


@pytest.mark.parametrize("grid", ["-4:4", "-4:4:0", "4:-4:0.1", "a:b:c", "-4:4:0.00001", "nan:4:1"])
def test_a_grid_that_is_none_is_refused(grid):
    with pytest.raises(CommandError, match="--grid"):
        adaptive_options.definition_of(options("promis-anxiety", "--grid", grid))


@pytest.mark.parametrize("bank", ["phq-9", "promis-anxiety-4a", "nonsense"])
def test_what_is_no_bank_is_refused_and_the_banks_are_named(bank):
    with pytest.raises(CommandError, match="promis-depression, promis-fatigue"):
        adaptive_options.definition_of(options(bank))


def test_a_language_that_the_bank_lacks_is_refused():
    given = options("promis-anxiety", "--language", "fi")

    with pytest.raises(CommandError, match="has no language fi; it has: sv, en"):
        adaptive_options.bank_of(adaptive_options.definition_of(given), given)
