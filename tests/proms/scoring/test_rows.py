import io

from proms.scoring import rows


def read(content):
    return list(rows.read(io.BytesIO(content)))


def test_each_row_comes_with_its_line():
    assert read(b"a,b\n1,2\n") == [(1, ["a", "b"]), (2, ["1", "2"])]


def test_a_byte_order_mark_is_no_part_of_the_first_cell():
    assert read(b"\xef\xbb\xbfa,b\n") == [(1, ["a", "b"])]


def test_semicolons_separate_where_the_first_line_has_no_comma():
    assert read(b"a;b\n1,5;2\n")[1] == (2, ["1,5", "2"])


def test_blank_lines_are_passed_over_and_still_counted():
    assert read(b"a\n\n1\n") == [(1, ["a"]), (3, ["1"])]


def test_a_cell_over_several_lines_is_counted_from_its_first():
    assert read(b'a,b\n"x\ny",2\n3,4\n')[1:] == [(2, ["x\ny", "2"]), (4, ["3", "4"])]


def test_an_empty_file_has_no_rows():
    assert read(b"") == []


def test_a_huge_cell_is_a_bad_row_and_the_next_row_is_read():
    found = read(b"a\n" + b"x" * 10_000_000 + b"\n1\n")

    assert str(found[1][1]) == "line 2: field larger than field limit (131072)"
    assert found[2] == (3, ["1"])


def test_what_is_not_utf8_can_be_told():
    ((_, (cell,)),) = read(b"\xe5\n")

    assert not rows.is_text(cell)
    assert not rows.is_text("a\x00")
    assert rows.is_text("å")
