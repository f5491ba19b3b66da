import numpy as np
import pytest

from proms.adaptive import stopping
from proms.adaptive.stopping import NAMED, Standing

UNCERTAIN = Standing(asked=4, answered=4, se=0.5, se_change=0.2, healthiest_first=False)


def reason(rule, items=29, **changes):
    return stopping.reason(NAMED[rule], UNCERTAIN._replace(**changes), items)


@pytest.mark.parametrize(
    ("rule", "changes", "expected"),
    [
        ("standard", {}, ""),
        ("standard", {"se": 0.3}, "se"),
        ("standard", {"se": 0.3 + 1e-12}, "se"),
        ("standard", {"se": 0.300001}, ""),
        ("standard", {"se": 0.1, "answered": 3}, ""),
        ("standard", {"se": 0.1, "asked": 9, "answered": 3}, ""),
        ("standard", {"asked": 12, "answered": 3}, "max_items"),
        ("standard", {"se_change": 0.0}, ""),
        ("standard", {"healthiest_first": True, "asked": 1, "answered": 1}, ""),
        ("recommended", {"se_change": 0.009}, "se_change"),
        ("recommended", {"se_change": 0.01}, ""),
        ("recommended", {"se_change": 0.009, "answered": 3}, ""),
        ("recommended", {"asked": 8}, "max_items"),
        ("screen-to-cat", {"healthiest_first": True, "asked": 1, "answered": 1}, "screen"),
        ("screen-to-cat", {"se": 0.3}, "se"),
        ("paediatric", {"se": 0.4}, ""),
        ("paediatric", {"se": 0.4, "asked": 5, "answered": 5}, "se"),
    ],
)
def test_each_named_rule_stops_where_it_says(rule, changes, expected):
    assert reason(rule, **changes) == expected


def test_a_bank_with_no_more_items_ends_the_test():
    assert reason("standard", items=4) == "bank_empty"


def test_many_people_stop_as_each_would_alone():
    errors = np.array([0.2, 0.3, 0.31, 0.5])
    many = Standing(*(np.repeat(value, 4) for value in UNCERTAIN))._replace(se=errors)

    holding = stopping.holding(NAMED["standard"], many, 29)

    alone = [reason("standard", se=se) == "se" for se in errors]
    assert holding["se"].tolist() == alone == [True, True, False, False]


def test_a_rule_is_named_as_it_is_listed():
    assert [name for name, rules in NAMED.items() if rules.id != name] == []
