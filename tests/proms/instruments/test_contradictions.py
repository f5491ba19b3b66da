import copy

import pytest

from proms.instruments import documents, library, parsing

SV_EN = {"sv": "a", "en": "a"}
BLANK = {"code": "new", "kind": "text", "text": SV_EN}


def _bank(document):
    return document["bank"]["parameter_sets"][0]["items"]


def _swap(numbers):
    numbers[0], numbers[1] = numbers[1], numbers[0]


# Each row: an instrument, what is done to its document, and the JSON path that must be named.
BROKEN = [
    ("eq5d-5l", lambda d: d["items"].append(d["items"][0]), "$.items[6]"),
    ("eq5d-5l", lambda d: d["scales"].append(d["scales"][0]), "$.scales[5]"),
    ("eq5d-5l", lambda d: d["languages"].append("sv"), "$.languages[2]"),
    ("eq5d-5l", lambda d: d["languages"].append("fi"), "$.items[0].text.fi"),
    ("eq5d-5l", lambda d: d["items"][0]["text"].pop("en"), "$.items[0].text.en"),
    ("eq5d-5l", lambda d: d["items"][0].pop("option_set"), "$.items[0]"),
    ("eq5d-5l", lambda d: d["items"][5].update(option_set="ease"), "$.items[5].options"),
    ("eq5d-5l", lambda d: d["items"][5]["number"].pop("maximum"), "$.items[5].number"),
    ("eq5d-5l", lambda d: d["items"][0].update(number={"minimum": 1}), "$.items[0].number"),
    ("eq5d-5l", lambda d: d["items"][5]["number"].update(maximum=-1), "$.items[5].number.maximum"),
    ("eq5d-5l", lambda d: d["ages"].update(maximum=3), "$.ages.maximum"),
    ("eq5d-5l", lambda d: d["items"][0].update(section="x"), "$.items[0].section"),
    ("eq5d-5l", lambda d: d["licence"].update(wording="official"), "$.licence.reference"),
    ("eq5d-5l", lambda d: d["scales"][0]["items"].append("XX"), "$.scales[0].items[5]"),
    ("eq5d-5l", lambda d: d["scales"][3]["items"].pop(), "$.scales[3].items"),
    ("eq5d-5l", lambda d: d["scales"][4]["items"].append("MO"), "$.scales[4].items"),
    ("eq5d-5l", lambda d: d["scales"][0].update(items=[]), "$.scales[0].items"),
    ("eq5d-5l", lambda d: d["scales"][1].update(maximum=1), "$.scales[1].maximum"),
    ("recovery-example", lambda d: d["scales"][0]["items"].append("aids"), "$.scales[0].items[2]"),
    (
        "recovery-example",
        lambda d: d["items"][4]["show_if"][0].update(item="aids"),
        "$.items[4].show_if[0].item",
    ),
    (
        "recovery-example",
        lambda d: d["items"][4]["show_if"][0].pop("value"),
        "$.items[4].show_if[0].value",
    ),
    (
        "recovery-example",
        lambda d: d["items"][5]["show_if"][0].update(value="perhaps"),
        "$.items[5].show_if[0].value",
    ),
    (
        "recovery-example",
        lambda d: d["items"][2]["number"]["recode"][1].update(low=0),
        "$.items[2].number.recode[1].low",
    ),
    (
        "phq-9",
        lambda d: d["scales"][0]["missing"].update(minimum=10),
        "$.scales[0].missing.minimum",
    ),
    (
        "phq-9",
        lambda d: d["scales"][0]["thresholds"][0]["bands"][0].update(low=0),
        "$.scales[0].thresholds[0].bands[0].low",
    ),
    (
        "phq-9",
        lambda d: d["scales"][0]["thresholds"][0]["bands"][1].update(low=12),
        "$.scales[0].thresholds[0].bands",
    ),
    (
        "prem",
        lambda d: d["scales"][0]["rule"].update(weights={"x": 1}),
        "$.scales[0].rule.weights.x",
    ),
    (
        "prem",
        lambda d: d["scales"][6]["rule"].update(weights={"overall_1": 0}),
        "$.scales[6].rule.weights.overall_1",
    ),
    (
        "hoos-12",
        lambda d: d["scales"][3]["rule"]["scales"].append("sport"),
        "$.scales[3].rule.scales[3]",
    ),
    (
        "hoos-12",
        lambda d: d["scales"][3]["rule"].update(turned=["sport"]),
        "$.scales[3].rule.turned[0]",
    ),
    ("promis-anxiety", lambda d: d["scales"][0].pop("direction"), "$.scales[0].direction"),
    ("promis-anxiety", lambda d: d.pop("bank"), "$.scales[0].rule"),
    ("promis-anxiety", lambda d: _bank(d).pop("EDANX01"), "$.scales[0].items[0]"),
    (
        "promis-anxiety",
        lambda d: _swap(_bank(d)["EDANX01"]["thresholds"]),
        "$.bank.parameter_sets[0].items.EDANX01.thresholds",
    ),
    (
        "promis-anxiety",
        lambda d: _bank(d)["EDANX01"]["thresholds"].append(9),
        "$.bank.parameter_sets[0].items.EDANX01.thresholds",
    ),
    (
        "promis-anxiety",
        lambda d: _bank(d).update(XX=_bank(d)["EDANX01"]),
        "$.bank.parameter_sets[0].items.XX",
    ),
    (
        "promis-anxiety",
        lambda d: d["bank"]["parameter_sets"].append(d["bank"]["parameter_sets"][0]),
        "$.bank.parameter_sets[1].language",
    ),
    (
        "promis-anxiety",
        lambda d: d["bank"]["short_forms"]["4a"].append("XX"),
        "$.bank.short_forms.4a[4]",
    ),
    (
        "promis-anxiety",
        lambda d: d["scales"][0]["rule"].update(grid={"low": 4, "high": -4, "step": 0.1}),
        "$.scales[0].rule.grid",
    ),
]


@pytest.mark.parametrize(("code", "breaking", "path"), BROKEN)
def test_a_contradiction_is_named_by_its_json_path_with_a_cure(code, breaking, path):
    document = copy.deepcopy(documents.write(library.get(code)))
    breaking(document)

    with pytest.raises(parsing.InvalidDefinition) as refused:
        parsing.validated(document)

    named = {problem.path: problem for problem in refused.value.problems}
    assert path in named
    assert named[path].cure
