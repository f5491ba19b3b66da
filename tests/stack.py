"""The whole service as real processes, on ports and in a folder of its own."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg
import redis

from config.local import environment, migrating, ports
from config.local.demo_processes import Peers, Service, worker
from config.local.process import Process, wait_ready
from config.local.servers import ROOT, Servers

JOURNAL = "simulator/journal.jsonl"
FOLDER = ROOT / ".local" / "test"
# A test run has settings of its own in its environment; these processes are the real thing.
_REAL = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_ROLE": "worker"}


def new_folder(purpose: str) -> Path:
    """Return a folder for one run; what runs that are over left behind is deleted."""
    for old in FOLDER.glob(f"{purpose}-*"):
        if not Path(f"/proc/{old.name.rpartition('-')[2]}").exists():
            shutil.rmtree(old, ignore_errors=True)
    return FOLDER / f"{purpose}-{os.getpid()}"


class Stack:
    """Servers, peers and service; each part runs once it is started, until `stop`.

    Start it from the main thread: its processes end with the thread that started them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = False,
        simulator: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.web_port = ports.free()
        values = environment.fresh(web_port=self.web_port) | _REAL | dict(settings or {})
        self.servers = Servers(folder, values, durable=durable)
        self.peers = Peers(self.servers, simulator=simulator)
        self.service = Service(self.servers, self.web_port)
        self.workers: list[Process] = []

    @property
    def web(self) -> str:
        return self.servers.values["SITE_URL"]

    @property
    def inbox(self) -> str:
        return self.servers.values["INBOX_URL"]

    @contextmanager
    def stopped_on_failure(self) -> Iterator[None]:
        """Stop everything if what is done meanwhile fails."""
        try:
            yield
        except BaseException:
            self.stop()
            raise

    def start_servers(self) -> None:
        """Start PostgreSQL and the broker, and migrate the database."""
        self.servers.start_postgres()
        self.servers.valkey.start()
        migrating.process(self.servers).finish()

    def start_peers(self) -> None:
        self.peers.start()
        self.peers.wait()

    def start_service(self) -> None:
        """Start web, worker and beat."""
        self.workers.append(self.service.worker)
        self.service.start()
        self.service.wait()

    def start_web(self) -> None:
        self.service.web.start()
        self.service.wait_for_web()

    def start_worker(self, name: str, *, app: str = "config") -> Process:
        """Start one more worker, and do not wait for it."""
        self.workers.append(worker(self.servers, name, app=app))
        self.workers[-1].start()
        return self.workers[-1]

    def start_beat(self) -> None:
        self.service.beat.start()

    def run(self, name: str, *command: str) -> None:
        """Run a module of ours, or a command of manage.py, to its end."""
        self.servers.process(name, *command).finish()

    def database(self) -> psycopg.Connection[Any]:
        """Connect to the database as the worker does."""
        return psycopg.connect(self.servers.values["WORKER_DATABASE_URL"], autocommit=True)

    def broker(self) -> "redis.Redis":
        return redis.Redis.from_url(self.servers.values["REDIS_URL"])

    def letters(self) -> list[dict[str, Any]]:
        """Return every message that the simulator took, by its own journal, oldest first."""
        path = self.folder / JOURNAL
        lines = path.read_text().splitlines(keepends=True) if path.exists() else ()
        entries = [json.loads(line) for line in lines if line.endswith("\n")]
        return [entry for entry in entries if entry["event"] == "message"]

    def ask_simulator(self, method: str, path: str, body: Any = None) -> Any:
        """Call the simulator's REST interface."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.inbox}/api/{path}", data=data, method=method)
        with urlopen(request, timeout=10) as response:
            return json.loads(response.read() or b"null")

    def mails(self) -> list[bytes]:
        """Return what the mail server kept, oldest first."""
        return [path.read_bytes() for path in sorted((self.folder / "mail").glob("*.eml"))]

    def stop_service(self) -> None:
        """End web, workers and beat; servers and peers go on."""
        self._stop([*self.workers, self.service.web, self.service.beat])
        self.workers.clear()

    def stop(self) -> None:
        """End everything and delete what it stored."""
        self.stop_service()
        self._stop(self.peers.processes)
        self.servers.remove()

    def _stop(self, processes: Sequence[Process]) -> None:
        for process in processes:
            process.ask()
        for process in processes:
            process.stop()


def wait_for_worker(process: Process) -> None:
    """Wait until a worker takes tasks."""
    wait_ready(process, lambda: " ready." in process.words())
