"""The columns of the table of items, and what stands for what in it.

A row is the instrument, a section or an item, as its `kind` says. Texts have a column per
language (`text:sv`); lists stand one to a line inside the cell (`1 = Never`).
"""

from collections.abc import Iterable

INSTRUMENT, SECTION = "instrument", "section"
KINDS = ("single", "multiple", "number", "text", "vas", "date")
# Columns with one text per language.
SPOKEN = ("text", "title", "instructions", "options", "unit", "low_text", "high_text")
PLAIN = (
    "scores",
    "exclusive",
    "not_applicable",
    "option_set",
    "minimum",
    "maximum",
    "decimals",
    "recode",
    "max_length",
    "skip",
    "show_if",
    "show_when",
    "details",
)
HEADINGS = ("kind", "code", "section")
# What staff call the columns when they write a table of their own.
ALIASES = {
    "kod": "code",
    "typ": "kind",
    "type": "kind",
    "avsnitt": "section",
    "fråga": "text:sv",
    "question": "text:en",
    "svarsalternativ": "options:sv",
    "svar": "options:sv",
    "answers": "options:en",
    "options": "options:en",
    "poäng": "scores",
    "min": "minimum",
    "max": "maximum",
    "enhet": "unit:sv",
}


def unique(languages: Iterable[str]) -> list[str]:
    """Return each once, in the order met."""
    return list(dict.fromkeys(languages))
