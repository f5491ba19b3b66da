from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications import delivery
from notifications.models import Delivery, Message, MessageQuerySet, Peer

# What is said to whom is not shown to anyone here: only what became of it.
_STORY = ("channel", "channel_reason", "peer", "outcome", "reason", "created_at", "outcome_at")


class ReadOnly:
    """Messages and deliveries are facts."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DeliveryInline(ReadOnly, admin.TabularInline):
    model = Delivery
    fields = ("ordinal", *_STORY, "receipt")
    ordering = ("ordinal",)


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("created_at", "kind", "status", "reason", "due_at", "next_try_at", "attempts")
    list_filter = ("status", "kind")
    search_fields = ("=key",)
    date_hierarchy = "created_at"
    ordering = ("-created_at", "id")
    show_full_result_count = False
    exclude = ("parcel",)
    inlines = (DeliveryInline,)
    actions = ("retry", "settle_as_sent", "settle_as_undeliverable")

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_message")

    @admin.action(permissions=["settle"], description=_("Quarantined: try again"))
    def retry(self, request: HttpRequest, queryset: MessageQuerySet) -> None:
        self._tell(request, delivery.release(queryset, now=timezone.now()))

    @admin.action(permissions=["settle"], description=_("Quarantined: was sent"))
    def settle_as_sent(self, request: HttpRequest, queryset: MessageQuerySet) -> None:
        self._settle(request, queryset, Message.Status.SENT)

    @admin.action(permissions=["settle"], description=_("Quarantined: cannot be delivered"))
    def settle_as_undeliverable(self, request: HttpRequest, queryset: MessageQuerySet) -> None:
        self._settle(request, queryset, Message.Status.UNDELIVERABLE)

    def _settle(
        self, request: HttpRequest, queryset: MessageQuerySet, status: Message.Status
    ) -> None:
        reason = f"settled by {request.user.get_username()}"
        settled = delivery.settle_by_hand(
            queryset, status=status, reason=reason, now=timezone.now()
        )
        self._tell(request, settled)

    def _tell(self, request: HttpRequest, count: int) -> None:
        said = ngettext("%(n)s message changed.", "%(n)s messages changed.", count) % {"n": count}
        self.message_user(request, said, messages.SUCCESS if count else messages.WARNING)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("message", *_STORY)
    list_filter = ("outcome", "channel")
    ordering = ("-created_at", "id")
    show_full_result_count = False
    exclude = ("address", "content")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        return super().get_queryset(request).select_related("message").defer("address", "content")


@admin.register(Peer)
class PeerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("channel", "name", "failures", "closed_until", "free_at")
    ordering = ("channel", "name")
