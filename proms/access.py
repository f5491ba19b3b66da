"""Who sees what, and the log of every look: the only place that decides."""

import getpass
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import QuerySet

from proms.models import (
    AccessedPatient,
    AccessEvent,
    ApiClient,
    CareProvider,
    Commission,
    Register,
    Unit,
)
from proms.models.scope import Scope

Model = TypeVar("Model", bound=models.Model)
Role = Commission.Role

# Roles that see rows of persons. The others see aggregates, or the log, of their place.
SEES_PERSONS = frozenset({Role.CLINICIAN, Role.COORDINATOR, Role.REGISTRY, Role.OFFICER})
SEES_THE_LOG = frozenset({Role.LOG_REVIEWER, Role.OFFICER})


@dataclass(frozen=True)
class Actor:
    """Whoever acts in a request or command, as the database and the log know them."""

    kind: AccessEvent.Actor
    id: str
    name: str
    commission: Commission | None = None
    client: ApiClient | None = None
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def setting(self) -> str:
        """What `utfall.actor` holds: a commission, patient session, link session or client."""
        if self.commission:
            return f"commission:{self.commission.pk}"
        return f"{self.kind}:{self.id}"


def begin() -> None:
    """Begin a request's transaction as nobody, who sees nothing."""
    _set_actor("nobody")


def act_as(actor: Actor) -> Actor:
    """Name the actor to the database for the rest of the transaction."""
    _set_actor(actor.setting)
    return actor


def staff_actor(commission: Commission, *, request_id: uuid.UUID) -> Actor:
    staff = commission.staff
    return Actor(
        AccessEvent.Actor.STAFF,
        id=str(staff.pk),
        name=staff.get_full_name() or staff.get_username(),
        commission=commission,
        request_id=request_id,
    )


def client_actor(client: ApiClient) -> Actor:
    return Actor(AccessEvent.Actor.CLIENT, id=str(client.pk), name=client.name, client=client)


def command_actor(command: str) -> Actor:
    """Return whoever runs a command on the server, by the name of their account there."""
    return Actor(AccessEvent.Actor.COMMAND, id=getpass.getuser(), name=command)


def visible_to(commission: Commission | None, queryset: QuerySet[Model]) -> QuerySet[Model]:
    """Return the rows that the commission covers; none without a commission.

    A unit's staff see what their care provider holds of patients at that unit; a register's
    staff see what the register holds. Neither sees the other's.
    """
    if commission is None or commission.role not in _roles_of(queryset.model):
        return queryset.none()
    reached = _reached_by(commission, _scope_of(queryset.model))
    return queryset.filter(**reached).distinct() if reached else queryset.none()


def visible_to_client(client: ApiClient, queryset: QuerySet[Model]) -> QuerySet[Model]:
    """Return the rows of the one register that the client sends to."""
    path = _scope_of(queryset.model).register
    return queryset.filter(**{path: client.register_id}).distinct() if path else queryset.none()


def log(
    actor: Actor,
    *,
    activity: AccessEvent.Activity,
    kind: str,
    patients: Iterable[uuid.UUID],
    now: datetime,
    reason: str = "",
) -> AccessEvent:
    """Write who looked at whom, in the transaction of the look itself.

    Called before the data leave; if it fails, so does the request, and nothing is shown.
    """
    event = AccessEvent.objects.create(
        at=now,
        actor=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        activity=activity,
        kind=kind,
        reason=reason,
        request_id=actor.request_id,
        **_circumstances(actor),
    )
    AccessedPatient.objects.bulk_create(
        AccessedPatient(event=event, subject_id=subject) for subject in sorted(set(patients))
    )
    return event


def _set_actor(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('utfall.actor', %s, true)", [value])


def _scope_of(model: type[models.Model]) -> Scope:
    scope: Scope = getattr(model, "scope", Scope())
    return scope


def _roles_of(model: type[models.Model]) -> frozenset[Role]:
    return SEES_THE_LOG if model is AccessEvent else SEES_PERSONS


def _reached_by(commission: Commission, scope: Scope) -> dict[str, Any]:
    """Return the look-ups from a row to the commission's place, in one join."""
    if commission.register_id:
        return {scope.register: commission.register_id} if scope.register else {}
    if commission.care_provider_id:
        return {scope.care_provider: commission.care_provider_id} if scope.care_provider else {}
    if commission.unit is None or not scope.unit:
        return {}
    held = {scope.care_provider: commission.unit.care_provider_id} if scope.care_provider else {}
    return {scope.unit: commission.unit_id} | held


def _circumstances(actor: Actor) -> dict[str, Any]:
    """Return the commission's columns as they are today: the log points at no other table."""
    commission = actor.commission
    if commission is None:
        return _named("register", actor.client.register if actor.client else None)
    unit = commission.unit
    provider = commission.care_provider or (unit.care_provider if unit else None)
    return {
        "role": commission.role,
        "purpose": commission.purpose,
        "commission_id": commission.pk,
        **_named("unit", unit),
        **_named("care_provider", provider),
        **_named("register", commission.register),
    }


def _named(column: str, place: Unit | CareProvider | Register | None) -> dict[str, Any]:
    return {f"{column}_id": place.pk, f"{column}_name": place.name} if place else {}
