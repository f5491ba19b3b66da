"""Migrate the database, unless it is known to be as the code wants it: that saves seconds."""

import hashlib

import psycopg
from psycopg import sql

from config.local.environment import DATABASE
from config.local.process import Process
from config.local.servers import ROOT, Servers


def process(servers: Servers) -> Process:
    """Return the migration, to be run as the owner."""
    return servers.process("migrate", "manage.py", "migrate", DATABASE_ROLE="owner")


def is_done(servers: Servers) -> bool:
    """Say whether a database of ours has a note of just these migrations."""
    asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    if "OWNER_DATABASE_URL" not in servers.values:
        return False
    with psycopg.connect(servers.values["OWNER_DATABASE_URL"]) as owner:
        return owner.execute(asked, [DATABASE]).fetchone() == (_state(),)


def note(servers: Servers) -> None:
    """Leave a note in a database of ours that it is migrated; with it, the note goes too."""
    noted = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(DATABASE), _state())
    if "OWNER_DATABASE_URL" in servers.values:
        with psycopg.connect(servers.values["OWNER_DATABASE_URL"]) as owner:
            owner.execute(noted)


def _state() -> str:
    files = [ROOT / "requirements.lock", ROOT / "config" / "settings.py"]
    files += sorted(ROOT.glob("[a-z]*/migrations/*.py"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return f"migrated {digest.hexdigest()}"
