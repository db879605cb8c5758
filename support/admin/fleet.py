"""Depots, couriers and their handhelds."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from fleet.models import Courier, Depot, Device
from support.admin.base import Records, RecordsInline, Rows
from support.site import site


class DevicesInline(RecordsInline):
    model = Device
    fields = ("name", "public_id", "created_at", "revoked_at", "revoke")
    readonly_fields = fields
    verbose_name_plural = "Handhelds"
    ordering = ("-id",)

    @admin.display(description="")
    def revoke(self, device: Device) -> str:
        return revoke_link(device)


def revoke_link(device: Device) -> str:
    if device.revoked_at is not None:
        return "revoked"
    return format_html('<a href="{}">Revoke</a>', reverse("admin:device-revoke", args=[device.public_id]))


@admin.register(Courier, site=site)
class CourierAdmin(Rows):
    """Who is not active can do nothing from then on; nobody is deleted, because proofs name them."""

    list_display = ("name", "depot", "active", "livemode", "handhelds", "created_at")
    list_filter = ("active", "livemode", "depot")
    list_select_related: ClassVar = ("depot",)
    fields = ("name", "depot", "active", "livemode", "account")
    ordering = ("name",)
    inlines = (DevicesInline,)
    change_form_template = "support/courier.html"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"livemode": True, **super().get_changeform_initial_data(request)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Courier]:
        live = Count("devices", filter=Q(devices__revoked_at=None))
        couriers: QuerySet[Courier] = super().get_queryset(request).annotate(live_devices=live)
        return couriers

    @admin.display(description="handhelds in use")
    def handhelds(self, row: Any) -> int:
        number: int = row.live_devices
        return number


@admin.register(Depot, site=site)
class DepotAdmin(Rows):
    list_display = ("name", "merchant", "timezone")
    list_filter = ("merchant",)
    list_select_related: ClassVar = ("merchant",)
    fields = ("name", "merchant", "timezone")
    ordering = ("name",)


@admin.register(Device, site=site)
class DeviceAdmin(Records):
    list_display = ("public_id", "name", "courier", "created_at", "revoked_at", "revoke")
    fields = ("public_id", "name", "courier", "created_at", "revoked_at")
    readonly_fields = fields
    list_select_related: ClassVar = ("courier",)
    ordering = ("-id",)

    @admin.display(description="")
    def revoke(self, device: Device) -> str:
        return revoke_link(device)
