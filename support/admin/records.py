"""What happened, to be read: never added to, changed or deleted here. No column that a code, a contact or
what a wrong code looked like could be told from."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from handoffs.models import CodeCheck, DeliveryAttempt, DeliveryCode, ProofOfDelivery
from notifications.models import Message
from orders.masking import mask
from orders.models import Event, Shipment
from support.admin.base import Records
from support.models import StaffAction
from support.people import name_of
from support.shipment_page import without_secrets
from support.site import site
from support.words import KINDS, provider_words


class OfShipment(Records):
    """Rows with a shipment, which leads to its page."""

    list_select_related: ClassVar[tuple[str, ...]] = ("shipment",)

    @admin.display(description="shipment")
    def leads_to(self, row: Event) -> str:
        return link_to(row.shipment)


def link_to(shipment: Shipment) -> str:
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:shipment", args=[shipment.public_id]), shipment.tracking_number
    )


@admin.register(Event, site=site)
class EventAdmin(OfShipment):
    list_display = ("at", "leads_to", "type", "actor_kind", "actor_id", "data")
    list_filter = ("type", "actor_kind")
    fields = (
        "public_id",
        "leads_to",
        "sequence",
        "type",
        "at",
        "actor_kind",
        "actor_id",
        "data",
        "previous_hash",
        "hash",
    )
    readonly_fields = fields
    ordering = ("-id",)


@admin.register(CodeCheck, site=site)
class CodeCheckAdmin(OfShipment):
    """Without `likeness`, nor `budget_day`, which tells one of them: nobody may learn before the shipment has
    closed what a wrong code looked like."""

    list_display = ("at", "leads_to", "result", "generation", "courier", "device")
    list_filter = ("result",)
    fields = (
        "leads_to",
        "courier",
        "device",
        "generation",
        "at",
        "occurred_at",
        "result",
        "answer",
        "request_id",
    )
    readonly_fields = fields
    list_select_related: ClassVar = ("shipment", "courier", "device__courier")
    ordering = ("-id",)


@admin.register(DeliveryCode, site=site)
class DeliveryCodeAdmin(OfShipment):
    """A generation's facts. What its digits are derived from is not even loaded."""

    list_display = (
        "issued_at",
        "leads_to",
        "generation",
        "attempts",
        "attempts_allowed",
        "sends",
        "ended_because",
    )
    list_filter = ("ended_because",)
    fields = (
        "leads_to",
        "generation",
        "digits",
        "attempts",
        "attempts_before",
        "attempts_allowed",
        "sends",
        "last_sent_at",
        "issued_at",
        "expires_at",
        "ended_at",
        "ended_because",
    )
    readonly_fields = fields
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeliveryCode]:
        codes: QuerySet[DeliveryCode] = super().get_queryset(request)
        return without_secrets(codes)


@admin.register(DeliveryAttempt, site=site)
class DeliveryAttemptAdmin(Records):
    list_display = ("at", "leads_to", "reason")
    list_filter = ("reason",)
    fields = ("leads_to", "reason", "at", "occurred_at", "accuracy_m")
    readonly_fields = fields
    list_select_related: ClassVar = ("stop__shipment",)
    ordering = ("-id",)

    @admin.display(description="shipment")
    def leads_to(self, row: DeliveryAttempt) -> str:
        return link_to(row.stop.shipment)


@admin.register(ProofOfDelivery, site=site)
class ProofAdmin(OfShipment):
    list_display = ("delivered_at", "leads_to", "method", "received_by", "courier")
    list_filter = ("method", "received_by")
    fields = (
        "public_id",
        "leads_to",
        "courier",
        "method",
        "received_by",
        "delivered_at",
        "occurred_at",
        "code_reason",
        "accuracy_m",
        "events_head",
    )
    readonly_fields = fields
    list_select_related: ClassVar = ("shipment", "courier")
    ordering = ("-id",)


@admin.register(Message, site=site)
class MessageAdmin(Records):
    """Without texts, which are stored nowhere, and with addresses masked."""

    list_display = ("created_at", "what", "channel", "masked_to", "state", "trouble", "leads_to")
    list_filter = ("state", "channel", "kind")
    filters_besides = ("about",)
    fields = (
        "public_id",
        "what",
        "leads_to",
        "channel",
        "masked_to",
        "locale",
        "livemode",
        "state",
        "attempts",
        "uncertain",
        "trouble",
        "provider",
        "country",
        "segments",
        "price",
        "price_currency",
        "created_at",
        "sent_at",
        "next_try_at",
    )
    readonly_fields = fields
    ordering = ("-id",)

    @admin.display(description="kind")
    def what(self, row: Message) -> str:
        return KINDS.get(row.kind, row.kind)

    @admin.display(description="about")
    def leads_to(self, row: Message) -> str:
        if not row.about.startswith("shp_"):
            return row.about
        return format_html('<a href="{}">the shipment</a>', reverse("admin:shipment", args=[row.about]))

    @admin.display(description="to")
    def masked_to(self, row: Message) -> str:
        return mask(row.to)

    @admin.display(description="provider's answer")
    def trouble(self, row: Message) -> str:
        return provider_words(row.error)


@admin.register(StaffAction, site=site)
class StaffActionAdmin(Records):
    list_display = ("at", "who", "action", "about", "reason", "outcome")
    list_filter = ("action", "outcome")
    filters_besides = ("about",)
    fields = ("public_id", "at", "who", "action", "about", "reason", "outcome", "details", "request_id")
    readonly_fields = fields
    list_select_related: ClassVar = ("staff",)
    ordering = ("-id",)

    @admin.display(description="who")
    def who(self, row: StaffAction) -> str:
        return name_of(row.staff)
