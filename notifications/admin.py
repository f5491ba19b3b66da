from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from notifications.models import Delivery, Message

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


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("message", *_STORY)
    list_filter = ("outcome", "channel")
    ordering = ("-created_at", "id")
    show_full_result_count = False
    exclude = ("address", "content")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        return super().get_queryset(request).select_related("message").defer("address", "content")
