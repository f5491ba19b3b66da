import io

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from proms.instruments import exchange, library
from proms.instruments.sheets import reading, writing
from tests.proms.instruments.generating import definitions

WRITERS = [writing.csv, writing.excel]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("code", library.codes())
def test_only_scoring_is_left_out_and_it_is_named(code, write):
    export = write(library.get(code))

    lost = exchange.differences(library.get(code), reading.read(export.content))
    assert {path.split("/")[0] for path in lost} <= {"scales", "bank", "option_sets"}
    assert exchange.report(lost) == export.left_out


@pytest.mark.parametrize("write", WRITERS)
@settings(max_examples=25, deadline=None)
@given(definition=definitions())
def test_any_table_of_items_comes_back_the_same(write, definition):
    export = write(definition)

    assert reading.read(export.content) == definition
    assert export.left_out == ()


def test_no_cell_of_a_workbook_is_a_formula():
    sheet = load_workbook(io.BytesIO(writing.excel(library.get("eq5d-5l")).content)).active

    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
