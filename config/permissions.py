"""What each role may do in the administration: the one table of it."""

from collections.abc import Mapping

from proms.models import Commission, Staff

Role = Commission.Role
Actions = frozenset[str]
Table = Mapping[str, Actions]

VIEW: Actions = frozenset({"view"})
EDIT: Actions = VIEW | {"add", "change"}
WHOLE: Actions = EDIT | {"delete"}

# A system administrator sets up places, people and registers, and sees no patient's row: those
# take a commission, whoever asks.
ADMINISTRATOR: Table = {
    "proms.region": EDIT,
    "proms.careprovider": EDIT,
    "proms.unit": EDIT,
    "proms.decision": WHOLE,
    "proms.register": EDIT,
    "proms.apiclient": EDIT,
    "proms.staff": EDIT,
    "proms.commission": EDIT,
    "proms.instrument": VIEW,
    "proms.instrumentversion": VIEW | {"add"},
    "proms.licence": WHOLE,
}
REGISTRY: Table = {
    "proms.register": VIEW,
    "proms.instrument": VIEW,
    "proms.instrumentversion": VIEW | {"add"},
    "proms.licence": EDIT,
    "proms.patient": VIEW,
    "proms.consent": VIEW,
    "proms.event": VIEW,
    "proms.record": VIEW,
    "proms.measurement": VIEW,
    "surveys.survey": EDIT,
    "surveys.surveyinstrument": WHOLE,
    "surveys.timepoint": WHOLE,
    "surveys.surveyversion": VIEW,
    "surveys.enrolment": VIEW,
    "surveys.occasion": VIEW,
    "surveys.invitation": VIEW,
}
LOG: Table = {"proms.accessevent": VIEW, "proms.accessedpatient": VIEW}
ROLES: Mapping[Role, Table] = {
    Role.REGISTRY: REGISTRY,
    Role.OFFICER: {**REGISTRY, **LOG},
    Role.LOG_REVIEWER: LOG,
}


def has_any(staff: Staff, commission: Commission | None) -> bool:
    """Whether the administration is open at all."""
    return staff.is_superuser or (commission is not None and commission.role in ROLES)


def administers(staff: Staff, label: str) -> bool:
    """Whether these rows are the staff member's to see wherever they belong."""
    return staff.is_superuser and label in ADMINISTRATOR


def allowed(staff: Staff, commission: Commission | None, label: str) -> Actions:
    """Return what may be done with the model of that label."""
    by_account = ADMINISTRATOR.get(label, frozenset()) if staff.is_superuser else frozenset()
    if commission is None:
        return by_account
    return by_account | ROLES.get(Role(commission.role), {}).get(label, frozenset())
