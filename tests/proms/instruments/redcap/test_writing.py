import pytest
from hypothesis import given, settings

from proms.instruments import exchange, library, tables
from proms.instruments.redcap import reading, writing
from tests.proms.instruments.generating import definitions

# What the format has no place for, whatever the instrument.
NEVER = {
    "version", "name", "scales", "licence", "citation", "title", "introduction", "modes",
    "visibility", "recall", "span", "ages", "bank", "option_sets",
}  # fmt: skip
FIELDS = {"title", "option_set", "score", "not_applicable", "max_length", "skip", "number"}


def test_questions_choices_and_conditions_are_what_redcap_reads():
    content = writing.dictionary(library.get("recovery-example"), language="sv").content
    rows = {row.get("variable / field name"): row for row in tables.read(content)}

    assert rows["weight"].get("text validation type or show slider number") == "number_1dp"
    assert rows["wound"].get("choices, calculations, or slider labels") == (
        "yes, Ja | almost, Nästan | no, Nej"
    )
    assert rows["aids"].get("branching logic (show field only if...)") == (
        "([wound] <> 'yes' and [wound] <> '') or [soreness] >= 7"
    )
    assert rows["recovered"].get("field type") == "slider"


@pytest.mark.parametrize("code", library.codes())
def test_what_is_not_named_as_left_out_comes_back_the_same(code):
    definition = exchange.in_language(library.get(code), "sv")
    content = writing.dictionary(library.get(code), language="sv").content

    for path in exchange.differences(definition, reading.read(content, language="sv")):
        top, *rest = path.split("/")
        assert top in NEVER or (top == "items" and rest[-1] in FIELDS), path


@settings(max_examples=25, deadline=None)
@given(definitions())
def test_any_definition_can_be_written_and_what_is_lost_is_named(definition):
    language = definition.languages[0]
    export = writing.dictionary(definition, language=language)

    copy = reading.read(export.content, language=language)
    lost = exchange.differences(exchange.in_language(definition, language), copy)
    assert [item.code for item in copy.items] == [item.code for item in definition.items]
    assert set(exchange.report(lost)) <= set(export.left_out)


def test_another_language_is_named_as_left_out():
    assert "every text in en" in writing.dictionary(library.get("prem"), language="sv").left_out
