"""Ports of this machine's loopback address."""

import secrets

# The class itself, so that a test run that replaces socket.socket can still look for a port.
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

HOST = "127.0.0.1"
# Below the ports that systems give to outgoing connections, which come and go.
_RANGE = range(20_000, 32_000)


def free() -> int:
    """Return a port that nobody listens on."""
    while True:
        port = secrets.choice(_RANGE)
        if is_free(port):
            return port


def is_free(port: int) -> bool:
    """Say whether we could listen on a port."""
    with socket(AF_INET, SOCK_STREAM) as probe:
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Say whether somebody accepts connections on a port."""
    with socket(AF_INET, SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
