"""Rows for tests, with valid defaults: a test names only the fields it is about."""

import itertools
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from proms import adopting, records
from proms.instruments import documents, library, wordings
from proms.models import (
    ApiClient,
    CareProvider,
    Commission,
    Event,
    Instrument,
    Patient,
    Record,
    Region,
    Register,
    Staff,
    Unit,
)
from proms.person_ids import PERSONAL_NUMBER, PersonId
from surveys import enrolling, links, publishing
from surveys.event_reports import EventReport
from surveys.models import Occasion, Survey
from surveys.plan import PlannedInstrument, sha256

# Half an hour before Swedish clocks are put back.
NOW = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
START = {"code": "start", "name": "Start", "anchor": "registration", "offset": 0, "open_days": 30}
YEAR = {
    "code": "year",
    "name": "Ett år",
    "name_en": "One year",
    "offset": 12,
    "offset_unit": "months",
    "open_days": 60,
}
_number = itertools.count(1)


def make_region(**fields):
    defaults = {"code": f"{next(_number)}", "name": "Region Fjärden"}
    return Region.objects.create(**(defaults | fields))


def make_care_provider(**fields):
    defaults = {"hsa_id": f"SE-PROVIDER-{next(_number)}", "name": "Fjärdens vård"}
    defaults |= {} if "region" in fields else {"region": make_region()}
    return CareProvider.objects.create(**(defaults | fields))


def make_unit(**fields):
    defaults = {"hsa_id": f"SE-UNIT-{next(_number)}", "name": "Ortopeden", "phone": "08-123 45 67"}
    defaults |= {} if "care_provider" in fields else {"care_provider": make_care_provider()}
    return Unit.objects.create(**(defaults | fields))


def make_register(**fields):
    code = f"register-{next(_number)}"
    defaults = {
        "code": code,
        "name": code.capitalize(),
        "authority": "Region Fjärden",
        "authority_org_number": "232100-0000",
        "decision_reference": "RF 2026-1",
        "purpose": "Better care",
        "contact": "register@example.org",
        "invitation_informs": True,
    }
    return Register.objects.create(**(defaults | fields))


def make_client(**fields):
    defaults = {"name": f"Journal {next(_number)}", "created_at": NOW}
    defaults |= {} if "register" in fields else {"register": make_register()}
    return ApiClient.objects.create(**(defaults | fields))


def make_patient(number="198001022386", **fields):
    person_id = PersonId(number, PERSONAL_NUMBER)
    defaults = {
        "number": person_id.number,
        "number_type": person_id.type,
        "lookup": Patient.lookup_of(person_id),
        "name": "Vera Ek",
        "created_at": NOW,
    }
    return Patient.objects.create(**(defaults | fields))


def make_staff(**fields):
    defaults = {"username": f"staff-{next(_number)}", "first_name": "Siv", "last_name": "Lind"}
    return Staff.objects.create_user(**(defaults | fields))


def make_commission(**fields):
    defaults = {
        "role": Commission.Role.CLINICIAN,
        "purpose": Commission.Purpose.CARE,
        "starts_on": date(2020, 1, 1),
    }
    defaults |= {} if "staff" in fields else {"staff": make_staff()}
    if not {"unit", "care_provider", "register"} & set(fields):
        defaults["unit"] = make_unit()
    return Commission.objects.create(**(defaults | fields))


def make_registry_commission(**fields):
    defaults = {"role": Commission.Role.REGISTRY, "purpose": Commission.Purpose.REGISTER}
    defaults |= {} if "register" in fields else {"register": make_register()}
    return make_commission(**(defaults | fields))


def make_event(**fields):
    defaults = {"kind": "surgery", "date": NOW.date()}
    defaults |= {} if "patient" in fields else {"patient": make_patient()}
    defaults |= {} if "unit" in fields else {"unit": make_unit()}
    return Event.objects.create(**(defaults | fields))


def make_record(event=None, *, holder=None, **fields):
    """A planned record of an event, held by the unit's care provider unless said otherwise."""
    event = event or make_event()
    holder = holder or event.unit.care_provider
    opens_at = fields.pop("opens_at", NOW)
    defaults = {
        "patient": event.patient,
        "unit": event.unit,
        "register" if isinstance(holder, Register) else "care_provider": holder,
        "occasion_id": uuid.uuid4(),
        "survey": "hip",
        "survey_version": 1,
        "time_point": "start",
        "time_point_names": {"sv": "Före operation", "en": "Before surgery"},
        "due_at": opens_at,
        "opens_at": opens_at,
        "closes_at": opens_at + timedelta(days=30),
    }
    return Record.objects.create(event=event, **(defaults | fields))


