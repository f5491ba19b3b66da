from dataclasses import replace

import pytest

from proms.instruments import exchange, library, wordings
from proms.instruments.definition import Licence
from proms.instruments.incoming import InvalidFile
from proms.instruments.wordings import InvalidWording

EQ5D = library.get("eq5d-5l")
LICENCE = Licence(holder="Holder", wording="official", reference="EQ 1", until="2027-12-31")


def lines():
    """A row for every text that must be there, invented."""
    needed = [place for place, must in wordings.places(EQ5D).items() if must]
    return [(item, option, part, f"{item} {option} {part}") for item, option, part in needed]


def table(rows):
    return "\n".join(["item,option,part,text", *map(",".join, rows)]).encode()


def worded(rows):
    return wordings.worded(EQ5D, table(rows), language="sv", licence=LICENCE, version="1.0-1")


def refused(rows):
    with pytest.raises(InvalidWording) as error:
        worded(rows)
    return [str(problem) for problem in error.value.problems]


def test_the_words_are_the_files_and_the_licence_goes_with_them():
    definition = worded(lines())

    assert definition.items_by_code["MO"].text == {"sv": "MO  text"}
    assert definition.items_by_code["MO"].options_by_code["3"].text == {"sv": "MO 3 text"}
    assert definition.items_by_code["VAS"].number.high_text == {"sv": "VAS  high"}
    assert (definition.licence, definition.languages) == (LICENCE, ("sv",))
    assert not definition.demonstration


def test_codes_structure_and_scoring_are_locked():
    definition = worded(lines())

    assert exchange.structure(definition) == exchange.structure(EQ5D)
    assert definition.scales == EQ5D.scales


def test_no_word_of_the_demonstrations_questions_stays():
    definition = worded(lines())

    assert definition.introduction == {}
    assert definition.items_by_code["VAS"].instructions == ()
    assert {text for section in definition.sections for text in section.title.values()} == set()


def test_points_beside_a_question_come_in_their_order():
    rows = [*lines(), ("VAS", "", "instruction 2", "b"), ("VAS", "", "instruction 1", "a")]

    assert worded(rows).items_by_code["VAS"].instructions == ({"sv": "a"}, {"sv": "b"})


def test_an_option_without_an_item_stands_for_all_that_have_it():
    rows = [row for row in lines() if row[1] != "3"]

    definition = worded([*rows, ("", "3", "", "some")])
    assert definition.items_by_code["UA"].options_by_code["3"].text == {"sv": "some"}


def test_every_fault_is_told_at_once_by_line_and_column():
    rows = [*lines()[1:], ("XX", "", "", "?"), ("MO", "9", "", "?"), lines()[1], ("SC", "", "", "")]

    assert refused(rows) == [
        "line 34, column 1: there is no item XX.",
        "line 35, column 2: MO has no option 9.",
        "line 36, column 1: item MO, option 1 stands twice. Keep one.",
        "line 37, column 1: item SC stands twice. Keep one.",
        "column text: item MO is missing. Add a row for it.",
    ]


def test_an_empty_text_is_told_once():
    rows = [(*row[:3], "") if row[:2] == ("AD", "2") else row for row in lines()]

    (problem,) = refused(rows)
    assert problem.startswith("line 28, column 4: item AD, option 2 has no text")


def test_a_missing_option_is_told():
    rows = [row for row in lines() if row[:2] != ("PD", "4")]

    assert refused(rows) == ["column text: item PD, option 4 is missing. Add a row for it."]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "there is no table"),
        (b"item,text\n", "no row has a text"),
        (b"question,answer\na,b\n", "line 1: there is no column item"),
        (b"item,text,price\nMO,a,b\n", "no column is called price"),
        ("item,text\nMO,å\n".encode("latin-1"), "line 2, byte 4: not UTF-8"),
    ],
)
def test_what_is_no_table_of_words_is_refused(content, problem):
    with pytest.raises(InvalidFile, match=problem):
        wordings.read(EQ5D, content, language="sv")


def test_the_table_to_fill_in_has_a_row_for_every_text():
    form = wordings.template(EQ5D, language="sv").decode("utf-8-sig")
    filled = [
        f"{line.rpartition(',,')[0]},words" for line in form.splitlines()[1:] if '"' not in line
    ]

    assert form.splitlines()[0] == "item,option,part,text,demonstration"
    assert len(filled) >= 31
    assert "Hur lätt tar du dig" in form


def test_every_demonstration_of_the_library_can_be_worded():
    for code in library.codes():
        definition = library.get(code)
        if definition.demonstration:
            texts = {place: "x" for place, must in wordings.places(definition).items() if must}
            content = table([(*place, text) for place, text in texts.items()])
            made = wordings.worded(
                definition, content, language="fi", licence=LICENCE, version="1.0-1"
            )
            assert exchange.structure(made) == exchange.structure(
                replace(definition, version="1.0-1")
            )
