from proms.instruments.documents import members, tag
from proms.instruments.rules import Rule
from proms.scoring.scorers import SCORERS


def test_every_kind_of_rule_has_a_scorer():
    assert set(SCORERS) == {tag(kind) for kind in members(Rule)}
