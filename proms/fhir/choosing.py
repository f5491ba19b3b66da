"""Which words an instrument is asked in over FHIR: licensed ones, or a demonstration's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from proms import adopting, licensing
from proms.instruments import library
from proms.instruments.definition import Definition
from proms.models import InstrumentVersion, Mode
from proms.problems import Problem

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Wanted:
    """The adaptive test that a sender means; `place` is where the resource says so.

    Empty: the version asked now, the service's own language, the bank's own rules.
    """

    code: str
    version: str = ""
    language: str = ""
    rule: str = ""
    place: str = ""

    def refused(self, detail: str, status_code: int = 422) -> Problem:
        """Return the problem of a test that cannot be asked."""
        return Problem(detail, field=self.place, status_code=status_code)


def definition_to_ask(wanted: Wanted, *, today: date) -> Definition:
    """Return the adaptive instrument in the words that may be asked today; nothing is stored.

    :raises Problem: if there is none such, it is not adaptive, or no licence covers it.
    """
    structure = _structure(wanted)
    if not structure.adaptive:
        raise wanted.refused(f"{structure.code} is not adaptive: it has no next question.")
    language = language_of(wanted)
    spoken: list[Definition] = []
    if _LANGUAGE.fullmatch(language):
        offered = _offered(wanted, structure, language, today=today)
        spoken = [each for each in offered if language in each.languages]
    if not spoken:
        raise wanted.refused(f"{structure.code} is not asked in the language {language[:20]}.")
    return _of_version(wanted, spoken)


def language_of(wanted: Wanted) -> str:
    """Return the language that a test is taken in: the service's own where none is named."""
    return wanted.language or settings.LANGUAGE_CODE


def _structure(wanted: Wanted) -> Definition:
    """Return any version of the instrument."""
    if _CODE.fullmatch(wanted.code):
        try:
            return library.get(wanted.code)
        except library.UnknownInstrument:
            pass
        taken_in = InstrumentVersion.objects.filter(instrument__code=wanted.code).order_by("-pk")
        if stored := taken_in.first():
            return adopting.definition_of(stored)
    raise wanted.refused(f"There is no questionnaire {wanted.code[:64]}.", 404)


def _offered(
    wanted: Wanted, structure: Definition, language: str, *, today: date
) -> Sequence[Definition]:
    """Return what may be asked in a language, the newest first.

    Where there are licensed words, the demonstration's are never asked in their place.
    """
    versions = InstrumentVersion.objects.filter(
        instrument__code=structure.code, language=language, mode=Mode.SELF
    )
    stored = list(versions.select_related("instrument").order_by("-pk"))
    if ours := [version for version in stored if not version.is_demonstration]:
        return _licensed(wanted, ours, today=today)
    if not settings.ALLOW_DEMONSTRATION_WORDING and structure.demonstration:
        raise wanted.refused(
            f"{structure.code} has demonstration wording only, which may not be asked here.", 403
        )
    if structure.code in library.codes():
        return [structure]
    return [adopting.definition_of(version) for version in stored]


def _licensed(
    wanted: Wanted, versions: Sequence[InstrumentVersion], *, today: date
) -> Sequence[Definition]:
    lacking = {each.pk: licensing.lacking(licensing.needs(each), today=today) for each in versions}
    if all(lacking.values()):
        raise wanted.refused(f"No licence in force covers {lacking[versions[0].pk][0]}.", 403)
    return [adopting.definition_of(each) for each in versions if not lacking[each.pk]]


def _of_version(wanted: Wanted, offered: Sequence[Definition]) -> Definition:
    for definition in offered:
        if wanted.version in ("", definition.version):
            return definition
    known = ", ".join(each.version for each in offered)
    raise wanted.refused(f"Version {wanted.version[:60]} is not asked; begin anew with {known}.")
