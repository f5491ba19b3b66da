import pytest

from proms.instruments import parsing
from proms.instruments.incoming import InvalidFile
from proms.instruments.sheets import reading

OWN = {"code": "visit", "version": "1", "name": "Efter besöket", "licence.holder": "Kliniken"}
OWN |= {"licence.wording": "own"}


def refused(text):
    with pytest.raises(InvalidFile) as error:
        reading.read(text.encode(), **OWN)
    return str(error.value)


def test_the_table_that_staff_have_is_read_as_it_is():
    table = 'Fråga;Svarsalternativ\nHur mår du?;"Bra\nSådär\nDåligt"\nNågot mer?;\n'
    table = table.replace("Fråga;", "Kod;Fråga;").replace("\nHur", "\nQ1;Hur")
    definition = reading.read(table.replace("\nNågot", "\nQ2;Något").encode(), **OWN)

    first, second = definition.items
    assert [(option.code, option.text["sv"]) for option in first.options] == [
        ("1", "Bra"),
        ("2", "Sådär"),
        ("3", "Dåligt"),
    ]
    assert (first.kind, second.kind) == ("single", "text")
    assert (definition.code, definition.languages) == ("visit", ("sv",))


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("", "file: there is no table"),
        ("kind,code\n", "no row is an item"),
        ("kind,code,colour\nsingle,A,red\n", "line 2, column 3: no column is called colour"),
        ("kind,kind\n", "line 1, column 2: the column kind stands twice"),
        ("kind,code\nslider,A\n", "line 2, column 1: there is no kind slider"),
        ("code,text:sv,min\nA,Hur?,'1,5'\n", "line 2"),
        ('code,kind,text:sv,minimum\nA,number,Hur?,"1,5"\n', "column 4: 1,5 is not a num"),
        ("code,kind,text:sv,show_if\nA,text,Hur?,B > 3\n", "line 2, column 4: B > 3 is not"),
        ('code,text:sv,options:sv\nA,Hur?,"1 = Ja\n1 = Nej"\n', "column 3: the option 1 stands tw"),
        ("code,text:sv,options:sv,scores\nA,Hur?,1 = Ja,2 = 5\n", "column 4: there is no option 2"),
        ("code,text:sv\nA,=1+1\n", "line 2, column 2: a formula"),
        ('code,text:sv\nA,"open\n', "line 2: unexpected end of data"),
        ("code,text:sv\nA,Hur?,extra\n", "line 2, column 3: a cell outside the columns"),
    ],
)
def test_a_fault_is_told_by_line_and_column(table, problem):
    assert problem in refused(table)


def test_two_items_of_one_code_are_refused():
    with pytest.raises(parsing.InvalidDefinition, match="A stands here twice"):
        reading.read(b"code,text:sv\nA,Hur?\nA,Var?\n", **OWN)
