"""The demonstration's care providers, units, registers and surveys: all invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from proms.adopting import adopt
from proms.models import (
    ApiClient,
    CareProvider,
    Decision,
    Region,
    Register,
    Unit,
)
from surveys import publishing
from surveys.models import Survey, SurveyInstrument, SurveyVersion, TimePoint

PROVIDERS = {
    "SE5560000000-A000": ("Region Demo", ["Ortopedkliniken Demo", "Ryggmottagningen Demo"]),
    "SE5560000000-B000": ("Provstadens sjukvård", ["Ortopedkliniken Provstaden"]),
}
KINDS = [kind for kind in Decision.Kind if kind != Decision.Kind.RETENTION]


@dataclass(frozen=True)
class Theme:
    """What one demonstration register follows."""

    code: str
    register: str
    survey: str
    survey_en: str
    event: str
    attributes: tuple[str, ...]
    # None: whoever is registered is asked at once; else the day after, at this time.
    asks_at: time | None


HIP = Theme(
    "hoft", "Höftregistret (demo)", "Före och efter höftoperation", "Before and after hip surgery",
    "surgery", ("side",), None,
)  # fmt: skip
BACK = Theme(
    "rygg", "Ryggregistret (demo)", "Efter ryggoperation", "After back surgery",
    "surgery", (), time(8),
)  # fmt: skip


def build_organisation(day: date) -> list[Unit]:
    """Make region, care providers and units, with every decision that a feature asks for."""
    region = Region.objects.create(code="00", name="Demolandet")
    units = []
    for hsa_id, (name, unit_names) in PROVIDERS.items():
        provider = CareProvider.objects.create(hsa_id=hsa_id, name=name, region=region)
        for kind in KINDS:
            _decide(kind, day, care_provider=provider)
        units += [
            _unit(provider, f"{hsa_id[:-3]}{number}01", unit_name)
            for number, unit_name in enumerate(unit_names, start=1)
        ]
    return units


def build_register(theme: Theme, *, published_at: datetime) -> Register:
    """Make a register with its senders and its one published survey."""
    register = Register.objects.create(
        code=theme.code,
        name=theme.register,
        authority="Regionstyrelsen i Region Demo",
        authority_org_number="556000-0000",
        decision_reference="DEMO 2024/17",
        purpose="Följa hur patienter mår före och efter operation, och göra vården bättre.",
        contact="registret@example.org",
        invitation_informs=True,
    )
    _decide(Decision.Kind.RETENTION, published_at.date(), register=register)
    for name in ("api", "file"):
        ApiClient.objects.create(register=register, name=name, created_at=published_at)
    _publish(theme, register, published_at)
    return register


def _publish(theme: Theme, register: Register, published_at: datetime) -> SurveyVersion:
    survey = Survey.objects.create(
        register=register,
        code=theme.code,
        name=theme.survey,
        name_en=theme.survey_en,
        role=Survey.Role.BOTH,
        event=theme.event,
        attributes=list(theme.attributes),
        languages=["sv", "en"],
        channels=["inbox", "email"],
        reminders=[14, 28],
    )
    eq5d = adopt("eq5d-5l", language="sv").instrument
    SurveyInstrument.objects.create(survey=survey, instrument=eq5d, position=1, is_key=True)
    TimePoint.objects.create(
        survey=survey, code="now", name="Efter operationen", name_en="After surgery",
        open_days=90,
        anchor=TimePoint.Anchor.REGISTRATION, offset=1 if theme.asks_at else 0,
        send_at=theme.asks_at,
    )  # fmt: skip
    TimePoint.objects.create(
        survey=survey, code="one-year", name="Ett år efter", name_en="One year after", offset=12,
        offset_unit=TimePoint.Unit.MONTHS, open_days=60,
    )  # fmt: skip
    return publishing.publish(survey, by=None, now=published_at)


def _unit(provider: CareProvider, hsa_id: str, name: str) -> Unit:
    return Unit.objects.create(
        hsa_id=hsa_id,
        name=name,
        care_provider=provider,
        phone="010-555 00 00",
        phone_hours="vardagar kl. 8.00–16.00",
        street="Provgatan 1",
        postal_code="123 45",
        city="Demostad",
    )


def _decide(
    kind: Decision.Kind,
    day: date,
    *,
    care_provider: CareProvider | None = None,
    register: Register | None = None,
) -> None:
    Decision.objects.create(
        kind=kind,
        care_provider=care_provider,
        register=register,
        reference=f"DEMO {kind.value}",
        owner="Demo Demosson",
        decided_on=day - timedelta(days=1),
    )
