"""A PostgreSQL server of our own, as a direct child, on the loopback address."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from config.local import account, binaries, ports, roles
from config.local.process import CannotRun, Process, wait_ready, wait_until

SUPERUSER = "postgres"
# What a statement or a broken constraint says is about a person: it stays out of the log.
_DISCREET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Postgres:
    """A cluster in a folder; `durable=False` trades its safety for speed, for tests."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        passwords: Mapping[str, str],
        log: Path,
        durable: bool = True,
    ) -> None:
        self._account = account.needed()
        self.folder = self._account.home(folder) if self._account else folder
        self.port = port
        self.passwords = passwords
        self._durable = durable
        bindir = binaries.pg_bindir()
        self._bindir = binaries.opened(bindir) if self._account else bindir
        self.process = Process(
            name="PostgreSQL",
            command=self._command(),
            log=log,
            account=self._account,
            folder=self.folder.parent,
            stop_signal=signal.SIGINT,  # its fast shutdown
            orphan_signal=signal.SIGINT,
            environment=self._environment(),
        )

    def start(self) -> None:
        """Create the cluster if it is lacking, start it, and wait until it answers.

        :raises CannotRun: if it does not.
        """
        if not self._data.exists():
            self._create()
        self._check_version()
        self._end_leftover()
        self.process.start()
        self.wait()

    def wait(self) -> None:
        """Wait until the server answers, after a start or a restart."""
        wait_ready(self.process, self.answers)

    def answers(self) -> bool:
        try:
            with self.superuser():
                return True
        except psycopg.OperationalError:
            return False

    def prepare(self, database: str, *, tests: bool = False) -> None:
        """Create the roles and a database for them, unless they are there."""
        with self.superuser() as connection:
            roles.create_roles(connection, self.passwords, tests=tests)
            roles.create_database(connection, database)
        with psycopg.connect(self.url(roles.OWNER, database), autocommit=True) as connection:
            roles.grant(connection)

    def url(self, role: str, database: str) -> str:
        """Return the address at which a role finds a database."""
        password = quote(self.passwords[role], safe="")
        return f"postgresql://{role}:{password}@{ports.HOST}:{self.port}/{database}"

    def superuser(self, database: str = "postgres") -> psycopg.Connection:
        """Connect as the cluster's superuser: only to create, never to serve."""
        return psycopg.connect(
            host=ports.HOST,
            port=self.port,
            user=SUPERUSER,
            password=self._password.read_text(),
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def remove(self) -> None:
        """End the server and delete the cluster."""
        self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _password(self) -> Path:
        return self.folder / "password"

    def _command(self) -> list[str | Path]:
        settings = {"listen_addresses": ports.HOST, "unix_socket_directories": ""}
        settings |= {"timezone": "UTC", "log_timezone": "UTC"} | _DISCREET
        settings |= {} if self._durable else _FAST
        options = [word for item in settings.items() for word in ("-c", "=".join(item))]
        return [self._bindir / "postgres", "-D", self._data, "-p", str(self.port), *options]

    def _environment(self) -> dict[str, str]:
        # Of a person's own PG* variables none may reach the server.
        return {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}

    def _create(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._password.write_text(secrets.token_hex(16))
        self._password.chmod(0o600)
        if self._account:
            self._account.own(self.folder)
            os.chown(self._password, self._account.user, self._account.group)
        done = subprocess.run(  # noqa: S603
            self._initdb(),
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self._environment(),
            check=False,
            **(self._account.popen() if self._account else {}),
        )
        if done.returncode:
            shutil.rmtree(self._data, ignore_errors=True)
            raise CannotRun(f"initdb failed: {' '.join(done.stderr.split())}")

    def _check_version(self) -> None:
        stored = int((self._data / "PG_VERSION").read_text())
        if stored != (version := binaries.pg_version(self._bindir)):
            raise CannotRun(
                f"{self._data} was written by PostgreSQL {stored}, {self._bindir} has {version}: "
                f"bring back version {stored}, or delete the folder to begin anew"
            )

    def _initdb(self) -> list[str | Path]:
        locale = ["--locale=C.UTF-8", "--encoding=UTF8", "--no-sync", "--no-instructions"]
        if binaries.pg_version(self._bindir) >= binaries.BUILTIN_LOCALES:
            locale.append("--locale-provider=builtin")
        login = ["--username", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={self._password}"]
        return [self._bindir / "initdb", "-D", self._data, *login, *locale]

    def _end_leftover(self) -> None:
        """End a server that outlived its supervisor, and forget one that is dead."""
        lock = self._data / "postmaster.pid"
        with suppress(OSError, ValueError, IndexError):
            pid = int(lock.read_text().splitlines()[0])
            if str(self._data) in _command_of(pid):
                os.kill(pid, signal.SIGINT)
                wait_until(lambda: not lock.exists(), patience=10)
            else:
                lock.unlink()


def _command_of(pid: int) -> str:
    """Return a living process' command line; a dead one not yet reaped has none."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    told = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return told.stdout
