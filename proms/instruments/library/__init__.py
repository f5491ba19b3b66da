"""The shipped instruments: one JSON file each; short forms come from their bank's file."""

import json
from functools import cache
from pathlib import Path

from proms.instruments import documents, short_forms
from proms.instruments.definition import Definition

FOLDER = Path(__file__).parent


class UnknownInstrument(Exception):
    """No shipped instrument has this code, or not in this version."""


def codes() -> tuple[str, ...]:
    """Return the codes of all shipped instruments, in alphabetical order."""
    return tuple(sorted(_places()))


def get(code: str, version: str | None = None) -> Definition:
    """Return an instrument, its code matched without regard to case and hyphens.

    :raises UnknownInstrument: if the library has no such instrument or version.
    """
    place = {_plain(known): where for known, where in _places().items()}.get(_plain(code))
    if place is None:
        raise UnknownInstrument(code)
    definition = _load(*place)
    if version not in (None, definition.version):
        raise UnknownInstrument(f"{code} version {version}")
    return definition


def _plain(code: str) -> str:
    return code.lower().replace("-", "")


@cache
def _places() -> dict[str, tuple[str, str]]:
    """Return where each code is found: the file, and the suffix of a short form."""
    places = {}
    for path in FOLDER.glob("*.json"):
        places[path.stem] = (path.name, "")
        forms = json.loads(path.read_bytes()).get("bank", {}).get("short_forms", {})
        places |= {f"{path.stem}-{suffix}": (path.name, suffix) for suffix in forms}
    return places


@cache
def _load(file: str, suffix: str) -> Definition:
    if suffix:
        return short_forms.short_form(_load(file, ""), suffix)
    return documents.read(json.loads((FOLDER / file).read_bytes()))
