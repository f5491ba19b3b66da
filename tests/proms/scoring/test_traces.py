import io

import numpy as np
import pytest

from proms.adaptive import stopping
from proms.scoring import rows, traces
from proms.scoring.rows import BadRow
from proms.scoring.traces import Pattern
from tests.proms.adaptive.invented import OPTIONS, make_bank

# CSV holds text, so the options that are numbers elsewhere are text here.
BANK = make_bank(
    options={
        item: {str(option): category for option, category in options.items()}
        for item, options in OPTIONS.items()
    }
)
HEADER = "id," + ",".join(OPTIONS)
GOOD = "7,2,2,3,1,10,no,yes,1"


def read(*lines):
    stream = io.BytesIO("\n".join(lines).encode())
    return list(traces.patterns(BANK, rows.read(stream)))


def test_a_row_is_a_persons_answers_and_an_empty_cell_a_skipped_item():
    ((line, person),) = read(HEADER, "7,2,2,3,1,10,no,,1")

    assert line == 2
    assert person.id == "7"
    assert person.answers["RECODED"] == "10"
    assert person.answers["TWIN2"] is None


def test_columns_may_come_in_any_order_and_others_are_passed_over():
    cells = {"age": "63", **dict(zip(HEADER.split(","), GOOD.split(","), strict=True))}
    mixed = sorted(cells)

    ((_, person),) = read(",".join(mixed).lower(), ",".join(cells[name] for name in mixed))

    assert person == read(HEADER, GOOD)[0][1]


def test_two_written_with_a_decimal_is_two():
    ((_, person),) = read(HEADER, "7,2.0,2,3,1,10,no,yes,1")

    assert person.answers["RISING1"] == "2"


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("7,9,2,3,1,10,no,yes,1", "RISING1", "'9' is none of the options 1, 2, 3, 4"),
        (",2,2,3,1,10,no,yes,1", "id", "no id"),
        (GOOD + ",1", "", "10 cells under 9 columns"),
    ],
)
def test_a_bad_row_is_named_by_line_and_column_and_the_next_is_read(row, column, problem):
    (_, bad), (_, good) = read(HEADER, row, GOOD)

    assert isinstance(bad, BadRow)
    assert (bad.line, bad.column) == (2, column)
    assert problem in bad.problem
    assert isinstance(good, Pattern)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        (HEADER.replace(",WEAK", ""), "WEAK"),
        (HEADER.replace("id,", "name,"), "id"),
        (HEADER + ",weak", "WEAK"),
    ],
)
def test_a_header_that_lacks_or_doubles_a_column_is_refused(header, column):
    with pytest.raises(BadRow) as refused:
        read(header, GOOD)

    assert (refused.value.line, refused.value.column) == (1, column)


def test_steps_are_numbered_and_their_estimates_have_twelve_decimals():
    ((_, person),) = read(HEADER, GOOD)
    rules = stopping.NAMED["standard"]._replace(max_items=4, stop_se_t=0.0)

    found = list(traces.steps(BANK, rules, person))

    assert [row[:2] for row in found] == [["7", str(step)] for step in (1, 2, 3, 4)]
    assert found[0][2:4] == ["REVERSED", "3"]
    assert all(len(cell.partition(".")[2]) == 12 for row in found for cell in row[4:])


def test_a_skipped_first_item_leaves_the_prior_and_no_minus_zero():
    ((_, person),) = read(HEADER, "7,2,2,,1,10,no,yes,1")

    first = next(traces.steps(BANK, stopping.NAMED["standard"], person))

    assert first[2:5] == ["REVERSED", "", "0.000000000000"]


def test_people_become_rows_of_categories():
    people = [person for _, person in read(HEADER, GOOD, "8,1,1,1,1,1,no,no,")]

    found = traces.categories(BANK, people)

    assert (found == np.array([[1, 1, 1, 0, 2, 0, 1, 0], [0, 0, 3, 0, 0, 0, 0, -1]])).all()
