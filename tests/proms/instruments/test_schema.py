import jsonschema

from proms.instruments.definition import Definition
from proms.instruments.documents import hints
from proms.instruments.schema import schema


def test_the_exported_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_exported_schema_has_every_field_of_the_class():
    root = schema()["$defs"]["Definition"]

    assert set(root["properties"]) == set(hints(Definition))


def test_every_class_of_the_schema_says_what_it_is():
    assert all(part["description"] for part in schema()["$defs"].values())


def test_no_class_of_the_schema_lets_unknown_fields_through():
    assert not any(part["additionalProperties"] for part in schema()["$defs"].values())
