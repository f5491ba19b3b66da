import copy
import json

import pytest

from proms.instruments import documents, incoming, library, parsing


def document(code="eq5d-5l"):
    return copy.deepcopy(documents.write(library.get(code)))


def problems(changed):
    with pytest.raises(parsing.InvalidDefinition) as refused:
        parsing.validated(changed)
    return refused.value.problems


def test_a_file_of_a_shipped_instrument_is_read():
    content = json.dumps(document()).encode("utf-8-sig")

    assert parsing.parse(content) == library.get("eq5d-5l")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not JSON"),
        (b'{"code": ', "not JSON"),
        ("å".encode("latin-1"), "line 1, byte 1: not UTF-8"),
        (b'{"code": NaN}', "no number"),
        (b"[" * 100_000, "nested too deeply"),
        (b" " * (incoming.LARGEST + 1), "over 5000000 bytes"),
    ],
)
def test_a_file_that_is_no_document_says_why(content, problem):
    with pytest.raises(parsing.InvalidDefinition, match=problem):
        parsing.parse(content)


@pytest.mark.parametrize("content", [[], None, 5, "text", {"items": 5}, {"items": [5]}])
def test_a_document_of_another_shape_is_refused(content):
    assert problems(content)


def test_a_fault_of_shape_is_named_by_its_json_path():
    changed = document()
    changed["items"][2]["kind"] = "slider"

    (problem,) = problems(changed)

    assert problem.path == "$.items[2].kind"


def test_an_unknown_field_is_refused():
    changed = document()
    changed["licence"]["price"] = 5

    (problem,) = problems(changed)

    assert problem.path == "$.licence"
    assert "price" in problem.what


def test_every_fault_of_shape_is_told_at_once():
    changed = document()
    changed["version"], changed["span"] = 1, "a while"

    assert {problem.path for problem in problems(changed)} == {"$.version", "$.span"}


def test_an_unknown_option_set_names_the_known_ones():
    changed = document()
    changed["items"][0]["option_set"] = "easy"

    (problem,) = problems(changed)

    assert problem.path == "$.items[0].option_set"
    assert "ease" in problem.cure


def test_options_of_its_own_beside_a_shared_set_are_refused():
    changed = document()
    changed["items"][0]["options"] = []

    (problem,) = problems(changed)

    assert problem.path == "$.items[0].options"


def test_an_unknown_kind_of_rule_is_named_with_the_known_ones():
    changed = document()
    changed["scales"][1]["rule"] = {"kind": "level_summ"}

    (problem,) = problems(changed)

    assert problem.path == "$.scales[1].rule.kind"
    assert "level_sum" in problem.what


def test_a_fault_inside_a_rule_is_named_by_its_path():
    changed = document()
    changed["scales"][3]["rule"] = {"kind": "index", "instrument": 5}

    (problem,) = problems(changed)

    assert problem.path == "$.scales[3].rule.instrument"
