import copy
import json
import time

import pytest

from proms.instruments import library, parsing
from proms.instruments.fhir import reading, writing
from proms.instruments.incoming import InvalidFile

PLAIN = {
    "resourceType": "Questionnaire",
    "status": "active",
    "language": "sv",
    "title": "Efter besöket",
    "item": [
        {
            "linkId": "/1",
            "type": "choice",
            "text": "Hur mår du?",
            "answerOption": [
                {"valueCoding": {"code": "a", "display": "Bra"}},
                {"valueCoding": {"code": "b", "display": "Sådär"}},
            ],
        },
        {
            "linkId": "/2",
            "type": "string",
            "text": "Vad hände?",
            "enableWhen": [{"question": "/1", "operator": "=", "answerCoding": {"code": "b"}}],
        },
    ],
}


def changed(**fields):
    return {**copy.deepcopy(PLAIN), **fields}


def read(document, **whole):
    return reading.questionnaire(json.dumps(document).encode(), **whole)


def refused(document):
    with pytest.raises(InvalidFile) as error:
        read(document)
    return str(error.value)


def value_set(name, *, includes=(), codes=()):
    concepts = [{"code": code, "display": code.upper()} for code in codes]
    include: list[object] = [{"concept": concepts}] if codes else []
    include += [{"valueSet": [f"#{each}"]} for each in includes]
    return {
        "resourceType": "ValueSet",
        "id": name,
        "status": "active",
        "compose": {"include": include},
    }


def test_another_systems_questionnaire_is_read_and_may_not_be_published_as_it_is():
    definition = read(PLAIN)

    assert [(item.code, item.kind) for item in definition.items] == [("1", "single"), ("2", "text")]
    assert definition.items[1].show_if[0].item == "1"
    assert (definition.code, definition.languages) == ("efter-bes-ket", ("sv",))
    assert definition.demonstration


def test_the_words_may_be_said_to_be_our_own():
    assert read(PLAIN, wording="own", code="after").licence.wording == "own"


def test_contained_value_sets_are_followed():
    document = changed(contained=[value_set("a", includes=["b"]), value_set("b", codes=["x", "y"])])
    del document["item"][0]["answerOption"]
    document["item"][0]["answerValueSet"] = "#a"
    document["item"][1]["enableWhen"][0]["answerCoding"]["code"] = "y"

    assert list(read(document).items[0].options_by_code) == ["x", "y"]


def test_value_sets_that_include_each_other_are_refused():
    document = changed(contained=[value_set("a", includes=["b"]), value_set("b", includes=["a"])])

    assert "$.contained[0].compose.include: a circular reference: a -> b -> a" in refused(document)


def test_questions_that_wait_for_each_other_are_refused():
    document = changed()
    document["item"][0]["enableWhen"] = [
        {"question": "/2", "operator": "exists", "answerBoolean": True}
    ]

    with pytest.raises(
        parsing.InvalidDefinition, match=r"items\[0\]\.show_if\[0\]\.item: 2 is not"
    ):
        read(document)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "line 1, column 1: not JSON"),
        (b"\xe5", "line 1, byte 1: not UTF-8"),
        (b"[]", r"\$\.resourceType: not a Questionnaire"),
        (b'{"a": 1, "a": 2}', "the key a stands twice"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"item":[' * 100_000, "nested too deeply"),
        (b'{"item":[' * 30 + b"]}" * 30, "nested too deeply"),
        (b'"' + b"x" * 10_000_000 + b'"', "over 5000000 bytes"),
    ],
)
def test_a_file_that_is_no_questionnaire_says_where_and_why_within_a_second(content, problem):
    begun = time.perf_counter()

    with pytest.raises(InvalidFile, match=problem):
        reading.questionnaire(content)
    assert time.perf_counter() - begun < 2


def test_a_resource_that_breaks_the_standard_is_refused_by_path():
    assert "$.item[1].type" in refused(changed(item=[PLAIN["item"][0], {"linkId": "2"}]))


@pytest.mark.parametrize("kind", ["attachment", "reference", "dateTime"])
def test_a_question_that_cannot_be_asked_is_named(kind):
    document = changed()
    document["item"][1]["type"] = kind

    assert f"$.item[1].type: {kind} cannot be asked" in refused(document)


def test_two_scores_of_one_option_are_refused():
    document = json.loads(writing.questionnaire(library.get("phq-9")).content)
    document["item"][0]["answerOption"][0]["extension"][0]["valueDecimal"] = 7

    assert "two scores: 0.0, 7.0" in refused(document)


def test_our_extension_that_no_longer_fits_is_refused():
    document = json.loads(writing.questionnaire(library.get("phq-9")).content)
    del document["item"][0]

    with pytest.raises((InvalidFile, parsing.InvalidDefinition)):
        read(document)


def test_a_byte_order_mark_is_no_matter():
    content = b"\xef\xbb\xbf" + json.dumps(PLAIN).encode()

    assert len(reading.questionnaire(content).items) == 2
