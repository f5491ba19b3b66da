import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.instruments import library
from proms.scoring import batch, rows
from proms.scoring.scores import CannotScore

EQ5D = library.get("eq5d-5l")


def run(definition, text, **options):
    task = batch.task(definition, **options)
    found = [row for _, row in batch.scored(task, rows.read(io.BytesIO(text.encode())))]
    header = found[0]
    good = [dict(zip(header, row, strict=True)) for row in found[1:] if isinstance(row, list)]
    return good, [str(row) for row in found[1:] if isinstance(row, rows.BadRow)]


def test_items_in_columns_are_scored_and_other_columns_pass_through():
    ((row,), bad) = run(EQ5D, "id,MO,SC,UA,PD,AD,VAS\nann,1,2,3,4,5,77\n")

    assert not bad
    assert row["id"] == "ann"
    assert (row["profile"], row["index"], row["vas"]) == ("12345", "0.4972", "77")


def test_a_state_stands_for_its_five_answers():
    ((row,), _) = run(EQ5D, "state\n12345\n")

    assert (row["profile"], row["lss"], row["index"]) == ("12345", "15", "0.4972")


def test_an_absent_column_and_an_empty_cell_are_missing_answers():
    (good, bad) = run(EQ5D, "MO,SC,UA,PD\n1,1,1,1\n,,,\n")

    assert not bad
    assert [row["index"] for row in good] == ["", ""]


def test_a_row_that_ends_early_lacks_its_last_answers():
    ((row,), bad) = run(EQ5D, "MO,SC,UA,PD,AD,VAS\n1,1,1,1,1\n")

    assert not bad
    assert (row["index"], row["vas"]) == ("0.9755", "")


def test_one_set_gives_a_column_index_and_several_a_column_each():
    one, _ = run(EQ5D, "state\n11111\n", value_sets=["5L-Sweden-2022-VT"])
    two, _ = run(EQ5D, "state\n11111\n", value_sets=["5l-sweden-2022-vt", "5l-sweden-2020-vt"])

    assert one[0]["index"] == "1"
    assert two[0]["index:5l-sweden-2022-vt"] == "1"
    assert two[0]["index:5l-sweden-2020-vt"] == "0.9755"


def test_a_set_named_twice_is_used_once():
    task = batch.task(EQ5D, value_sets=["5l-uk-vt", "5L-UK-VT"])

    assert task.value_sets == ("5l-uk-vt",)


def test_a_youth_profile_has_an_empty_index_without_a_set():
    ((row,), _) = run(library.get("eq5d-y-3l"), "state\n11111\n")

    assert row["index"] == ""


def test_a_short_form_gives_both_t_scores_and_the_error_of_one():
    task = batch.task(library.get("promis-anxiety-4a"))

    assert task.columns == ("t_sum", "t", "se")


def test_several_choices_are_written_with_spaces_between():
    text = "soreness,wound,aids\n8,no,cane walker\n8,no,cane none\n"

    good, bad = run(library.get("recovery-example"), text)

    assert good[0]["trouble"] == "4.5"
    assert bad == ["line 3, column aids: none cannot be chosen together with others"]


def test_an_option_written_as_a_decimal_number_is_that_option():
    ((row,), bad) = run(EQ5D, "MO,SC,UA,PD,AD\n1.0,2.0,3.0,4.0,5.0\n")

    assert not bad
    assert row["profile"] == "12345"


def test_good_rows_come_out_in_order_around_bad_ones():
    text = 'id,MO,SC,UA,PD,AD,VAS\n1,1,1,1,1,1,\n2,6,1,1,1,1,\n3,1,1,1,1,1,\n4,1,1,1,1,1,"7,5"\n'

    good, bad = run(EQ5D, text)

    assert [row["id"] for row in good] == ["1", "3"]
    assert bad == [
        "line 3, column MO: '6' is none of the options 1, 2, 3, 4, 5",
        "line 5, column VAS: '7,5' has a comma; decimals take a point",
    ]


@pytest.mark.parametrize("state", ["1111", "111111", "11161", "1111a", "0"])
def test_a_state_out_of_range_is_a_bad_row(state):
    good, bad = run(EQ5D, f"state\n{state}\n")

    assert not good
    assert "line 2, column state" in bad[0]


def test_a_row_longer_than_its_header_is_a_bad_row():
    _, bad = run(EQ5D, "state\n11111,5\n")

    assert bad == ["line 2: 2 cells under 1 columns"]


def test_text_that_is_not_utf8_names_its_column():
    content = io.BytesIO(b"name,state\nbj\xf6rn,11111\n")

    (_, (_, bad)) = batch.scored(batch.task(EQ5D), rows.read(content))

    assert str(bad) == "line 2, column name: not UTF-8; save the file as UTF-8"


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("", "line 1: the file is empty"),
        ("id,name", "line 1: no column is an item of eq5d-5l"),
        ("MO,MO", "line 1, column MO: the item has two columns"),
        ("MO,mo", "line 1, column MO: the item has two columns"),
        ("state,state", "line 1, column MO|state: the item has two columns"),
        ("state,MO", "line 1, column MO: the item has two columns"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(header, problem):
    with pytest.raises(rows.BadRow, match=problem):
        run(EQ5D, header)


def test_value_sets_are_refused_where_there_is_no_index():
    with pytest.raises(CannotScore, match="phq-9 has no index"):
        batch.task(library.get("phq-9"), value_sets=["5l-uk-vt"])


def test_a_language_that_the_instrument_lacks_is_refused():
    with pytest.raises(CannotScore, match="has no language fi"):
        batch.task(EQ5D, language="fi")


@given(st.lists(st.text("12345", min_size=5, max_size=5), min_size=1, max_size=10))
def test_every_row_in_is_a_row_out_in_order(states):
    good, bad = run(EQ5D, "state\n" + "\n".join(states))

    assert not bad
    assert [row["state"] for row in good] == [row["profile"] for row in good] == states
