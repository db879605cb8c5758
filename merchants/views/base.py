"""What the merchant's endpoints share."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from api.pagination import page_of
from api.permissions import OnlyMerchants
from api.refusals import Refusal
from api.tokens import Caller
from api.views import ApiView
from fleet.models import Courier
from orders.checking import Fault, validation_failed
from orders.models import Actor, Merchant, Order, Shipment
from orders.models.shipments import ShipmentQuerySet


class MerchantView(ApiView):
    """An endpoint for a merchant's key. Whatever it looks up, it looks up among what is this merchant's."""

    permission_classes = (OnlyMerchants,)

    @property
    def caller(self) -> Caller:
        caller: Any = self.request.user
        assert isinstance(caller, Caller)
        return caller

    @property
    def merchant(self) -> Merchant:
        merchant: Merchant = self.caller.row.merchant
        return merchant

    @property
    def actor(self) -> Actor:
        return Actor("merchant", self.merchant.public_id)

    def orders(self, among: QuerySet[Order]) -> QuerySet[Order]:
        return among.filter(merchant=self.merchant, livemode=self.caller.livemode)

    def shipments(self, among: ShipmentQuerySet | None = None) -> ShipmentQuerySet:
        every = Shipment.objects.all() if among is None else among
        return every.of(self.merchant, livemode=self.caller.livemode)

    def courier(self, public_id: str) -> Courier | Refusal:
        """A courier this merchant may send out. Refuses with not_found, or with validation_failed."""
        known = Courier.objects.visible_to(self.merchant).select_related("depot")
        found = known.filter(public_id=public_id).first()
        if found is None:
            return Refusal("not_found", detail="There is no such courier, or not for you.")
        if not found.active:
            return validation_failed(Fault("/courier", "inactive", "This courier is not active."))
        return found

    def list_of(
        self, rows: QuerySet[Any], shape: type[serializers.Serializer[Any]], *, oldest_first: bool = False
    ) -> Response:
        """One page of a list, as the query asks for it."""
        page = page_of(
            rows,
            path=self.request.path,
            limit=self.query_data["limit"],
            cursor=self.query_data.get("cursor"),
            oldest_first=oldest_first,
        )
        return Response({"data": shape(page.rows, many=True).data, "next": page.next})
