"""Call a RIV-TA producer over HTTP, and tell whether it can have done what was asked."""

import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus

import requests
from lxml import etree
from urllib3.exceptions import NewConnectionError

from notifications.rivta import soap
from notifications.rivta.contracts import Contract

_CHUNK = 65_536
# These say that the request was turned away, not that something broke while it was done.
_BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


class NotDone(Exception):
    """The peer has certainly not done it: no connection, turned away, or another address."""

    def __init__(self, reason: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class NoValidReply(Exception):
    """The request was sent, and nothing came back that tells what became of it."""


@dataclass(frozen=True)
class Peer:
    """A producer: where it is, as whom it is addressed, and how we show who we are."""

    url: str
    logical_address: str
    certificate: tuple[str, str] | None = None
    authority: str = ""
    deadline: float = 10.0


def call(contract: Contract, request: etree._Element, *, peer: Peer) -> etree._Element:
    """Return the response element of one call.

    :raises NotDone: if the peer has certainly not done it.
    :raises NoValidReply: if it may have.
    :raises soap.Fault: if it says by a fault that it has not.
    """
    raw = soap.write(request, logical_address=peer.logical_address)
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{contract.action}"'}
    status, body = _exchange(f"{peer.url}/{contract.path}", raw, headers, peer)
    try:
        content = soap.read(body).content
    except soap.Malformed as error:
        raise NoValidReply(f"HTTP {status}: {error}") from None
    if status != HTTPStatus.OK or content.tag != contract.response:
        raise NoValidReply(f"HTTP {status}: {content.tag[:100]} is not the response asked for")
    return content


def _exchange(url: str, raw: bytes, headers: dict[str, str], peer: Peer) -> tuple[int, bytes]:
    ends_at = time.monotonic() + peer.deadline
    try:
        with _session(peer).post(
            url,
            data=raw,
            headers=headers,
            timeout=peer.deadline,
            allow_redirects=False,
            stream=True,
        ) as reply:
            _turned_away(reply)
            return reply.status_code, _read(reply, ends_at)
    except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
        raise NotDone(type(error).__name__) from error
    except requests.RequestException as error:
        if _is_unconnected(error):
            raise NotDone("no connection") from error
        raise NoValidReply(type(error).__name__) from error


def _turned_away(reply: requests.Response) -> None:
    status = reply.status_code
    if status in _BUSY:
        raise NotDone(f"HTTP {status}", retry_after=_retry_after(reply))
    if (
        status < HTTPStatus.OK
        or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        raise NotDone(f"HTTP {status}")


def _read(reply: requests.Response, ends_at: float) -> bytes:
    body = bytearray()
    for chunk in reply.iter_content(_CHUNK):
        body += chunk
        if len(body) > soap.MAX_BYTES:
            raise NoValidReply(f"more than {soap.MAX_BYTES} bytes")
        if time.monotonic() > ends_at:
            raise NoValidReply("the reply took too long")
    return bytes(body)


def _retry_after(reply: requests.Response) -> timedelta | None:
    seconds = reply.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(seconds), 86_400)) if seconds.isdecimal() else None


def _is_unconnected(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


@lru_cache(maxsize=8)
def _session(peer: Peer) -> requests.Session:
    session = requests.Session()
    # Only our own settings say how peers are reached: no proxy or .netrc of the machine.
    session.trust_env = False
    session.cert = peer.certificate
    session.verify = peer.authority or True
    session.headers["Accept-Encoding"] = "identity"
    return session
