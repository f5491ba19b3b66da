"""A mail server that delivers nothing: it keeps each mail as a file."""

import itertools
import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.local.ports import HOST

_number = itertools.count(1)


class Sink:
    """Writes what it is given into a folder, oldest first by name."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = f"{time.time_ns()}-{next(_number)}"
        unfinished = self._folder / f"{name}.part"
        unfinished.write_bytes(envelope.original_content or b"")
        unfinished.rename(self._folder / f"{name}.eml")
        return "250 Kept"


def main(port: str, folder: str) -> None:
    controller = Controller(Sink(Path(folder)), hostname=HOST, port=int(port))
    controller.start()
    controller._thread.join()  # type: ignore[union-attr]


if __name__ == "__main__":
    main(*sys.argv[1:])
