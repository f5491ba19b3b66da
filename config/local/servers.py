"""PostgreSQL and the broker, together, in one folder."""

import os
import shutil
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from config.local import environment
from config.local.postgres import Postgres
from config.local.process import Process
from config.local.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent


class Servers:
    """Our own PostgreSQL and Valkey, at the addresses that an environment names."""

    def __init__(self, folder: Path, values: Mapping[str, str], *, durable: bool = True) -> None:
        self.folder = folder
        self.values = dict(values)
        self._durable = durable

    @cached_property
    def postgres(self) -> Postgres:
        return Postgres(
            self.folder / "postgres",
            port=int(self.values["POSTGRES_PORT"]),
            passwords=environment.passwords(self.values),
            log=self.log("postgres"),
            durable=self._durable,
        )

    @cached_property
    def valkey(self) -> Valkey:
        return Valkey(
            self.folder / "valkey",
            port=int(self.values["VALKEY_PORT"]),
            password=environment.broker_password(self.values),
            log=self.log("valkey"),
        )

    def start_postgres(self, *, tests: bool = False) -> None:
        """Start PostgreSQL with its roles and the database, created if lacking."""
        self.postgres.start()
        self.postgres.prepare(environment.DATABASE, tests=tests)

    def process(self, name: str, *command: str, **more: str) -> Process:
        """Return a process (not started) of our own code that uses these servers.

        The command is a Python module and its arguments, or `manage.py` and its.
        """
        target = [str(ROOT / "manage.py")] if command[0] == "manage.py" else ["-m", command[0]]
        return Process(
            name=name,
            command=[sys.executable, *target, *command[1:]],
            log=self.log(name),
            environment=os.environ | self.values | more,
            folder=ROOT,
        )

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def remove(self) -> None:
        """End the servers and delete what they stored."""
        self.valkey.process.kill()
        self.postgres.remove()
        shutil.rmtree(self.folder, ignore_errors=True)
