"""Check that every text of ours has its Swedish."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po

from config.local.servers import ROOT

FOLDERS = ("config", "surveys", "proms", "notifications")
CATALOGUE = ROOT / "locale" / "sv" / "LC_MESSAGES" / "django.po"
_LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")}
KEYWORDS = DEFAULT_KEYWORDS | _LAZY | {"gettext_noop": None}


class Text(NamedTuple):
    """A text in the source that is to be translated."""

    place: str
    msgid: str
    context: str | None


def untranslated(catalogue: Catalog, texts: Iterator[Text]) -> list[str]:
    """Return a line for each text that the catalogue lacks, or has wrongly."""
    faults = [
        f"{text.place}: no Swedish for {text.msgid!r}"
        for text in texts
        if not _is_translated(catalogue.get(text.msgid, text.context))
    ]
    wrong = [f"{m.id!r}: {error}" for m, errors in catalogue.check() for error in errors]
    return [*faults, *wrong]


def texts() -> Iterator[Text]:
    """Find all texts in the code and the templates."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield from _texts(path, path.read_text())
            elif "templates" in path.parts and path.suffix in {".html", ".txt"}:
                yield from _texts(path, _as_python(path))


def _texts(path: Path, source: str) -> Iterator[Text]:
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    for line, message, _comments, context in found:
        msgid = message if isinstance(message, str) else message[0]
        yield Text(f"{path.relative_to(ROOT)}:{line}", msgid, context)


def _as_python(path: Path) -> str:
    from django.utils.translation.template import templatize

    # In brackets its odd indentation does not matter.
    return f"({templatize(path.read_text(), origin=str(path))}\n)"


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(forms)


def main() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="sv")
    if faults := untranslated(catalogue, texts()):
        raise SystemExit("\n".join(faults))
    sys.stdout.write("Every text has its Swedish.\n")


if __name__ == "__main__":
    main()
