"""Take instruments of the library into the database, version by version, each hashed."""

import hashlib
import json
from datetime import datetime

from django.db import transaction

from proms.instruments import documents, library
from proms.instruments.definition import Definition
from proms.models import Instrument, InstrumentVersion, Mode

_definitions: dict[str, Definition] = {}


@transaction.atomic
def adopt(
    code: str, *, language: str, version: str | None = None, mode: Mode = Mode.SELF
) -> InstrumentVersion:
    """Return the version in that language and mode, stored at its first adoption.

    :raises library.UnknownInstrument: if the library has none such.
    """
    definition = library.get(code, version)
    document = documents.write(definition)
    instrument, _ = Instrument.objects.get_or_create(
        code=definition.code, defaults={"name": definition.name}
    )
    stored, _ = InstrumentVersion.objects.get_or_create(
        instrument=instrument,
        version=definition.version,
        language=language,
        mode=mode,
        defaults={
            "definition": document,
            "sha256": _sha256(document),
            "is_demonstration": definition.demonstration,
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


def _sha256(document: dict[str, object]) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
