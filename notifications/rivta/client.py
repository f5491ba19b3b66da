"""Call a RIV-TA producer over HTTP, and tell whether it can have done what was asked."""

import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus

from lxml import etree
from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from notifications.rivta import soap
from notifications.rivta.contracts import Contract

_CHUNK = 65_536
_LONGEST = 24 * 60 * 60
# No connection, or none that both sides trust: the request itself never left.
_NEVER_SENT = (NewConnectionError, ConnectTimeoutError, SSLError)
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
    headers = {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{contract.action}"',
        "Accept-Encoding": "identity",
    }
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
    reply: BaseHTTPResponse | None = None
    try:
        reply = _pool(peer).request(
            "POST", url, body=raw, headers=headers, redirect=False, preload_content=False
        )
        _check_turned_away(reply)
        return reply.status, _read(reply, ends_at)
    except _NEVER_SENT as error:
        raise NotDone(type(error).__name__) from error
    except HTTPError as error:
        raise NoValidReply(type(error).__name__) from error
    finally:
        # What was read to its end is back in the pool; what was not must not be read by the next.
        if reply is not None and reply.connection is not None:
            reply.close()


def _check_turned_away(reply: BaseHTTPResponse) -> None:
    """Raise NotDone for answers that say so: busy, elsewhere (never followed), or not to us."""
    if reply.status in _BUSY or reply.status // 100 in (3, 4):
        raise NotDone(f"HTTP {reply.status}", retry_after=_retry_after(reply))


def _read(reply: BaseHTTPResponse, ends_at: float) -> bytes:
    body = bytearray()
    for chunk in reply.stream(_CHUNK, decode_content=False):
        body += chunk
        if len(body) > soap.MAX_BYTES:
            raise NoValidReply(f"more than {soap.MAX_BYTES} bytes")
        if time.monotonic() > ends_at:
            raise NoValidReply("the reply took too long")
    return bytes(body)


def _retry_after(reply: BaseHTTPResponse) -> timedelta | None:
    seconds = reply.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(seconds), _LONGEST)) if seconds.isdecimal() else None


@lru_cache(maxsize=8)
def _pool(peer: Peer) -> PoolManager:
    """Return the connections to a peer. Nothing of the machine's own (proxy, .netrc) is used."""
    cert_file, key_file = peer.certificate or (None, None)
    return PoolManager(
        maxsize=8,
        retries=False,
        timeout=peer.deadline,
        cert_file=cert_file,
        key_file=key_file,
        ca_certs=peer.authority or None,
    )
