"""PostgreSQL as our child: it survives a kill, and comes up beside remains of another life."""

import os
import signal

import psycopg
import pytest

from config.local import ports, roles
from config.local.postgres import Postgres

pytestmark = pytest.mark.slow
PASSWORDS = dict.fromkeys(roles.ROLES, "p@ss/word")


@pytest.fixture
def postgres(cluster_folder):
    postgres = make_postgres(cluster_folder)
    postgres.start()
    postgres.prepare("utfall")
    yield postgres
    postgres.remove()


def make_postgres(folder, **fields):
    defaults = {"port": ports.free(), "passwords": PASSWORDS, "log": folder / "postgres.log"}
    return Postgres(folder / "postgres", **(defaults | fields))


def test_committed_rows_survive_a_kill_and_a_restart(postgres):
    with psycopg.connect(postgres.url("owner", "utfall")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")

    os.kill(postgres.process.pid, signal.SIGKILL)
    postgres.process.kill()
    postgres.start()

    with psycopg.connect(postgres.url("web", "utfall")) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)


def test_a_server_that_outlived_its_supervisor_is_ended_at_the_next_start(postgres, cluster_folder):
    heir = make_postgres(cluster_folder)

    heir.start()

    assert not postgres.process.is_running()
    assert heir.answers()
    heir.process.stop()


def test_a_password_is_always_asked_for(postgres):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=ports.HOST, port=postgres.port, user="owner", dbname="utfall")


def test_a_folder_prepared_twice_keeps_its_rows_and_takes_new_passwords(postgres):
    with psycopg.connect(postgres.url("owner", "utfall")) as connection:
        connection.execute("CREATE TABLE kept ()")
    postgres.passwords = dict.fromkeys(roles.ROLES, "another")

    postgres.prepare("utfall")

    with psycopg.connect(postgres.url("worker", "utfall")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_the_log_says_what_broke_but_nothing_of_the_rows(postgres):
    with psycopg.connect(postgres.url("owner", "utfall"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (name text UNIQUE)")
        connection.execute("INSERT INTO kept VALUES ('canary')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO kept VALUES ('canary')")

    said = postgres.process.words()
    assert "duplicate key" in said
    assert "canary" not in said
