"""The formats that instruments come and go in, by name."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from proms.instruments import documents, parsing, wordings
from proms.instruments.definition import Definition
from proms.instruments.exchange import Exported
from proms.instruments.fhir import reading as fhir_reading
from proms.instruments.fhir import writing as fhir_writing
from proms.instruments.redcap import reading as redcap_reading
from proms.instruments.redcap import writing as redcap_writing
from proms.instruments.sheets import reading as sheet_reading
from proms.instruments.sheets import writing as sheet_writing


@dataclass(frozen=True)
class Format:
    """How a format is written in a language, and read with what its files may lack."""

    ending: str
    write: Callable[[Definition, str], Exported]
    read: Callable[..., Definition] | None = None


def _json(definition: Definition, _language: str) -> Exported:
    text = json.dumps(documents.write(definition), ensure_ascii=False, indent=1)
    return Exported(text.encode(), ())


def _wording(definition: Definition, language: str) -> Exported:
    return Exported(wordings.template(definition, language=language), ())


def _read_json(content: bytes, **_whole: str) -> Definition:
    return parsing.parse(content)


def _read_redcap(content: bytes, **whole: str) -> Definition:
    return redcap_reading.read(content, **{"language": "sv", **whole})


def _read_table(content: bytes, **whole: str) -> Definition:
    """Read a table, which may lack its instrument row: what is said of the whole stands in."""
    plain = {name: whole[name] for name in ("code", "name", "version") if whole.get(name)}
    licence = {f"licence.{name}": whole.get(name) or "" for name in ("holder", "wording")}
    said = {"licence.holder": "not stated", "licence.wording": "demonstration", "version": "1"}
    return sheet_reading.read(content, **said | {k: v for k, v in licence.items() if v} | plain)


def _plain(write: Callable[[Definition], Exported], definition: Definition, _: str) -> Exported:
    return write(definition)


FORMATS: Mapping[str, Format] = {
    "json": Format("json", _json, _read_json),
    "fhir": Format("json", partial(_plain, fhir_writing.questionnaire), fhir_reading.questionnaire),
    "redcap": Format(
        "csv",
        lambda definition, language: redcap_writing.dictionary(definition, language=language),
        _read_redcap,
    ),
    "csv": Format("csv", partial(_plain, sheet_writing.csv), _read_table),
    "xlsx": Format("xlsx", partial(_plain, sheet_writing.excel), _read_table),
    # The table that licensed words are filled in; `import-text` reads it.
    "wording": Format("csv", _wording),
}
READABLE = tuple(name for name, each in FORMATS.items() if each.read)


def read(content: bytes, form: str, **whole: str) -> Definition:
    """Return the definition in a file of a named format; `whole` says what its file may lack.

    :raises InvalidFile: naming the place in the file.
    :raises parsing.InvalidDefinition: naming the JSON path, where the parts contradict.
    """
    chosen = FORMATS[form].read
    assert chosen is not None
    return chosen(content, **whole)
