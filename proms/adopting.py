"""Take instruments into the database, version by version, each hashed."""

import hashlib
import json
from datetime import date, datetime

from django.db import transaction

from proms.instruments import documents, library
from proms.instruments.definition import Definition
from proms.models import Instrument, InstrumentVersion, Mode

_definitions: dict[str, Definition] = {}


class NotTaken(Exception):
    """A definition that cannot be stored; the text says why, and what mends it."""


@transaction.atomic
def adopt(
    code: str, *, language: str, version: str | None = None, mode: Mode = Mode.SELF
) -> InstrumentVersion:
    """Return the version in that language and mode, stored at its first adoption.

    :raises library.UnknownInstrument: if the library has none such.
    """
    return store(library.get(code, version), language=language, mode=mode)


@transaction.atomic
def take_in(definition: Definition) -> list[InstrumentVersion]:
    """Store an instrument from outside in each of its languages, for whoever answers themselves.

    Storing the same again changes nothing.

    :raises NotTaken: if the code is the library's, or the version is there and differs.
    """
    if definition.code in library.codes():
        raise NotTaken(
            f"{definition.code} is an instrument of the library: import its licensed wording, or "
            "give yours another code."
        )
    stored = [store(definition, language=each, mode=Mode.SELF) for each in definition.languages]
    for version in stored:
        if version.sha256 != sha256(documents.write(definition)):
            raise NotTaken(f"{version} is there and differs: give yours a new version.")
    return stored


def store(definition: Definition, *, language: str, mode: Mode) -> InstrumentVersion:
    """Return the row of a definition in that language and mode, made unless it is there."""
    document = documents.write(definition)
    instrument, _ = Instrument.objects.get_or_create(
        code=definition.code, defaults={"name": definition.name}
    )
    until = definition.licence.until
    stored, _ = InstrumentVersion.objects.get_or_create(
        instrument=instrument,
        version=definition.version,
        language=language,
        mode=mode,
        defaults={
            "definition": document,
            "sha256": sha256(document),
            "is_demonstration": definition.demonstration,
            "licence_reference": definition.licence.reference,
            "licence_until": date.fromisoformat(until) if until else None,
        },
    )
    return stored


def mark_used(version: InstrumentVersion, *, now: datetime) -> None:
    """Note the first use; from then on the database lets nothing of it change."""
    InstrumentVersion.objects.filter(pk=version.pk, used_at=None).update(used_at=now)


def definition_of(version: InstrumentVersion) -> Definition:
    """Return the stored definition, read once per process and version."""
    if version.sha256 not in _definitions:
        _definitions[version.sha256] = documents.read(version.definition)
    return _definitions[version.sha256]


def sha256(document: dict[str, object]) -> str:
    """Return the hash of a definition's document, whatever the order of its keys."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
