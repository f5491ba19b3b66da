"""The bare pair of calls, in a loop: `python -m tests.bench.pairs SECONDS` says how many a second.

The same client, contracts and texts as the inbox channel, without a row in any database.
"""

import sys
import time
from uuid import uuid4

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings

from notifications.rivta import client, patientportal
from notifications.rivta.contracts import ADD_MESSAGE, IS_ACTIVE_USER

PERSON = "197601022385"
LINK = "?occasion=bare"
_TEXT = "Hur mår du? " * 40


def main(seconds: float) -> None:
    peer = client.Peer(settings.INBOX_URL, settings.INBOX_LOGICAL_ADDRESS)
    pair(peer)
    begun, done = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        pair(peer)
        done += 1
    sys.stdout.write(f"{done / (time.monotonic() - begun)}\n")


def pair(peer: client.Peer) -> None:
    asked = client.call(IS_ACTIVE_USER, patientportal.write_is_active(PERSON), peer=peer)
    patientportal.read_active_user(asked)
    added = client.call(ADD_MESSAGE, patientportal.write_add_message(_message()), peer=peer)
    patientportal.read_added(added)


def _message() -> patientportal.AddMessage:
    return patientportal.AddMessage(
        subject_id=PERSON,
        message=patientportal.InboxMessage(
            unit=patientportal.OrganisationUnit("SE5560000000-A001", "Ortopedkliniken Demo"),
            text=_TEXT,
            heading="Hur mår du?",
            thread_id=str(uuid4()),
            link=patientportal.SsoLink(settings.INBOX_SYSTEM_ID, "Svara", LINK),
        ),
        notify=True,
        source_system=settings.INBOX_SOURCE_SYSTEM,
    )


if __name__ == "__main__":
    main(float(sys.argv[1]))
