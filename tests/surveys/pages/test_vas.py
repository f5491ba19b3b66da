import pytest

from proms.instruments.items import Number
from surveys.pages import vas

HUNDRED = Number(0, 100)


def test_the_scale_has_a_mark_for_every_hundredth_and_a_figure_for_every_tenth():
    drawing = vas.drawing(HUNDRED, None)

    assert drawing.ticks.count("M") == 101
    assert [label.text for label in drawing.labels] == [str(n) for n in range(100, -1, -10)]


@pytest.mark.parametrize(("value", "place"), [(100, vas.TOP), (0, vas.TOP + vas.HEIGHT), (50, 300)])
def test_the_marker_stands_where_the_value_lies(value, place):
    assert vas.drawing(HUNDRED, value).marker == place


@pytest.mark.parametrize("value", [None, "", "much", 101, -1])
def test_what_is_no_value_of_the_scale_has_no_marker(value):
    assert vas.drawing(HUNDRED, value).marker is None


def test_a_scale_of_ten_has_its_own_figures():
    assert vas.drawing(Number(0, 10), 5).labels[0].text == "10"
