"""Django's PostgreSQL back end, connecting as the role under test."""

from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.db.backends.postgresql import base, operations

from config.local import roles

addresses: dict[str, str] = {}
_role = [roles.WEB]


@contextmanager
def connected_as(role: str):
    """Let this process' database connection be another role's; outside of a transaction only."""
    assert not connection.in_atomic_block, "mark the test django_db(transaction=True)"
    connection.close()
    _role.append(role)
    try:
        yield
    finally:
        connection.close()
        _role.pop()


class DatabaseOperations(operations.DatabaseOperations):
    """As Django's, but tables are emptied by their owner: web may not TRUNCATE."""

    def execute_sql_flush(self, sql_list: Any) -> None:
        with connected_as(roles.OWNER):
            super().execute_sql_flush(sql_list)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        if not addresses:  # no test runs: a command that would look, if there were a database
            return super().get_connection_params()
        url = urlsplit(addresses[_role[-1]])
        login = {"host": url.hostname, "port": url.port, "user": url.username}
        parameters = super().get_connection_params() | login | {"password": url.password}
        return parameters | {"dbname": url.path.strip("/")}
