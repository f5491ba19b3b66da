import pytest

from proms.admin.documents import readable


@pytest.mark.parametrize("nothing", [None, "", {}, []], ids=repr)
def test_nothing_is_a_stroke(nothing):
    assert "–" in readable(nothing)


def test_names_and_values_are_nested():
    html = readable({"names": {"sv": "Höft"}, "points": [{"code": "start"}], "tags": ["a", "b"]})

    assert "<dt>sv</dt><dd>Höft</dd>" in html
    assert "<li>" in html
    assert "<dd>a, b</dd>" in html


def test_every_text_is_escaped():
    html = readable({"<b>": ["<i>", {"x": "<script>"}]})

    assert not {"<b>", "<i>", "<script>"} & set(html.split())
    assert "&lt;script&gt;" in html
