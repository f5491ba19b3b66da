"""Load the demonstration once, and describe it for whoever wants to try it."""

import csv
import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from proms import access, tokens
from proms.models import ApiClient, Register, Unit
from surveys import importing
from surveys.demonstration import accounts, history, people, places

TWO_YEARS = timedelta(days=731)
IMPORTED = 200


def load(folder: Path, *, now: datetime) -> None:
    """Load everything unless it is loaded, and write `demo.json` into the folder.

    All of it is one transaction: a load that is cut short leaves nothing.
    """
    path = folder / "demo.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    with transaction.atomic():
        hip = Register.objects.filter(code=places.HIP.code).first()
        if hip is None:
            known = _load(folder, now=now)
        elif not known:
            # None of the secrets is stored, so with the description they were lost.
            known = _described(hip, list(Unit.objects.order_by("pk")), accounts.renew())
    _write(path, known | _addresses())
    _write(folder / "simulator" / "simulator.json", _simulated())


def _load(folder: Path, *, now: datetime) -> dict[str, Any]:
    begins = now - TWO_YEARS
    units = places.build_organisation(begins.date())
    hip = places.build_register(places.HIP, published_at=begins)
    back = places.build_register(places.BACK, published_at=begins)
    history.live(units, client=_client(hip, "file"), survey=places.HIP.code, now=now)
    _import_events(folder / "events.csv", units, client=_client(back, "file"), now=now)
    return _described(hip, units, accounts.build(register=hip, units=units, day=begins.date()))


def _described(hip: Register, units: list[Unit], logins: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "api_token": tokens.issue(_client(hip, "api")),
        "accounts": logins,
        "register": hip.code,
        "survey": places.HIP.code,
        "event": places.HIP.event,
        "unit": units[0].hsa_id,
        "people": list(people.UNTOUCHED),
        "without_inbox": list(people.WITHOUT_INBOX),
    }


def _client(register: Register, name: str) -> ApiClient:
    return register.api_clients.get(name=name)


def _addresses() -> dict[str, str]:
    return {"web": settings.SITE_URL, "inbox": settings.INBOX_URL.rstrip("/")}


def _simulated() -> dict[str, Any]:
    """Return what the simulated inbox knows: whom to list, and who has no account."""
    imported = list(people.event_numbers(IMPORTED))
    return {
        "people": people.UNTOUCHED + people.WITHOUT_INBOX,
        "inactive": people.WITHOUT_INBOX + imported[::8],
    }


def _write(path: Path, description: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(description, indent=1, ensure_ascii=False))
    unfinished.replace(path)


def _import_events(path: Path, units: list[Unit], *, client: ApiClient, now: datetime) -> None:
    """Write a file of events as a journal system would, and take it as any other file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([*importing.REQUIRED, "name", "email", "consent_channel", "consent_source",
                       "consent_on"])  # fmt: skip
        rows.writerows(_event_rows(units, now))
    by = access.command_actor("load_demo")
    with path.open("rb") as file:
        refused = [
            row
            for row in importing.import_events(file, sender_of=lambda _: client, by=by, now=now)
            if row.outcome == "refused"
        ]
    if refused:
        raise RuntimeError(f"{path}: {refused[0]}")


def _event_rows(units: list[Unit], now: datetime) -> Iterator[list[str]]:
    for place, number in enumerate(people.event_numbers(IMPORTED)):
        day = (now - timedelta(days=2 + place % 60)).date().isoformat()
        unit = units[place % len(units)].hsa_id
        name = people.name(place, "male" if int(number[10]) % 2 else "female")
        email = f"person{place}@example.org"
        yield [f"rygg-{place + 1}", places.BACK.code, number, unit, places.BACK.event, day, name,
               email, "email", "kallelse", day]  # fmt: skip
