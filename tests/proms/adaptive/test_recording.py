import json

import pytest

from proms.adaptive import recording, stopping
from proms.adaptive.session import replay
from proms.instruments import library
from proms.scoring import banks

BANK = banks.bank(library.get("promis-anxiety"))
RULES = stopping.NAMED["recommended"]
FIRST = "EDANX53"


def test_a_trace_survives_its_way_through_the_database():
    trace = recording.trace(BANK, RULES, replay(BANK, {FIRST: "3"}, RULES))

    assert json.loads(json.dumps(trace)) == trace


def test_a_trace_says_what_was_asked_by_which_rule_and_parameters():
    trace = recording.trace(BANK, RULES, replay(BANK, {FIRST: None}, RULES))

    assert (trace["rule"], trace["select"]) == ("recommended", "mpwi")
    assert trace["set_id"] == "promis-anxiety-1.0-en"
    assert trace["stop"] == "unfinished"
    [step] = trace["steps"]
    assert (step["item"], step["answer"]) == (FIRST, None)
    assert step["theta"] == pytest.approx(0, abs=1e-12)


def test_a_trace_says_why_the_test_stopped():
    screened = stopping.NAMED["screen-to-cat"]

    trace = recording.trace(BANK, screened, replay(BANK, {FIRST: "1"}, screened))

    assert trace["stop"] == "screen"


def test_an_edited_path_is_marked():
    path = replay(BANK, {}, RULES)

    assert recording.trace(BANK, RULES, path, is_edited=True)["path_edited"] is True
    assert "path_edited" not in recording.trace(BANK, RULES, path)
