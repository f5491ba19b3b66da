"""What changed between two versions of an instrument, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proms.instruments import exchange
from proms.instruments.definition import Definition

_LONGEST = 600
_FIELDS = {
    "text": gettext_lazy("text"),
    "title": gettext_lazy("short name"),
    "instructions": gettext_lazy("points beside the question"),
    "options": gettext_lazy("answers"),
    "number": gettext_lazy("range"),
    "kind": gettext_lazy("kind of question"),
    "section": gettext_lazy("section"),
    "show_if": gettext_lazy("shows if"),
    "score": gettext_lazy("score"),
    "items": gettext_lazy("questions"),
    "scales": gettext_lazy("scales"),
    "introduction": gettext_lazy("introduction"),
    "sections": gettext_lazy("sections"),
    "licence": gettext_lazy("licence"),
    "languages": gettext_lazy("languages"),
    "version": gettext_lazy("version"),
}


@dataclass(frozen=True)
class Change:
    """One part that differs: where, before and after."""

    place: str
    before: str
    after: str


def changes(old: Definition, new: Definition) -> list[Change]:
    """Return every part that differs, in the order of the new version."""
    before, after = exchange.parts(old), exchange.parts(new)
    return [
        Change(_place(path), _words(before.get(path)), _words(after.get(path)))
        for path in dict.fromkeys([*after, *before])
        if before.get(path) != after.get(path)
    ]


def _place(path: str) -> str:
    """Return a path in words: items/MO/options/3/text is `MO, option 3: text`."""
    parts = path.split("/")
    if parts[0] != "items" or len(parts) < 3:
        return " ".join([_field(parts[0]), *parts[1:]])
    if len(parts) == 5:
        said = {"item": parts[1], "option": parts[3], "field": _field(parts[4])}
        return _("%(item)s, option %(option)s: %(field)s") % said
    return f"{parts[1]}: {_field(parts[2])}"


def _field(name: str) -> str:
    return str(_FIELDS.get(name, name))


def _words(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        said = "; ".join(f"{name}: {_words(part)}" for name, part in value.items())
    elif isinstance(value, list):
        said = ", ".join(map(_words, value))
    else:
        said = str(value)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]} …"
