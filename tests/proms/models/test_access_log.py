import uuid

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection

from config.local import roles
from proms.models import AccessedPatient, AccessEvent
from tests.factories import NOW

LOG = ("proms_accessevent", "proms_accessedpatient")


def make_access(**fields):
    defaults = {"at": NOW, "actor": "staff", "actor_id": "1", "actor_name": "Siv Lind"}
    defaults |= {"activity": "read", "kind": "record", "request_id": uuid.uuid4()}
    return AccessEvent.objects.create(**(defaults | fields))


@pytest.mark.django_db
def test_an_actor_is_of_a_kind_that_is_known():
    with pytest.raises(IntegrityError, match="proms_accessevent_known_actor"):
        make_access(actor="ghost")


@pytest.mark.django_db
def test_a_patient_stands_once_in_an_access():
    access, subject = make_access(), uuid.uuid4()
    access.patients.create(subject_id=subject)

    with pytest.raises(IntegrityError, match="proms_accessedpatient_once_per_event"):
        access.patients.create(subject_id=subject)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", [roles.WEB, roles.WORKER])
@pytest.mark.parametrize("table", LOG)
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_but_the_owner_may_touch_the_log(database, role, table, verb):
    with (
        psycopg.connect(database[role]) as session,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        session.execute(verb.format(table))


@pytest.mark.role(roles.OWNER)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", LOG)
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_even_the_owner_is_stopped_by_a_trigger(table, verb):
    make_access().patients.create(subject_id=uuid.uuid4())

    with (
        pytest.raises(DatabaseError, match=f"{table} rows never change"),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table))


@pytest.mark.role(roles.WORKER)
@pytest.mark.django_db(transaction=True)
def test_the_worker_may_write_and_read_the_log():
    make_access().patients.create(subject_id=uuid.uuid4())

    assert AccessedPatient.objects.get().event == AccessEvent.objects.get()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", [roles.WEB, roles.WORKER])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "DROP TABLE proms_record",
        "ALTER TABLE proms_record DROP COLUMN reason",
        "ALTER TABLE proms_accessevent DISABLE TRIGGER ALL",
        "DROP TRIGGER proms_accessevent_append_only ON proms_accessevent",
        "ALTER FUNCTION proms_forbid_change() OWNER TO CURRENT_USER",
        "SET ROLE owner",
    ],
)
def test_web_and_worker_have_no_ddl(database, role, statement):
    with (
        psycopg.connect(database[role]) as session,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        session.execute(statement)
