"""Ask the next question of an adaptive questionnaire: the answers sent are all that is known."""

from datetime import date
from typing import Any

from proms.adaptive import session, stopping
from proms.adaptive.stopping import Rules
from proms.fhir import choosing, reading, writing
from proms.fhir.choosing import Wanted
from proms.fhir.writing import Taken
from proms.instruments.definition import Definition
from proms.instruments.fhir.extensions import Part
from proms.scoring import banks


def next_question(document: Any, *, base: str, today: date, code: str = "") -> Part:
    """Return the response with its next question, or completed with its scores.

    `code` is the questionnaire that the address names, `base` the address of the interface.
    Nothing is stored: the same response gives the same answer.

    :raises Problem: naming what cannot be taken, as FHIRPath.
    """
    found = reading.incoming(document)
    wanted = reading.wanted_by(found, base=base, code=code)
    definition = choosing.definition_to_ask(wanted, today=today)
    rules, language = _rules(wanted, definition), choosing.language_of(wanted)
    answers = reading.answers(found, definition)
    bank = banks.bank(definition, language)
    path = session.replay(bank, answers, rules)
    taken = Taken(definition, language, bank, rules, answers, path, base)
    return writing.response(taken, found.response)


def shell(code: str, *, base: str, today: date, language: str = "") -> Part:
    """Return an adaptive questionnaire before its first question.

    :raises Problem: if there is none such, or it may not be asked.
    """
    wanted = Wanted(code=code, language=language)
    definition = choosing.definition_to_ask(wanted, today=today)
    return writing.shell(definition, language=choosing.language_of(wanted), base=base)


def _rules(wanted: Wanted, definition: Definition) -> Rules:
    if wanted.rule in ("", banks.OWN):
        return banks.rules(definition)
    if wanted.rule not in stopping.NAMED:
        known = ", ".join([banks.OWN, *stopping.NAMED])
        raise wanted.refused(f"There is no rule {wanted.rule[:60]}; there are {known}.")
    return stopping.NAMED[wanted.rule]
