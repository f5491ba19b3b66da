import csv
import io

import pytest

from proms.instruments.incoming import InvalidFile
from proms.instruments.redcap import columns, reading


def dictionary(*rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns.HEADINGS)
    writer.writeheader()
    for row in rows:
        full = {columns.FORM: "visit", columns.LABEL: "Hur mår du?", columns.TYPE: "text"}
        writer.writerow(full | row)
    return out.getvalue().encode()


def read(*rows):
    return reading.read(dictionary(*rows), language="sv")


def refused(*rows):
    with pytest.raises(InvalidFile) as error:
        read(*rows)
    return str(error.value)


def choice(**fields):
    return {columns.FIELD: "ok", columns.TYPE: "radio", columns.CHOICES: "1, Ja | 2, Nej"} | fields


def test_a_dictionary_is_read_and_its_numbers_are_scores():
    definition = read(choice(), {columns.FIELD: "why", columns.BRANCHING: "[ok] = '2'"})

    assert definition.code == "visit"
    assert [option.score for option in definition.items[0].options] == [1, 2]
    assert definition.items[1].show_if[0].value == "2"


def test_yes_and_no_are_said_in_the_language():
    (item,) = read({columns.FIELD: "ok", columns.TYPE: "yesno"}).items

    assert [(option.code, option.text["sv"]) for option in item.options] == [
        ("1", "Ja"),
        ("0", "Nej"),
    ]


def test_a_test_of_one_checkbox_is_read():
    boxes = choice(**{columns.TYPE: "checkbox"})
    definition = read(boxes, {columns.FIELD: "why", columns.BRANCHING: "[ok(2)] = '0'"})

    (condition,) = definition.items[1].show_if
    assert (condition.operator, condition.value) == ("is_not", "2")


def test_text_that_is_only_shown_is_passed_over():
    assert len(read({columns.FIELD: "hello", columns.TYPE: "descriptive"}, choice()).items) == 1


def test_faults_name_line_and_column():
    assert "line 2, column 4: a field of type calc cannot be asked" in refused(
        {columns.FIELD: "sum", columns.TYPE: "calc"}
    )
    assert "line 2, column 6: 'Ja' is not `code, text`" in refused(
        choice(**{columns.CHOICES: "Ja"})
    )
    assert "line 2, column 9: 1,5 is not a number" in refused(
        {columns.FIELD: "x", columns.VALIDATION: "number", columns.LOWEST: "1,5"}
    )


@pytest.mark.parametrize(
    ("logic", "problem"),
    [
        ("[ok] = '1' and [ok] = '2' or [ok] = '1'", "`and` and `or` in one condition"),
        ("datediff([a], 'today', 'd') > 3", "cannot be read"),
        ("[nobody] = '1'", "there is no field nobody"),
        ("[ok] = '1" + " " * 30_000 + "x", "cannot be read"),
    ],
)
def test_branching_that_cannot_be_asked_is_named(logic, problem):
    found = refused(choice(), {columns.FIELD: "why", columns.BRANCHING: logic})

    assert "line 3, column 12" in found
    assert problem in found


def test_a_table_that_is_no_dictionary_is_told():
    with pytest.raises(InvalidFile, match="there is no column Variable / Field Name"):
        reading.read(b"a,b\n1,2\n", language="sv")


def test_an_empty_dictionary_is_told():
    with pytest.raises(InvalidFile, match="no row is a field"):
        reading.read(dictionary(), language="sv")
