"""What a deployment must have: `manage.py check --deploy --database default` says what is lacking.

A laptop's own servers are let be: without `--deploy` none of these runs.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

# Peers without which nobody is asked, or can answer by strong login.
PEERS = {
    "INBOX_URL": "the address of the 1177 inbox's service",
    "INBOX_SYSTEM_ID": "the system id that the inbox knows us by",
    "INBOX_SOURCE_SYSTEM": "the source system's HSA id",
    "INBOX_LOGICAL_ADDRESS": "the inbox's logical address",
    "OIDC_ISSUER": "the login provider's address",
    "OIDC_CLIENT_SECRET": "what the login provider knows us by",
}
LOOPBACK = {"127.0.0.1", "localhost", "::1", None}
# With any of these off, an answer that a browser was told is saved can be lost (design 5.1).
DURABLE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "local", "remote_write", "remote_apply"},
}


@register(Tags.security, deploy=True)
def address(**_: Any) -> list[CheckMessage]:
    """Links in messages are made from SITE_URL, and cookies are sent by its scheme."""
    url = urlsplit(settings.SITE_URL)
    if url.scheme == "https" and url.hostname not in LOOPBACK:
        return []
    hint = "Set SITE_URL to the https address that patients' browsers see."
    return [Error(f"SITE_URL is {settings.SITE_URL}.", hint=hint, id="config.E001")]


@register("peers", deploy=True)
def peers(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"{name} is empty.", hint=f"Set it to {what}.", id="config.E002")
        for name, what in PEERS.items()
        if not getattr(settings, name)
    ]


@register("licence", deploy=True)
def wording(**_: Any) -> list[CheckMessage]:
    """Our plain demonstration wording is no instrument: no patient may be asked by it."""
    if not settings.ALLOW_DEMONSTRATION_WORDING:
        return []
    hint = "Leave ALLOW_DEMONSTRATION_WORDING out, and import the licensed text."
    return [Error("Demonstration wording may be published.", hint=hint, id="config.E003")]


@register(Tags.security, deploy=True)
def secrets(**_: Any) -> list[CheckMessage]:
    keys = [settings.LINK_KEY, settings.LOOKUP_KEY, *settings.SEALING_KEYS.values()]
    if len(set(keys)) == len(keys) and all(len(set(key)) > 8 for key in keys):
        return []
    hint = "Make each with `openssl rand -hex 32`: LINK_KEY, LOOKUP_KEY and every sealing key."
    return [Error("Two keys are alike, or one is no random key.", hint=hint, id="config.E004")]


@register(Tags.database, deploy=True)
def durability(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"PostgreSQL's {name} is {value}: saved answers can be lost.",
            hint=f"Set {name} = on in postgresql.conf.",
            id="config.E005",
        )
        for alias in databases or ()
        for name, value in _settings(alias)
        if value not in DURABLE[name]
    ]


@register(Tags.database, deploy=True)
def role(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """No service logs in as owner or superuser: the log's rows and the policies hold for it."""
    return [
        Error(
            f"{name} may change the database's tables.",
            hint="Give web and worker roles of their own, as .env.example says.",
            id="config.E006",
        )
        for alias in databases or ()
        if settings.DATABASE_ROLE != "owner"
        for name in _mighty(alias)
    ]


def _settings(alias: str) -> Iterator[tuple[str, str]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(DURABLE)]
        )
        yield from cursor.fetchall()


def _mighty(alias: str) -> list[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = current_user AND "
            "(rolsuper OR rolbypassrls OR has_schema_privilege(current_schema(), 'CREATE'))"
        )
        return [name for (name,) in cursor.fetchall()]
