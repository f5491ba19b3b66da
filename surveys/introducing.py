"""Make reported people known: the patients, their contact details and their consents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from proms.models import Consent, Patient
from surveys.event_reports import EventReport
from surveys.resolving import Resolved

CONTACT_COLUMNS = ("name", "email", "phone", "address", "language", "prefers")


def patients(batch: Sequence[Resolved], *, now: datetime) -> dict[str, Patient]:
    """Return the patients by their look-up hash, with what this sender knows of each."""
    by_lookup = {resolved.lookup: resolved for resolved in batch}
    known = set(Patient.objects.filter(lookup__in=by_lookup).values_list("lookup", flat=True))
    # In one order, as two senders of the same people must not wait for each other.
    new = sorted(set(by_lookup) - known)
    Patient.objects.bulk_create(
        (_new_patient(by_lookup[lookup], now) for lookup in new), ignore_conflicts=True
    )
    found = {each.lookup: each for each in Patient.objects.filter(lookup__in=by_lookup)}
    for resolved in batch:
        tell(found[resolved.lookup], resolved.report)
    return found


def _new_patient(resolved: Resolved, now: datetime) -> Patient:
    person_id = resolved.person_id
    return Patient(
        lookup=resolved.lookup,
        number=person_id.number,
        number_type=person_id.type,
        created_at=now,
        **_contact(resolved.report),
    )


def tell(patient: Patient, report: EventReport) -> None:
    """Keep contact details as the last sender told them, and each consent once."""
    told = _contact(report)
    changed = sorted(name for name, value in told.items() if getattr(patient, name) != value)
    for name in changed:
        setattr(patient, name, told[name])
    if changed:
        patient.save(update_fields=changed)
    Consent.objects.bulk_create(
        (
            Consent(
                patient=patient,
                channel=consent["channel"],
                source=consent["source"],
                given_on=consent["on"],
            )
            for consent in report.consents
        ),
        ignore_conflicts=True,
    )


def _contact(report: EventReport) -> dict[str, Any]:
    return {name: report.contact[name] for name in CONTACT_COLUMNS if name in report.contact}
