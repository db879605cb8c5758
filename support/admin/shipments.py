"""The list of shipments, for looking through. Each leads to its page; looking one up is the search's."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from handoffs.state import code_state, newest_code_of, newest_codes
from orders.models import Shipment
from support.admin.base import Records
from support.admin.records import link_to
from support.site import site
from support.words import code_words


@admin.register(Shipment, site=site)
class ShipmentAdmin(Records):
    list_display = ("leads_to", "reference", "merchant", "status", "code", "created_at")
    list_display_links = None
    list_filter = ("status", "code_required", "order__livemode", "order__merchant")
    list_select_related: ClassVar = ("order__merchant",)
    fields = ("public_id",)
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shipment]:
        return super().get_queryset(request).prefetch_related(newest_codes())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The shipment's own page says more."""
        shipment = self.get_object(request, object_id)
        if shipment is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        return redirect("admin:shipment", shipment.public_id)

    @admin.display(description="tracking number")
    def leads_to(self, row: Shipment) -> str:
        return link_to(row)

    @admin.display(description="merchant")
    def merchant(self, row: Shipment) -> str:
        return row.order.merchant.name

    @admin.display(description="code")
    def code(self, row: Shipment) -> str:
        latest = newest_code_of(row)
        return code_words(code_state(row, latest, timezone.now()), latest)
