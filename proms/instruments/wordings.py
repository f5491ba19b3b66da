"""Licensed wording into a shipped structure: texts from a table, everything else locked.

A row is one text: `item`, `option`, `part` (text where empty) and `text`. A row with an option but
no item stands for every item that has the option.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from proms.instruments import tables
from proms.instruments.definition import Definition, Licence, Recall
from proms.instruments.fields import Text
from proms.instruments.incoming import InvalidFile
from proms.instruments.items import Item, Number, Option, Section
from proms.instruments.tables import Row

COLUMNS = ("item", "option", "part", "text")
# Beside each text to fill in: what the demonstration says there; the import passes it over.
HINT = "demonstration"
MOST_INSTRUCTIONS = 20

# Item, option and part; empty where the place has none.
Place = tuple[str, str, str]


class InvalidWording(ValueError):
    """A file of wording that does not fit its structure: every fault, none of it taken."""

    def __init__(self, problems: Sequence[InvalidFile]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True)
class Wording:
    """Texts by place, in one language."""

    language: str
    texts: dict[Place, str]

    def at(self, item: str, option: str, part: str) -> Text:
        """Return the text of a place; an option's own text goes before the shared one."""
        shared = self.texts.get(("", option, part), "") if option else ""
        text = self.texts.get((item, option, part)) or shared
        return {self.language: text} if text else {}


def worded(
    definition: Definition, content: bytes, *, language: str, licence: Licence, version: str
) -> Definition:
    """Return a structure with the words of a file in place of its own.

    Codes, order, options, scales and scoring stay; of the demonstration's words only titles for
    tables and charts stay, which patients' questions do not show.

    :raises InvalidFile: if the file is no table.
    :raises InvalidWording: naming the line and column of every fault.
    """
    wording = read(definition, content, language=language)
    recall = definition.recall
    return replace(
        definition,
        version=version,
        languages=(language,),
        licence=licence,
        option_sets={},
        introduction=wording.at("", "", "introduction"),
        recall=recall and Recall(recall.period, wording.at("", "", "recall")),
        sections=tuple(_section(section, wording) for section in definition.sections),
        items=tuple(_item(item, wording) for item in definition.items),
    )


def read(definition: Definition, content: bytes, *, language: str) -> Wording:
    """Return the texts in a file, all of them for places that the structure has.

    :raises InvalidFile: if the file is no table.
    :raises InvalidWording: naming the line and column of every fault.
    """
    known = places(definition)
    texts: dict[Place, str] = {}
    problems: list[InvalidFile] = []
    rows = tables.read(content)
    _check_columns(rows)
    for row in rows:
        try:
            place = _place(row, known, texts)
        except InvalidFile as problem:
            problems.append(problem)
        else:
            texts[place] = row.get("text")
    wording = Wording(language, texts)
    if problems := problems + list(_missing(definition, wording)):
        raise InvalidWording(problems)
    return wording


def template(definition: Definition, *, language: str) -> bytes:
    """Return a table to fill in: a row per text, beside what the demonstration says."""
    said = _said(definition)
    rows = [
        dict(zip(("item", "option", "part"), place, strict=True))
        | {HINT: said.get(place, {}).get(language, "")}
        for place in places(definition)
        if place in said
    ]
    return tables.write_csv((*COLUMNS, HINT), rows)


def places(definition: Definition) -> dict[Place, bool]:
    """Return every place that a text may have, and whether it must have one."""
    found: dict[Place, bool] = {("", "", "introduction"): False, ("", "", "recall"): False}
    for section in definition.sections:
        found |= {(section.code, "", f"section {part}"): False for part in ("title", "text")}
    for item in definition.items:
        found |= {(item.code, "", "text"): True, (item.code, "", "title"): False}
        number = item.number or Number()
        ends = {"unit": number.unit, "low": number.low_text, "high": number.high_text}
        found |= {(item.code, "", part): True for part, text in ends.items() if text}
        for count in range(1, MOST_INSTRUCTIONS + 1):
            found[item.code, "", f"instruction {count}"] = False
        found |= {(item.code, option.code, "text"): True for option in item.options}
    return found


