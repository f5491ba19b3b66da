import pytest

from proms.instruments import incoming
from proms.instruments.incoming import InvalidFile


def test_a_document_is_read_whatever_its_mark():
    assert incoming.document(b'\xef\xbb\xbf{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{\n "a": \xe5}', "line 2, byte 7"),
        (b'{\n "a": }', "line 2, column 7"),
        (b"[" * 100_000, "line 1, column 21"),
        (b'{"a":' * 25 + b"1" + b"}" * 25, "$.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a"),
    ],
)
def test_the_place_of_a_fault_is_told(content, place):
    with pytest.raises(InvalidFile) as error:
        incoming.document(content)
    assert error.value.place == place


def test_brackets_inside_text_are_not_depth():
    assert incoming.document(b'["' + b"[" * 100 + b'"]') == ["[" * 100]
