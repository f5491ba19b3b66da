import json

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from hypothesis import given, settings

from proms.instruments import library
from proms.instruments.fhir import reading, writing
from tests.proms.instruments.generating import definitions

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"


def document(code):
    return json.loads(writing.questionnaire(library.get(code)).content)


def question(found, link_id):
    for item in found["item"]:
        inside = question(item, link_id) if item["type"] == "group" else None
        if item["linkId"] == link_id or inside:
            return inside or item
    return None


@pytest.mark.parametrize("code", library.codes())
def test_every_instrument_comes_back_the_same_from_a_valid_questionnaire(code):
    content = writing.questionnaire(library.get(code)).content

    Questionnaire.model_validate_json(content)
    assert reading.questionnaire(content) == library.get(code)


@settings(max_examples=25, deadline=None)
@given(definitions())
def test_any_definition_comes_back_the_same(definition):
    content = writing.questionnaire(definition).content

    assert reading.questionnaire(content) == definition


def test_what_only_we_read_is_named():
    left_out = writing.questionnaire(library.get("eq5d-5l")).left_out

    assert {"scales", "span", "ages"} < set(left_out)
    assert not any("text" in line or "score" in line for line in left_out)


def test_scores_stand_where_r4_and_where_the_guide_of_today_look_for_them():
    option = question(document("phq-9"), "PHQ1")["answerOption"][3]

    assert {"url": WEIGHT, "valueDecimal": 3.0} in option["extension"]
    assert {"url": ORDINAL, "valueDecimal": 3.0} in option["valueCoding"]["extension"]


def test_texts_stand_in_the_first_language_with_the_others_as_translations():
    asked = question(document("recovery-example"), "wound")
    (translation,) = asked["_text"]["extension"]

    assert asked["text"] == "Har såret läkt?"
    assert translation["url"] == "http://hl7.org/fhir/StructureDefinition/translation"
    assert {"url": "content", "valueString": "Has the wound healed?"} in translation["extension"]


def test_branching_is_what_other_systems_read():
    asked = question(document("recovery-example"), "medicine")

    assert asked["enableWhen"] == [{"question": "soreness", "operator": ">=", "answerInteger": 4}]


def test_demonstration_wording_is_a_draft():
    assert document("eq5d-5l")["status"] == "draft"
    assert document("prem")["status"] == "active"
