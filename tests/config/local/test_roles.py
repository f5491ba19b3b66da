"""What each database role may do, on the database that every test uses."""

import psycopg
import pytest

from config.local import roles

DDL = [
    "CREATE TABLE made ()",
    "CREATE TEMPORARY TABLE made ()",
    "CREATE SCHEMA made",
    "CREATE DATABASE made",
    "ALTER TABLE proms_unit ADD made int",
    "DROP TABLE proms_unit",
    "TRUNCATE proms_unit",
    "CREATE ROLE made",
    "SET ROLE owner",
]


@pytest.fixture(params=[roles.WEB, roles.WORKER])
def connection(request, django_db_setup, database):
    with psycopg.connect(database[request.param], autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("statement", DDL)
def test_neither_web_nor_worker_may_change_the_schema(statement, connection):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_web_and_worker_may_read_and_number_rows(connection):
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    sequences = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"

    for (table,) in connection.execute(tables).fetchall():
        connection.execute(f'SELECT FROM "{table}" LIMIT 0')
    for (sequence,) in connection.execute(sequences).fetchall():
        assert connection.execute("SELECT has_sequence_privilege(%s, 'USAGE')", [sequence])


def test_the_owner_is_no_superuser(django_db_setup, database):
    with psycopg.connect(database[roles.OWNER]) as owner:
        asked = "SELECT rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = 'owner'"

        assert owner.execute(asked).fetchone() == (False, False, False)
