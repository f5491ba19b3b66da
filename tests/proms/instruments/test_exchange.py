import pytest

from proms.instruments import documents, exchange, library


@pytest.mark.parametrize("code", library.codes())
def test_a_definition_is_the_sum_of_its_parts(code):
    definition = library.get(code)

    assert documents.read(exchange.document(exchange.parts(definition))) == definition


def test_a_difference_is_named_by_item_and_option():
    phq, gad = library.get("phq-9"), library.get("gad-7")
    lost = exchange.differences(phq, gad)

    assert "items/PHQ1/options/0/score" in lost
    assert lost["items/GAD1/text"] is None


def test_one_language_is_taken_out_of_every_text():
    swedish = exchange.in_language(library.get("eq5d-5l"), "sv")

    assert swedish.languages == ("sv",)
    assert '"en"' not in str(documents.write(swedish)).replace("'", '"')
