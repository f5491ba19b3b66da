import io
import time
import zipfile

import pytest
from openpyxl import Workbook

from proms.instruments import tables
from proms.instruments.incoming import InvalidFile


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def package(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def refused(content):
    begun = time.perf_counter()
    with pytest.raises(InvalidFile) as error:
        tables.read(content)
    assert time.perf_counter() - begun < 2
    return str(error.value)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_whatever_its_delimiter_and_mark(delimiter, mark):
    content = mark + f"a{delimiter}b\r\n1{delimiter}å\r\n".encode()

    (row,) = tables.read(content)
    assert row.cells == {"a": "1", "b": "å"}


def test_a_workbook_is_read_with_numbers_as_people_write_them():
    (row,) = tables.read(workbook(["a", "b", "c"], [1, 2.5, "x"]))

    assert row.cells == {"a": "1", "b": "2.5", "c": "x"}
    assert row.places["b"] == "Sheet!B2"


@pytest.mark.parametrize("text", ["=1+1", "+46", "-x", "@home", "'=1", "''=1", "'quoted'", "-5"])
def test_text_that_a_spreadsheet_would_run_is_marked_and_comes_back(text):
    content = tables.write_csv(["a"], [{"a": text}])

    assert b"\n=" not in content
    assert tables.read(content)[0].get("a") == text


def test_negative_numbers_stay_numbers():
    assert b"\n-5.5\r" in tables.write_csv(["a"], [{"a": "-5.5"}])


def test_a_cell_of_ten_megabytes_is_named():
    content = b'a,b,c\n1,2,3\n1,"' + b"x" * 10_000_000 + b'",3\n'

    assert "line 3, column 2: a cell of over 32,767 characters" in refused(content)


def test_latin_1_is_named_by_line():
    assert "line 2, byte 3: not UTF-8" in refused("a,b\n1,å\n".encode("latin-1"))


def test_text_in_utf_16_is_refused():
    assert "not UTF-8" in refused("a,b\n1,2\n".encode("utf-16"))


def test_a_formula_is_named_by_its_cell():
    assert "Sheet!B2: a formula" in refused(workbook(["a", "b"], [1, "=SUM(1,2)"]))


def test_a_zip_bomb_is_not_unpacked():
    bomb = package(xl__sheet=b" " * 60_000_000)

    assert len(bomb) < 100_000
    assert "unpacks to 60000000 bytes" in refused(bomb)


def test_a_workbook_with_entities_is_refused():
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'

    assert "XML with a document type" in refused(package(xl__workbook=laughs))


def test_what_only_looks_like_a_workbook_is_refused():
    assert "workbook" in refused(b"PK\x03\x04 and nothing more")
    assert "the workbook cannot be read" in refused(package(readme="hello"))


def test_a_cell_in_the_last_row_of_excel_is_neither_lost_nor_waited_for():
    book = Workbook()
    book.active["A1"], book.active["A1048576"] = "a", "far"
    out = io.BytesIO()
    book.save(out)

    assert "the sheet is too large" in refused(out.getvalue())


def test_too_many_rows_are_refused_in_linear_time():
    assert "the table is too large" in refused(b"a,b\n" + b"1,2\n" * 250_000)


def test_sixty_thousand_quotes_take_no_time():
    assert refused(b'a,b\n"' + b'""' * 60_000)
