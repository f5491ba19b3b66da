"""Tokens of API clients: made once, kept only as a hash, revoked."""

import hashlib
import secrets
from datetime import datetime

from proms.models import ApiClient


def digest(token: bytes) -> str:
    """Return what is stored of a token. 256 random bits need no salt."""
    return hashlib.sha256(token).hexdigest()


def issue(client: ApiClient) -> str:
    """Give the client a new token in place of any other, and return it: nobody can again."""
    token = secrets.token_urlsafe(32)
    client.token_hash = digest(token.encode())
    client.save()
    return token


def revoke(client: ApiClient, *, now: datetime) -> None:
    """Let the client in no more; its name stays for the events that it sent."""
    ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=now)
