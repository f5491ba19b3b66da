"""The outbox (Message) and every attempt to deliver from it (Delivery)."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from notifications.content import Content
from notifications.sealing import SealedJSONField, SealedTextField


class ClockTimestamp(Func):
    """The database's clock, the one clock that all workers' leases are measured by."""

    template = "clock_timestamp()"
    output_field = models.DateTimeField()


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> "MessageQuerySet":
        """Messages whose next try is due by plan time."""
        return self.queued().filter(next_try_at__lte=now)

    def queued(self) -> "MessageQuerySet":
        return self.filter(status=Message.Status.QUEUED)

    def unended(self) -> "MessageQuerySet":
        return self.exclude(status__in=Message.ENDS)

    def unleased(self) -> "MessageQuerySet":
        """Messages that no worker holds, by the database's clock."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=ClockTimestamp()))

    def with_parcel(self) -> "MessageQuerySet":
        """Messages that carry their own address and content: no owner checks them."""
        return self.filter(parcel__isnull=False)

    def quarantined(self) -> "MessageQuerySet":
        return self.filter(status=Message.Status.QUARANTINED)

    def in_sending_order(self) -> "MessageQuerySet":
        return self.order_by("priority", "next_try_at", "id")


class Message(models.Model):
    """A message that is to reach someone once, over whichever channel takes it."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        SUPPRESSED = "suppressed", _("suppressed")
        UNDELIVERABLE = "undeliverable", _("undeliverable")
        UNKNOWN = "unknown", _("unknown")
        QUARANTINED = "quarantined", _("quarantined")

    ENDS = (Status.SENT, Status.SUPPRESSED, Status.UNDELIVERABLE, Status.UNKNOWN)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.TextField(_("key"))
    kind = models.CharField(_("kind"), max_length=40)
    priority = models.SmallIntegerField(_("priority"), default=5)
    due_at = models.DateTimeField(_("due"))
    not_after = models.DateTimeField(_("not after"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next try"))
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.QUEUED)
    reason = models.TextField(_("reason"), blank=True)
    thread_id = models.UUIDField(_("thread"), default=uuid.uuid4, editable=False)
    parcel = SealedJSONField(_("parcel"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(name="notifications_message_key_once", fields=["key"]),
            models.CheckConstraint(
                name="notifications_message_known_status",
                condition=Q(
                    status__in=[
                        "queued",
                        "sent",
                        "suppressed",
                        "undeliverable",
                        "unknown",
                        "quarantined",
                    ]
                ),
            ),
            # A quarantined message has not ended: somebody has to retry or settle it.
            models.CheckConstraint(
                name="notifications_message_ended_when_over",
                condition=Q(status__in=["queued", "quarantined"], ended_at=None)
                | (~Q(status__in=["queued", "quarantined"]) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="notifications_message_leased_while_queued",
                condition=Q(leased_until=None) | Q(status="queued"),
            ),
            models.CheckConstraint(
                name="notifications_message_end_has_reason",
                condition=Q(status__in=["queued", "sent"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="notifications_message_due_before_deadline",
                condition=Q(not_after=None) | Q(due_at__lt=F("not_after")),
            ),
            models.CheckConstraint(
                name="notifications_message_tried_when_due",
                condition=Q(next_try_at__gte=F("due_at")),
            ),
        ]
        indexes = [
            # Read by the sweeps (tasks.send_due here and its like in surveys), every few seconds.
            models.Index(
                name="notifications_message_due",
                fields=["priority", "next_try_at", "id"],
                condition=Q(status="queued"),
            ),
            # Read by the alarm on waiting operators' work and the admin's filter.
            models.Index(
                name="notifications_quarantine",
                fields=["created_at"],
                condition=Q(status="quarantined"),
            ),
            # Read by the admin's list and the totals per day.
            models.Index(name="notifications_message_created", fields=["created_at", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def under_way(self) -> "DeliveryQuerySet":
        return self.filter(outcome="")

    def held(self) -> "DeliveryQuerySet":
        """Deliveries under way whose message is still leased, by the database's clock."""
        return self.under_way().filter(message__leased_until__gt=ClockTimestamp())

    def refused(self) -> "DeliveryQuerySet":
        return self.filter(outcome=Delivery.Outcome.REFUSED)


class Delivery(models.Model):
    """One attempt to hand a message to a channel, written before the peer is called."""

    class Channel(models.TextChoices):
        INBOX = "inbox", _("1177 inbox")
        EMAIL = "email", _("e-mail")

    class Outcome(models.TextChoices):
        UNDER_WAY = "", _("under way")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused")
        RETRY = "retry", _("to be retried")
        AMBIGUOUS = "ambiguous", _("possibly sent")
        FAULT = "fault", _("our fault")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(
        Message,
        models.PROTECT,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("message"),
    )
    ordinal = models.PositiveSmallIntegerField(_("number"))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    channel_reason = models.TextField(_("reason for the channel"))
    address = SealedTextField(_("address"), null=True, blank=True)  # noqa: DJ001  null = forgotten
    content = SealedJSONField(_("content"), null=True, blank=True)
    peer = models.TextField(_("peer"), blank=True)
    created_at = models.DateTimeField(_("created"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True, default="")
    reason = models.TextField(_("reason"), blank=True)
    outcome_at = models.DateTimeField(_("outcome known"), null=True, blank=True)
    receipt = models.JSONField(_("receipt"), default=dict, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                name="notifications_delivery_ordinal_once", fields=["message", "ordinal"]
            ),
            models.UniqueConstraint(
                name="notifications_delivery_one_under_way",
                fields=["message"],
                condition=Q(outcome=""),
            ),
            models.CheckConstraint(
                name="notifications_delivery_known_channel",
                condition=Q(channel__in=["inbox", "email"]),
            ),
            models.CheckConstraint(
                name="notifications_delivery_known_outcome",
                condition=Q(outcome__in=["", "sent", "refused", "retry", "ambiguous", "fault"]),
            ),
            models.CheckConstraint(
                name="notifications_delivery_outcome_has_time",
                condition=Q(outcome="", outcome_at=None)
                | (~Q(outcome="") & Q(outcome_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="notifications_delivery_failure_has_reason",
                condition=Q(outcome__in=["", "sent"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="notifications_delivery_receipt_when_sent",
                condition=Q(outcome="sent") | Q(receipt={}),
            ),
            models.CheckConstraint(
                name="notifications_delivery_forgotten_whole",
                condition=Q(address__isnull=True, content__isnull=True)
                | Q(address__isnull=False, content__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.ordinal} of {self.message_id}"

    @property
    def rendered(self) -> Content:
        """What it says; there is nothing to read once it is forgotten."""
        return Content.from_json(self.content or {})


class Peer(models.Model):
    """Whom a channel calls: whether it answers, and when it may be called next."""

    channel = models.CharField(_("channel"), max_length=20)
    name = models.TextField(_("peer"))
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    closed_until = models.DateTimeField(_("not called until"), null=True, blank=True)
    free_at = models.DateTimeField(_("next call allowed"), null=True, blank=True)
    promised_until = models.DateTimeField(_("promised until"), null=True, blank=True)
    in_batch = models.PositiveIntegerField(_("calls in the batch"), default=0)

    class Meta:
        verbose_name = _("peer")
        verbose_name_plural = _("peers")
        constraints = [
            models.UniqueConstraint(name="notifications_peer_once", fields=["channel", "name"]),
            models.CheckConstraint(
                name="notifications_peer_closed_after_failures",
                condition=Q(closed_until=None) | Q(failures__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.name}"
