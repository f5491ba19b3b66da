"""The models of proms, together, as Django looks for them."""

from proms.models.access_log import AccessedPatient, AccessEvent
from proms.models.instrument import Instrument, InstrumentVersion, Licence, Mode
from proms.models.organisation import CareProvider, Decision, Region, Unit
from proms.models.patient import Consent, Patient
from proms.models.record import Event, Measurement, Record, Score
from proms.models.register import ApiClient, Register
from proms.models.staff import Commission, Staff

__all__ = [
    "AccessEvent",
    "AccessedPatient",
    "ApiClient",
    "CareProvider",
    "Commission",
    "Consent",
    "Decision",
    "Event",
    "Instrument",
    "InstrumentVersion",
    "Licence",
    "Measurement",
    "Mode",
    "Patient",
    "Record",
    "Region",
    "Register",
    "Score",
    "Staff",
    "Unit",
]
