from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from proms.instruments import documents, library
from proms.instruments.definition import Definition
from proms.instruments.items import Item
from proms.instruments.rules import Index
from proms.instruments.scales import Scale

ITEMS = st.builds(Item, option_set=st.just("")).map(lambda item: replace(item, option_set=""))
DEFINITIONS = st.builds(
    Definition,
    items=st.lists(ITEMS, max_size=3).map(tuple),
    scales=st.lists(st.builds(Scale), max_size=3).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(DEFINITIONS)
def test_whatever_is_written_is_read_back(definition):
    assert documents.read(documents.write(definition)) == definition


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


def test_a_digest_tells_any_change_of_content():
    definition = library.get("eq5d-5l")

    assert documents.digest(definition) == documents.digest(library.get("EQ-5D-5L"))
    assert documents.digest(replace(definition, version="1.1")) != documents.digest(definition)
