"""Everything on one machine, from one command, until Ctrl-C."""

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg

from config import env
from config.local import environment, migrating, ports, welcome
from config.local.demo_processes import Peers, Service
from config.local.process import CannotRun, Process
from config.local.servers import ROOT, Servers
from config.local.supervisor import Supervisor

LOCAL = ROOT / ".local"
NEEDED_SPACE = 300_000_000
DEFAULT_PORT = "8000"
_STARTED = time.monotonic()


def main() -> None:
    try:
        with _alone():
            _demonstrate(_port())
    except CannotRun as trouble:
        raise SystemExit(f"The demonstration cannot run: {trouble}") from None
    except (OSError, psycopg.Error) as error:
        raise SystemExit(f"The demonstration stopped: {error}") from None


def _demonstrate(port: int) -> None:
    supervisor = Supervisor(_say)
    servers = Servers(LOCAL, _settings(port))

    def start() -> None:
        _start(servers, port, supervisor)
        _say(f"Ready:\n{welcome.text(LOCAL, servers.values)}")

    supervisor.run(start)
    _say("Ended")


def _start(servers: Servers, port: int, supervisor: Supervisor) -> None:
    _start_servers(servers, supervisor)
    peers, service = Peers(servers), Service(servers, port)
    load = servers.process("load_demo", "manage.py", "load_demo")
    if migrating.is_done(servers):
        # Beside the loading, which has little to do by then.
        _serve(supervisor, peers, service)
        _load(supervisor, load)
    else:
        _migrate(supervisor, servers)
        # It also tells the simulator whom it knows.
        _load(supervisor, load)
        _serve(supervisor, peers, service)
    peers.wait()
    service.wait()


def _migrate(supervisor: Supervisor, servers: Servers) -> None:
    _say("Migrating the database")
    supervisor.finish(migrating.process(servers))
    migrating.note(servers)


def _load(supervisor: Supervisor, load: Process) -> None:
    _say("Loading the demonstration's data")
    supervisor.finish(load)


def _serve(supervisor: Supervisor, peers: Peers, service: Service) -> None:
    _say("Starting web, worker, beat and the simulator")
    supervisor.add(*peers.processes, *service.processes)
    peers.start()
    service.start()


def _start_servers(servers: Servers, supervisor: Supervisor) -> None:
    """Start PostgreSQL and the broker, unless the environment names real ones."""
    if not _is_given("DATABASE_URL"):
        _say("Starting PostgreSQL")
        supervisor.add(servers.postgres.process)
        servers.start_postgres()
    if not _is_given("REDIS_URL"):
        _say("Starting Valkey")
        supervisor.add(servers.valkey.process)
        servers.valkey.start()


def _settings(port: int) -> dict[str, str]:
    """Return the clone's settings, with free ports, as far as the environment gives no other."""
    values = environment.for_port(environment.read(env.LOCAL), port)
    for name in environment.PORTS:
        if not ports.is_free(int(values[name])):
            values = environment.moved(values, name, ports.free())
    environment.write(env.LOCAL, values)
    _check_given(values)
    ours = [name for name in values if name in environment.PORTS or not _is_given(name)]
    return {name: values[name] for name in ours}


def _check_given(values: Mapping[str, str]) -> None:
    missing = [name for name in environment.URLS.values() if not _is_given(name)]
    if 0 < len(missing) < len(environment.URLS):
        raise CannotRun(f"a real database needs one address per role: set {', '.join(missing)} too")


def _is_given(name: str) -> bool:
    return name in os.environ or f"{name}_FILE" in os.environ


def _port() -> int:
    given = os.environ.get("PORT", DEFAULT_PORT)
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise CannotRun(f"PORT={given} is no port: give a number such as 8000")
    if not ports.is_free(int(given)):
        raise CannotRun(f"port {given} is in use: `PORT={int(given) + 1} make demo` takes another")
    return int(given)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold this clone's lock: one demonstration at a time uses its data.

    :raises CannotRun: if another one does, or the disk is full.
    """
    free = shutil.disk_usage(LOCAL).free
    if free < NEEDED_SPACE:
        raise CannotRun(f"the disk is full: {free // 1_000_000} MB are left, 300 MB are needed")
    with (LOCAL / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun("it runs already in this clone") from None
        yield


def _say(what: str) -> None:
    sys.stdout.write(f"[{time.monotonic() - _STARTED:5.1f} s] {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
