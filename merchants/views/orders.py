"""Orders: create, list, show."""

from django.http import HttpResponse
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.refusals import Refusal
from api.schema import refuses
from merchants.describe import describe, describe_list
from merchants.forms import NewOrderSerializer, OrdersQuery, order_draft
from merchants.shapes import OrderSerializer, shown_orders
from merchants.views.base import MerchantView
from orders.place import place_order


class Orders(MerchantView):
    query = OrdersQuery

    @describe_list("list_orders", OrderSerializer)
    def get(self, request: Request) -> Response:
        """The newest first. `?reference=` finds one."""
        orders = self.orders(shown_orders())
        if "reference" in self.query_data:
            orders = orders.filter(reference=self.query_data["reference"])
        return self.list_of(orders, OrderSerializer)

    @refuses("reference_taken")
    @describe("create_order", takes=NewOrderSerializer, answers=OrderSerializer, status=201)
    def post(self, request: Request) -> HttpResponse:
        """Create an order with its shipments. Whether each needs a code is decided here."""
        draft = order_draft(self.read(NewOrderSerializer))
        placed = place_order(merchant=self.merchant, livemode=self.caller.livemode, draft=draft)
        if isinstance(placed, Refusal):
            return self.refuse(placed)
        order = shown_orders().get(pk=placed.pk)
        return Response(OrderSerializer(order).data, status=status.HTTP_201_CREATED)


class OneOrder(MerchantView):
    @describe("get_order", answers=OrderSerializer)
    def get(self, request: Request, order_id: str) -> HttpResponse:
        """One order with its shipments."""
        order = self.orders(shown_orders()).filter(public_id=order_id).first()
        return self.refuse("not_found") if order is None else Response(OrderSerializer(order).data)
