"""The processes of the demonstration beside its servers."""

import signal
from collections.abc import Sequence
from urllib.error import HTTPError
from urllib.request import urlopen

from config.local import ports
from config.local.process import Process, wait_ready
from config.local.servers import Servers

WEB_WORKERS = "2"
WEB_THREADS = "4"
TASK_THREADS = "4"


class Peers:
    """What stands in for the world outside: the inbox with its login, and a mail server."""

    def __init__(self, servers: Servers, *, simulator: Sequence[str] = ()) -> None:
        self._ports = {
            "simulator": int(servers.values["SIMULATOR_PORT"]),
            "mail": int(servers.values["MAIL_PORT"]),
        }
        data = str(servers.folder / "simulator")
        mail = str(self._ports["mail"]), str(servers.folder / "mail")
        self.processes = [
            servers.process("simulator", "manage.py", "simulator", "--data", data, *simulator),
            servers.process("mail", "config.local.mail", *mail),
        ]

    def start(self) -> None:
        for process in self.processes:
            process.start()

    def wait(self) -> None:
        for process in self.processes:
            port = self._ports[process.name]
            wait_ready(process, lambda port=port: ports.answers(port))  # type: ignore[misc]


class Service:
    """The service itself: web, worker and beat."""

    def __init__(self, servers: Servers, web_port: int) -> None:
        self._address = f"http://{ports.HOST}:{web_port}/"
        self.web = servers.process("web", "granian", *_web_options(web_port))
        self.web.orphan_signal = signal.SIGTERM  # so that it ends its own workers
        self.worker = worker(servers)
        schedule = str(servers.folder / "beat")
        self.beat = servers.process("beat", "celery", "-A", "config", "beat", "-s", schedule)
        self.processes = [self.web, self.worker, self.beat]

    def start(self) -> None:
        for process in self.processes:
            process.start()

    def wait(self) -> None:
        """Wait until pages are served and tasks are taken."""
        self.wait_for_web()
        wait_ready(self.worker, lambda: " ready." in self.worker.words())

    def wait_for_web(self) -> None:
        wait_ready(self.web, self._serves)

    def _serves(self) -> bool:
        try:
            with urlopen(self._address, timeout=5) as response:  # noqa: S310
                return bool(response.status < 500)
        except HTTPError as error:
            return error.code < 500
        except OSError:
            return False


def worker(servers: Servers, name: str = "worker", *, app: str = "config") -> Process:
    """Return a process that does the tasks; any number of them may run."""
    # Threads: a pool of processes may take half a minute to end (stack 3).
    size = ["--pool", "threads", "--concurrency", TASK_THREADS]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    return servers.process(name, "celery", "-A", app, "worker", "-n", f"{name}@%h", *size, *quiet)


def _web_options(port: int) -> Sequence[str]:
    where = ["--interface", "wsgi", "--host", ports.HOST, "--port", str(port)]
    size = ["--workers", WEB_WORKERS, "--blocking-threads", WEB_THREADS]
    care = ["--respawn-failed-workers", "--workers-kill-timeout", "3"]
    return [*where, *size, *care, "config.wsgi:application"]
