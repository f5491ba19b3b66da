"""The portal's memory: who has which messages, and what it answers to its contracts."""

import threading
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from notifications.rivta.patientportal import (
    ERROR,
    NOT_ACTIVE,
    OK,
    ActiveUser,
    Added,
    AddMessage,
)
from notifications.simulator.configuration import Configuration
from notifications.simulator.journal import Journal
from notifications.simulator.switches import Switch, Switchboard

JOURNAL = "journal.jsonl"


@dataclass(frozen=True)
class Letter:
    """One message as it lies in the inbox. `copy` counts those of the same thread."""

    id: str
    person_id: str
    received_at: str
    subject: str
    text: str
    thread_id: str
    sender: str
    telephone: str
    system_id: str
    link_text: str
    query_string: str
    notices: list[str]
    copy: int


class Portal:
    """All inboxes, in memory, with a journal that brings them back after a restart."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.mode = configuration.mode
        self.switchboard = Switchboard(configuration.seed)
        self._lock = threading.Lock()
        self._by_person: dict[str, list[Letter]] = defaultdict(list)
        self._by_id: dict[str, Letter] = {}
        self._threads: Counter[str] = Counter()
        self._journal = Journal(Path(configuration.folder) / JOURNAL)
        for entry in self._journal.entries():
            self._replay(entry)

    def user(self, person_id: str) -> ActiveUser:
        """Return whether and how a person can be reached."""
        settings, is_on = self.configuration, self.switchboard.is_on
        if person_id in settings.inactive or is_on("inactive", person_id):
            return ActiveUser(is_active=False)
        if person_id in settings.no_notice or is_on("no-notice", person_id):
            return ActiveUser(is_active=True)
        return ActiveUser(is_active=True, methods=("Email",))

    def add(self, request: AddMessage, *, now: datetime) -> Added:
        """Take a message, or say in the contract's own words why not."""
        thread_id = request.message.thread_id
        user = self.user(request.subject_id)
        if refusal := self._refusal(request, user):
            return Added(ERROR, refusal, thread_id)
        notices = user.methods if request.notify else ()
        with self._lock:
            if not (self.mode == "dedupe" and thread_id and self._threads[thread_id]):
                self._keep(_letter(request, notices, self._threads[thread_id] + 1, now))
        return Added(OK, "", thread_id, notices)

    def is_received(self, thread_id: str) -> bool:
        return self._threads[thread_id] > 0

    def letters(self, person_id: str) -> list[Letter]:
        """Return a person's messages, oldest first."""
        return list(self._by_person.get(person_id, ()))

    def letter(self, letter_id: str) -> Letter | None:
        return self._by_id.get(letter_id)

    def people(self) -> list[tuple[str, int]]:
        """Return the people to show, with how many messages each has."""
        listed = dict.fromkeys([*self.configuration.people, *list(self._by_person)])
        return [(person, len(self._by_person.get(person, ()))) for person in listed]

    def totals(self) -> dict[str, int]:
        """Return what a test asks of its peer: the truth on how often what arrived."""
        kept, threads = len(self._by_id), len(+self._threads)
        return {"messages": kept, "threads": threads, "copies": sum(self.copies().values())}

    def copies(self) -> dict[str, int]:
        """Return the threads that arrived more than once, with how many too many."""
        with self._lock:
            return {thread: count - 1 for thread, count in self._threads.items() if count > 1}

    def turn_on(self, switch: Switch) -> None:
        self.switchboard.turn_on(switch)
        # One that is counted down ends with the process: its count is not worth a line a call.
        if switch.times is None:
            self._journal.write({"event": "switch on", "switch": switch.to_json()})

    def turn_off(self, switch_id: str) -> bool:
        self._journal.write({"event": "switch off", "id": switch_id})
        return self.switchboard.turn_off(switch_id)

    def clear_switches(self) -> None:
        self.switchboard.clear()
        self._journal.write({"event": "switches cleared"})

    def set_mode(self, mode: str) -> None:
        self.mode = mode
        self._journal.write({"event": "mode", "mode": mode})

    def _refusal(self, request: AddMessage, user: ActiveUser) -> str:
        link = request.message.link
        if not user.is_active:
            return NOT_ACTIVE
        if (request.notify or link) and not request.source_system:
            return "sourceSystem is required for a notice and for a link"
        if link and link.system_id not in self.configuration.systems:
            return "systemId is not known"
        return ""

    def _keep(self, letter: Letter) -> None:
        self._remember(letter)
        self._journal.write({"event": "message", **vars(letter)})

    def _remember(self, letter: Letter) -> None:
        self._by_person[letter.person_id].append(letter)
        self._by_id[letter.id] = letter
        if letter.thread_id:
            self._threads[letter.thread_id] += 1

    def _replay(self, entry: dict[str, Any]) -> None:
        match entry.pop("event", ""):
            case "message":
                self._remember(Letter(**entry))
            case "switch on":
                self.switchboard.turn_on(Switch(**entry["switch"]))
            case "switch off":
                self.switchboard.turn_off(entry["id"])
            case "switches cleared":
                self.switchboard.clear()
            case "mode":
                self.mode = entry["mode"]


def _letter(request: AddMessage, notices: tuple[str, ...], copy: int, now: datetime) -> Letter:
    message, link = request.message, request.message.link
    return Letter(
        id=uuid.uuid4().hex,
        person_id=request.subject_id,
        received_at=now.isoformat(timespec="milliseconds"),
        subject=message.heading,
        text=message.text,
        thread_id=message.thread_id,
        sender=message.unit.name,
        telephone=message.unit.telephone,
        system_id=link.system_id if link else "",
        link_text=link.text if link else "",
        query_string=link.query_string if link else "",
        notices=list(notices),
        copy=copy,
    )