def make_answered_record(event=None, *, answers, at=NOW, instrument="eq5d-5l", **fields):
    """A record completed at `at` with these answers, through the use case."""
    mode = fields.pop("mode", "self")
    record = make_record(event, opens_at=fields.pop("opens_at", at), **fields)
    measured = records.Measured(
        instrument_version=adopting.adopt(instrument, language="sv", mode=mode),
        answers=answers,
        items_asked=list(answers),
        answered_at=at,
        is_key=True,
    )
    circumstances = records.Circumstances(
        mode=mode, medium="web", language="sv", channel="inbox", identity_level="link"
    )
    records.complete(record.occasion_id, measured=[measured], circumstances=circumstances, now=at)
    record.refresh_from_db()
    return record


def make_missed_record(event=None, **fields):
    return make_record(event, status=Record.Status.UNANSWERED, ended_at=NOW, **fields)


def eq5d(profile, vas=None):
    """Answers to EQ-5D-5L, from a profile such as "11231" and a VAS."""
    answers = dict(zip(("MO", "SC", "UA", "PD", "AD"), profile, strict=True))
    return answers if vas is None else answers | {"VAS": vas}


def make_number(n):
    """A valid personal number of someone born in the fifties or later, another for each n."""
    ten = f"{date(1950, 1, 1) + timedelta(days=n):%y%m%d}238"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(ten)]
    check = -sum(value // 10 + value % 10 for value in doubled) % 10
    return f"{date(1950, 1, 1) + timedelta(days=n):%Y}{ten[2:]}{check}"


def make_survey(*, instruments=("eq5d-5l",), time_points=(START, YEAR), **fields):
    """A survey that is ready to be published; its first instrument is the key one."""
    code = f"survey-{next(_number)}"
    defaults = {"code": code, "name": "Efter höften", "event": "surgery", "attributes": ["side"]}
    defaults |= {} if "register" in fields else {"register": make_register()}
    survey = Survey.objects.create(**(defaults | fields))
    for position, instrument in enumerate(instruments):
        adopted = adopting.adopt(instrument, language="sv").instrument
        survey.instruments.create(instrument=adopted, position=position, is_key=position == 0)
    for point in time_points:
        survey.time_points.create(**point)
    return survey


def make_survey_version(survey=None, **fields):
    return publishing.publish(survey or make_survey(**fields), by=None, now=NOW)


def make_report(version, **fields):
    """A report of today's event for a published survey, at a new unit."""
    defaults = {
        "event_id": f"event-{next(_number)}",
        "survey": version.survey.code,
        "person_id": "198001022386",
        "event": version.plan.event,
        "date": NOW.date(),
    }
    defaults |= {} if "unit" in fields else {"unit": make_unit().hsa_id}
    return EventReport(**(defaults | fields))


def make_enrolment(version=None, *, now=NOW, **fields):
    """An enrolment by a report that is taken at `now`; the first occasion opens at once."""
    version = version or make_survey_version()
    client = fields.pop("client", None) or make_client(register=version.survey.register)
    return enrolling.enrol(make_report(version, **fields), client=client, now=now).enrolment


def make_open_occasion(version=None, **fields):
    return make_enrolment(version, **fields).occasions.get(status=Occasion.Status.OPEN)


def make_version_asking(*definitions, languages=("sv", "en"), **planned):
    """A published version that asks instruments of a test's own, which no library has."""
    survey = make_survey(languages=list(languages))
    asked = tuple(
        PlannedInstrument(each.code, each.version, is_key=place == 0)
        for place, each in enumerate(definitions)
    )
    shipped = publishing.publish(survey, by=None, now=NOW).plan
    document = replace(shipped, number=2, instruments=asked, **planned).to_json()
    version = survey.versions.create(
        number=2, definition=document, sha256=sha256(document), published_at=NOW
    )
    version.instrument_versions.set(
        make_instrument_version(each, language) for each in definitions for language in languages
    )
    return version


def make_instrument_version(definition, language):
    instrument, _ = Instrument.objects.get_or_create(
        code=definition.code, defaults={"name": definition.name}
    )
    document = documents.write(definition)
    return instrument.versions.create(
        version=definition.version,
        language=language,
        definition=document,
        sha256=sha256(document),
        is_demonstration=definition.demonstration,
    )


def wording_of(code, *, word="official"):
    """A table of invented words for every text that an instrument must have."""
    needed = [place for place, must in wordings.places(library.get(code)).items() if must]
    lines = [",".join([*place, f"{word} {' '.join(place)}"]) for place in needed]
    return "\n".join(["item,option,part,text", *lines]).encode()


def make_link(occasion=None):
    """The token of an e-mail that asks on an occasion, as `inviting` would have sent it."""
    occasion = occasion or make_open_occasion()
    invitation = occasion.invitations.select_related("message").get(step="invitation")
    token = links.token_for(invitation.message.key, occasion.link_generation)
    occasion.invitations.filter(pk=invitation.pk).update(token_hash=links.hash_of(token))
    return token
