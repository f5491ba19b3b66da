"""Answer a repeated request as the first one was answered: once per client and key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from proms.models import ApiClient
from surveys.models import IntakeRequest


class OtherBody(Exception):
    """The key was used before, with another body."""


@dataclass(frozen=True)
class Answer:
    """What a request was answered: a status code, and a body kept to the letter."""

    status_code: int
    body: str


@transaction.atomic
def once(
    client: ApiClient, *, key: str, body_hash: str, now: datetime, do: Callable[[], Answer]
) -> Answer:
    """Do it and keep the answer, or return the answer that this key got before.

    Of two requests at once the second waits for the first, and gets its answer. What raises is
    not kept: the same key may be sent again, mended.

    :raises OtherBody: if the key came with another body.
    """
    if not key:
        return do()
    request = IntakeRequest(client=client, key=key, body_hash=body_hash, received_at=now)
    IntakeRequest.objects.bulk_create([request], ignore_conflicts=True)
    stored = IntakeRequest.objects.select_for_update().get(client=client, key=key)
    if stored.body_hash != body_hash:
        raise OtherBody
    if stored.status_code is None:
        answer = do()
        stored.status_code, stored.response = answer.status_code, answer.body
        stored.save(update_fields=["status_code", "response"])
    return Answer(stored.status_code or 0, stored.response)
