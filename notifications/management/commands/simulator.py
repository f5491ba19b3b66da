"""Run the simulated 1177: inboxes, their login provider and its contracts."""

import os
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications.simulator.configuration import MODES, Configuration

_THREADS = 8


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = urlsplit(settings.INBOX_URL).port or 8177
        parser.add_argument("--port", type=int, default=port)
        parser.add_argument("--data", type=Path, default=Path(".local/simulator"))
        parser.add_argument("--mode", choices=MODES, default="blind")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        _check_free(options["port"])
        folder = options["data"].resolve()
        folder.mkdir(parents=True, exist_ok=True)
        configuration = Configuration.in_folder(
            folder,
            port=options["port"],
            mode=options["mode"],
            seed=options["seed"],
            logical_address=settings.INBOX_LOGICAL_ADDRESS,
            systems=settings.SIMULATOR_SYSTEMS,
            client_id=settings.OIDC_CLIENT_ID,
            client_secret=settings.OIDC_CLIENT_SECRET,
        )
        # A process of its own, not a child: its settings are not the service's.
        _become_server(configuration)


def _check_free(port: int) -> None:
    # Two servers would share the port without a word, each with half of the messages.
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise CommandError(f"port {port} is in use: choose another with --port")


def _become_server(configuration: Configuration) -> None:
    root = str(Path(__file__).resolve().parents[3])
    environment = {**os.environ, **configuration.to_environment(), "PYTHONPATH": root}
    command = [sys.executable, "-m", "granian", "notifications.simulator.wsgi:application"]
    command += ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(configuration.port)]
    command += ["--workers", "1", "--blocking-threads", str(_THREADS), "--no-ws"]
    command += ["--log-level", "error"]
    os.execve(sys.executable, command, environment)  # noqa: S606  no shell, nothing typed in
