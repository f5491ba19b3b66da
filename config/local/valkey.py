"""A Valkey server of our own, as a direct child, on the loopback address."""

from pathlib import Path

from config.local import ports
from config.local.binaries import valkey_server
from config.local.process import Process, wait_ready


class Valkey:
    """A broker that keeps its messages in a folder."""

    def __init__(self, folder: Path, *, port: int, password: str, log: Path) -> None:
        self.folder = folder
        self.port = port
        self.url = f"redis://:{password}@{ports.HOST}:{port}/0"
        self._configuration = folder / "valkey.conf"
        self._password = password
        # The password stands in a file: a command line is everybody's to read.
        self.process = Process(
            name="Valkey", command=[valkey_server(), self._configuration], log=log
        )

    def start(self) -> None:
        """Start the server and wait until it accepts connections.

        :raises CannotRun: if it does not.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._configuration.touch(mode=0o600)
        self._configuration.write_text(self._settings())
        self.process.start()
        self.wait()

    def wait(self) -> None:
        """Wait until the server accepts connections, after a start or a restart."""
        wait_ready(self.process, lambda: ports.answers(self.port))

    def _settings(self) -> str:
        return (
            f"bind {ports.HOST}\nport {self.port}\nrequirepass {self._password}\n"
            f'dir "{self.folder}"\n'
            'appendonly yes\nappendfsync everysec\nsave ""\nmaxmemory-policy noeviction\n'
        )
