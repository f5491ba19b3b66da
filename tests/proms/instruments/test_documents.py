from proms.instruments import documents, library
from proms.instruments.rules import Index


def test_shared_options_are_read_into_each_item_and_written_once():
    definition = library.get("eq5d-5l")

    document = documents.write(definition)

    assert len(definition.items[0].options) == 5
    assert "options" not in document["items"][0]
    assert set(document["option_sets"]) == {"ease", "amount"}


def test_a_rule_is_read_by_its_kind():
    rule = library.get("eq5d-5l").scales_by_code["index"].rule

    assert rule == Index("EQ-5D-5L", ("5l-sweden-2020-vt",))


def test_defaults_are_left_out_of_a_document():
    document = documents.write(library.get("eq5d-5l"))

    assert "visibility" not in document
    assert "skip" not in document["items"][0]
