import io
import os

from proms.management import tables

FIGURES = {
    "summary": [{"method": "4a", "people": 3, "bias": 0.12345678901}],
    "bands": [{"method": "4a", "t_from": "", "t_to": 25.0, "bias": -1.0}],
}


def test_the_long_table_has_each_figure_on_a_row_of_its_own():
    out = io.StringIO()

    tables.write_long(out, FIGURES)

    assert out.getvalue().splitlines() == [
        "table,method,at,figure,value",
        "summary,4a,,people,3",
        "summary,4a,,bias,0.123456789",
        "bands,4a,..25,bias,-1",
    ]


def test_each_table_has_a_file_of_its_own(tmp_path):
    tables.write_each(tmp_path, FIGURES)

    assert (tmp_path / "bands.csv").read_text() == "method,t_from,t_to,bias\n4a,,25,-1\n"
    assert (tmp_path / "summary.csv").exists()


def test_a_reader_who_leaves_is_no_fault(capfd):
    with tables.reader_may_leave():
        raise BrokenPipeError

    os.write(1, b"nobody reads this")
    assert capfd.readouterr().out == ""
