"""The 1177 inbox, over the public contract 1.0."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from lxml import etree

from notifications.channels.base import ChannelError, Kind, Pace, Promise
from notifications.content import Content, Sender
from notifications.rivta import client, patientportal, soap
from notifications.rivta.contracts import (
    ADD_MESSAGE,
    IS_ACTIVE_USER,
    THREAD_STATUS,
    Contract,
    Invalid,
)

if TYPE_CHECKING:
    from notifications.models import Delivery

# As the contract's description asks of consumers; the last step goes on.
RETRY_STEPS = (
    timedelta(seconds=4),
    timedelta(seconds=20),
    timedelta(minutes=5),
    timedelta(minutes=30),
)
# The contract's load rules: one transaction a second, and at most 1,000 without a pause.
NATIONAL_PACE = Pace(
    apart=timedelta(seconds=1),
    ahead=timedelta(seconds=5),
    batch=1000,
    pause=timedelta(minutes=5),
)


class Inbox:
    """Reachable are the active with at least one way of being notified; nobody else looks."""

    name = "inbox"
    retry_steps: Sequence[timedelta] = RETRY_STEPS

    @property
    def promise(self) -> Promise:
        return Promise(settings.INBOX_PROMISE)

    @property
    def peer(self) -> str:
        return settings.INBOX_LOGICAL_ADDRESS

    @property
    def pace(self) -> Pace | None:
        return NATIONAL_PACE if settings.INBOX_NATIONAL_LIMITS else None

    def send(self, delivery: "Delivery") -> dict[str, Any]:
        subject_id = delivery.address or ""
        if self._is_received(delivery):
            return {"found_by_lookup": True}
        self._check_reachable(subject_id)
        return self._add(_request(subject_id, delivery))

    def _is_received(self, delivery: "Delivery") -> bool:
        """Ask before a second attempt, where the peer can be asked."""
        if self.promise is not Promise.LOOKUP or delivery.ordinal == 1:
            return False
        request = patientportal.write_thread_status(str(delivery.message.thread_id))
        return patientportal.read_thread_found(_ask(THREAD_STATUS, request))

    def _check_reachable(self, subject_id: str) -> None:
        try:
            request = patientportal.write_is_active(subject_id)
        except Invalid as error:
            raise ChannelError(str(error), Kind.REFUSED) from None
        user = patientportal.read_active_user(_ask(IS_ACTIVE_USER, request))
        if not user.is_active:
            raise ChannelError("no account", Kind.REFUSED)
        if not user.methods:
            # The message would lie unseen, so the next channel starts at once.
            raise ChannelError("no notice", Kind.REFUSED)

    def _add(self, request: patientportal.AddMessage) -> dict[str, Any]:
        content = patientportal.write_add_message(request)
        try:
            added = patientportal.read_added(_call(ADD_MESSAGE, content))
        except (client.NoValidReply, Invalid) as error:
            raise ChannelError(str(error), Kind.AMBIGUOUS) from error
        if added.result_code == patientportal.ERROR:
            reason = "no account" if added.result_text == patientportal.NOT_ACTIVE else "refused"
            raise ChannelError(f"{reason}: {added.result_text}", Kind.REFUSED)
        return {
            "result_code": added.result_code,
            "result_text": added.result_text,
            "thread_id": added.thread_id,
            "notification_sent": list(added.notification_sent),
        }


def _request(subject_id: str, delivery: "Delivery") -> patientportal.AddMessage:
    content = delivery.rendered
    return patientportal.AddMessage(
        subject_id=subject_id,
        message=patientportal.InboxMessage(
            unit=_unit(content.sender),
            text=content.text,
            heading=content.subject,
            thread_id=str(delivery.message.thread_id),
            link=_link(content),
        ),
        notify=True,
        source_system=settings.INBOX_SOURCE_SYSTEM,
    )


def _unit(sender: Sender) -> patientportal.OrganisationUnit:
    return patientportal.OrganisationUnit(
        unit_id=sender.unit_id,
        name=sender.unit_name,
        address=sender.address,
        postal_code=sender.postal_code,
        city=sender.city,
        telephone=sender.phone,
    )


def _link(content: Content) -> patientportal.SsoLink | None:
    if not content.link:
        return None
    return patientportal.SsoLink(settings.INBOX_SYSTEM_ID, content.link_text, content.link)


def _ask(contract: Contract, request: etree._Element) -> etree._Element:
    """Call what changes nothing at the peer, so that no reply leaves no doubt either."""
    try:
        return _call(contract, request)
    except client.NoValidReply as error:
        raise ChannelError(f"{contract.interaction}: {error}", Kind.RETRY) from error


def _call(contract: Contract, request: etree._Element) -> etree._Element:
    try:
        return client.call(contract, request, peer=_peer())
    except client.NotDone as error:
        raise ChannelError(str(error), Kind.RETRY, retry_after=error.retry_after) from error
    except soap.Fault as fault:
        kind = Kind.FAULT if fault.is_client else Kind.RETRY
        raise ChannelError(fault.text, kind) from fault


def _peer() -> client.Peer:
    return _configured(
        settings.INBOX_URL,
        settings.INBOX_LOGICAL_ADDRESS,
        settings.INBOX_CERTIFICATE,
        settings.INBOX_CERTIFICATE_KEY,
        settings.INBOX_AUTHORITY,
    )


@lru_cache(maxsize=8)
def _configured(
    url: str, logical_address: str, certificate: str, key: str, authority: str
) -> client.Peer:
    pair = (certificate, key) if certificate else None
    return client.Peer(url.rstrip("/"), logical_address, pair, authority)