def _said(definition: Definition) -> dict[Place, Text]:
    """Return what the structure's own words say, by place."""
    said: dict[Place, Text] = {("", "", "introduction"): definition.introduction}
    if definition.recall:
        said["", "", "recall"] = definition.recall.text
    for section in definition.sections:
        said[section.code, "", "section title"] = section.title
        if section.introduction:
            said[section.code, "", "section text"] = section.introduction
    for item in definition.items:
        said |= dict(_said_by(item))
    return said


def _said_by(item: Item) -> Iterator[tuple[Place, Text]]:
    yield (item.code, "", "text"), item.text
    for count, text in enumerate(item.instructions, start=1):
        yield (item.code, "", f"instruction {count}"), text
    number = item.number or Number()
    for part, text in (("unit", number.unit), ("low", number.low_text), ("high", number.high_text)):
        if text:
            yield (item.code, "", part), text
    for option in item.options:
        yield (item.code, option.code, "text"), option.text


def _check_columns(rows: Sequence[Row]) -> None:
    if not rows:
        raise InvalidFile("line 2", "no row has a text", "Export the table and fill it in")
    for name in ("item", "text"):
        if name not in rows[0].cells:
            raise InvalidFile("line 1", f"there is no column {name}", f"Name {', '.join(COLUMNS)}")
    for name in rows[0].cells:
        if name not in (*COLUMNS, HINT):
            problem = f"no column is called {name[:60]}"
            raise InvalidFile("line 1", problem, f"The columns are {', '.join(COLUMNS)}")


def _place(row: Row, known: dict[Place, bool], texts: dict[Place, str]) -> Place:
    """Return the place that a row's text is for.

    :raises InvalidFile: if there is none such, or it has a text already, or the text is empty.
    """
    item, option = row.get("item"), row.get("option")
    place = item, option, row.get("part").lower() or "text"
    codes = {each for each, _, _ in known}
    if item not in codes:
        raise row.refuse("item", f"there is no item {item[:60]}")
    if option and not item and not any(each[1:] == place[1:] for each in known):
        raise row.refuse("option", f"no item has the option {option[:60]}")
    if item and option and (item, option, "text") not in known:
        raise row.refuse("option", f"{item} has no option {option[:60]}")
    if place not in known and not (option and not item):
        raise row.refuse("part", f"there is no part {place[2][:60]} here")
    if place in texts:
        raise row.refuse("item", f"{_named(place)} stands twice", "Keep one")
    if not row.get("text"):
        texts[place] = ""
        raise row.refuse("text", f"{_named(place)} has no text", "Write it, or leave the row out")
    return place


def _missing(definition: Definition, wording: Wording) -> Iterator[InvalidFile]:
    """Return what must have a text and has none; a row with an empty one was told before."""
    for place, needed in places(definition).items():
        if needed and not wording.at(*place) and place not in wording.texts:
            yield InvalidFile("column text", f"{_named(place)} is missing", "Add a row for it")


def _named(place: Place) -> str:
    item, option, part = place
    words = [f"item {item}" if item else "", f"option {option}" if option else ""]
    words.append(part if part != "text" else "")
    return ", ".join(filter(None, words))


def _section(section: Section, wording: Wording) -> Section:
    return replace(
        section,
        title=wording.at(section.code, "", "section title"),
        introduction=wording.at(section.code, "", "section text"),
    )


def _item(item: Item, wording: Wording) -> Item:
    told = [
        wording.at(item.code, "", f"instruction {count}")
        for count in range(1, MOST_INSTRUCTIONS + 1)
    ]
    number = item.number
    return replace(
        item,
        text=wording.at(item.code, "", "text"),
        title=wording.at(item.code, "", "title") or item.title,
        instructions=tuple(text for text in told if text),
        option_set="",
        options=tuple(_option(item, option, wording) for option in item.options),
        number=number and _number(item, number, wording),
    )


def _number(item: Item, number: Number, wording: Wording) -> Number:
    return replace(
        number,
        unit=wording.at(item.code, "", "unit"),
        low_text=wording.at(item.code, "", "low"),
        high_text=wording.at(item.code, "", "high"),
    )


def _option(item: Item, option: Option, wording: Wording) -> Option:
    return replace(option, text=wording.at(item.code, option.code, "text"))
