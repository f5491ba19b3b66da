import itertools
from xml.etree import ElementTree

import numpy as np
import pytest

from proms.adaptive import plots, recovery, simulation
from proms.adaptive.plots import Chart
from proms.adaptive.stopping import NAMED
from tests.proms.adaptive.invented import make_bank

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn():
    bank, chance = make_bank(), np.random.default_rng(5)
    theta = chance.normal(size=100)
    patterns = simulation.respond(bank, theta, chance)
    tables = recovery.compare(
        bank,
        [NAMED["standard"], NAMED["screen-to-cat"]],
        patterns,
        short_forms={"2a": ("RISING1", "WEAK")},
        reference=theta,
    )
    return plots.charts(tables)


def test_every_plot_is_well_formed_and_has_a_title(drawn):
    titles = {
        name: ElementTree.fromstring(svg).findtext(f"{SVG}title") for name, svg in drawn.items()
    }

    assert titles["bias.svg"] == "Bias"
    assert all(titles.values())


def test_no_plot_needs_a_style_or_a_script(drawn):
    for svg in drawn.values():
        assert "style" not in svg
        assert "<script" not in svg


def test_each_method_has_a_line_and_its_name(drawn):
    root = ElementTree.fromstring(drawn["rmse.svg"])

    words = [text.text for text in root.iter(f"{SVG}text")]
    assert len(list(root.iter(f"{SVG}polyline"))) == 4
    assert {"standard", "screen-to-cat", "2a", "full-bank"} <= set(words)


def test_the_whole_bank_is_left_out_where_it_would_hide_the_rest(drawn):
    assert "full-bank" not in drawn["information.svg"]
    assert "full-bank" in drawn["bank.svg"]


def test_a_method_has_the_same_colour_in_every_plot(drawn):
    looks = {
        line.get("stroke")
        for name in ("rmse.svg", "information.svg")
        for line, text in keys(ElementTree.fromstring(drawn[name]))
        if text == "2a"
    }

    assert len(looks) == 1


def keys(root):
    """The pieces of line beside the plot, each with its name."""
    parts = list(root)
    return [(one, two.text) for one, two in itertools.pairwise(parts) if "24" in one.get("d", "")]


def test_lines_stand_between_the_axes():
    root = ElementTree.fromstring(plots.svg(Chart("T & x", "a", "b", {"one": [(0, 1), (10, 3)]})))

    (line,) = root.iter(f"{SVG}polyline")
    assert line.get("points") == f"64.0,{368 - (368 - 48) / 3:.1f} 544.0,48.0"


def test_a_single_point_is_drawn():
    assert "polyline" in plots.svg(Chart("One", "a", "b", {"one": [(3.0, 0.0)]}))


def test_zero_has_no_minus_sign():
    svg = plots.svg(Chart("Zero", "a", "b", {"one": [(0, -0.3), (1, 0.3)]}))

    assert ">-0<" not in svg
    assert ">0<" in svg
