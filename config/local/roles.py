"""The database's roles: owner migrates, web and worker read and write rows."""

from collections.abc import Mapping
from pathlib import Path

from psycopg import Connection, sql

OWNER, WEB, WORKER = "owner", "web", "worker"
ROLES = (OWNER, WEB, WORKER)

# Run in each database, as its owner, before the first migration.
GRANTS = Path(__file__).with_name("grants.sql")


def create_roles(connection: Connection, passwords: Mapping[str, str], *, tests: bool) -> None:
    """Create the roles, or give them these passwords, as a superuser."""
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for role in ROLES:
        verb = sql.SQL("ALTER" if role in known else "CREATE")
        name, password = sql.Identifier(role), sql.Literal(passwords[role])
        connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, name, password))
    # Tests make and drop databases of their own; elsewhere only a superuser does.
    connection.execute(f"ALTER ROLE owner {'CREATEDB' if tests else 'NOCREATEDB'}")
    if tests:
        connection.execute("GRANT pg_signal_backend TO owner")


def create_database(connection: Connection, name: str) -> None:
    """Create the owner's database if it is lacking."""
    database = sql.Identifier(name)
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not known:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(database))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO web, worker").format(database))


def grant(connection: Connection) -> None:
    """Let web and worker use what migrations will create in this database."""
    connection.execute(GRANTS.read_bytes())
