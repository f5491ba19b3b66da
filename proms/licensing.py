"""Licences: what a version needs, whether it has it today, and licensed wording taken in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.db import transaction

from proms import adopting
from proms.instruments import documents, library, wordings
from proms.instruments.definition import Definition
from proms.instruments.definition import Licence as Terms
from proms.models import Instrument, InstrumentVersion, Licence, Mode

Scope = Licence.Scope


class Need(NamedTuple):
    """One thing that asking a version takes leave for."""

    instrument: int
    name: str
    scope: Scope
    language: str
    mode: str
    parameter_set: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.scope} ({self.language}, {self.mode})"


@dataclass(frozen=True)
class Grant:
    """A licence as it was given: its number, its last day, and what it covers."""

    reference: str
    until: date | None = None
    # None: everything that the instrument needs.
    scopes: tuple[Scope, ...] | None = None


class NothingToLicense(Exception):
    """The instrument's words are our own: there are none to import."""


def import_wording(
    code: str, content: bytes, *, language: str, mode: Mode, grant: Grant
) -> InstrumentVersion:
    """Store the official words of an instrument in a language and mode, with their licence.

    The structure is the library's; the version is the structure's with a number of its own. The
    same words again give the same version.

    :raises library.UnknownInstrument: if the library has none such.
    :raises NothingToLicense: if the instrument's words are our own.
    :raises InvalidFile: if the file is no table.
    :raises InvalidWording: naming the line and column of every fault; nothing is stored.
    """
    definition = preview(code, content, language=language, mode=mode, grant=grant)
    with transaction.atomic():
        instrument, _ = Instrument.objects.get_or_create(
            code=definition.code, defaults={"name": definition.name}
        )
        # Two imports at once get two numbers.
        Instrument.objects.select_for_update().get(pk=instrument.pk)
        version = _stored(instrument, definition, language, mode)
        _grant(version, grant)
    return version


def preview(code: str, content: bytes, *, language: str, mode: Mode, grant: Grant) -> Definition:
    """Return the definition that `import_wording` would store, but for its number."""
    structure = library.get(code)
    if not structure.demonstration:
        raise NothingToLicense(structure.name)
    licence = Terms(
        holder=structure.licence.holder,
        wording="official",
        terms=f"Licence {grant.reference}",
        reference=grant.reference,
        until=grant.until.isoformat() if grant.until else "",
    )
    return wordings.worded(
        structure, content, language=language, licence=licence, version=structure.version
    )


def _stored(
    instrument: Instrument, definition: Definition, language: str, mode: Mode
) -> InstrumentVersion:
    earlier = list(instrument.versions.filter(language=language, mode=mode, is_demonstration=False))
    for version in earlier:
        # A licence renewed is no other wording: the licence's row has the new last day.
        agreed = replace(definition.licence, until=adopting.definition_of(version).licence.until)
        same = replace(definition, version=version.version, licence=agreed)
        if version.sha256 == adopting.sha256(documents.write(same)):
            return version
    numbered = replace(definition, version=f"{definition.version}-{len(earlier) + 1}")
    return adopting.store(numbered, language=language, mode=mode)


def _grant(version: InstrumentVersion, grant: Grant) -> None:
    for need in needs(version):
        if grant.scopes is None or need.scope in grant.scopes:
            Licence.objects.update_or_create(
                instrument=version.instrument,
                scope=need.scope,
                language=need.language,
                mode=need.mode,
                parameter_set=need.parameter_set,
                reference=grant.reference,
                defaults={"until": grant.until},
            )


def needs(version: InstrumentVersion) -> list[Need]:
    """Return what asking a version takes leave for; our own words and demonstrations, nothing."""
    definition = adopting.definition_of(version)
    if definition.licence.wording != "official":
        return []
    use = Need(
        version.instrument_id, definition.name, Scope.WORDING, version.language, version.mode
    )
    found = [use, use._replace(scope=Scope.ELECTRONIC)]
    if definition.bank:
        set_id, _ = definition.bank.parameters(version.language)
        found.append(use._replace(scope=Scope.PARAMETERS, parameter_set=set_id))
    if definition.adaptive:
        found.append(use._replace(scope=Scope.CAT))
    return found


def lacking(wanted: Iterable[Need], *, today: date) -> list[Need]:
    """Return those needs that no licence in force covers today."""
    wanted = list(wanted)
    if not wanted:
        return []
    instruments = {need.instrument for need in wanted}
    held = list(Licence.objects.filter(instrument__in=instruments).in_force(today))
    return [need for need in wanted if not any(_covers(each, need) for each in held)]


def _covers(licence: Licence, need: Need) -> bool:
    return (
        licence.instrument_id == need.instrument
        and licence.scope == need.scope
        and licence.language in ("", need.language)
        and licence.mode in ("", need.mode)
        and licence.parameter_set in ("", need.parameter_set)
    )


def version_to_ask(
    instrument: Instrument, *, language: str, today: date, mode: Mode = Mode.SELF
) -> InstrumentVersion:
    """Return the version to ask in a language: licensed words, else what the library has.

    The newest licensed one whose licence is in force goes first, then the newest licensed one of
    all, so that a lapsed licence is told and not passed over.

    :raises library.UnknownInstrument: if neither the database nor the library has any.
    """
    of_language = instrument.versions.filter(language=language, mode=mode)
    stored = list(of_language.select_related("instrument").order_by("-pk"))
    ours = [version for version in stored if not version.is_demonstration]
    if ours:
        return next((each for each in ours if not lacking(needs(each), today=today)), ours[0])
    if stored and instrument.code not in library.codes():
        return stored[0]
    return adopting.adopt(instrument.code, language=language, mode=mode)
