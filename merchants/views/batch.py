"""Many orders in one request, each by itself."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import flatten
from api.problems import problem_body
from api.refusals import Refusal
from merchants.describe import describe
from merchants.forms import BatchSerializer, NewOrderSerializer, order_draft
from merchants.shapes import OrderSerializer, shown_orders
from merchants.views.base import MerchantView
from orders.models import Order
from orders.place import place_order

RESULT = inline_serializer(
    "BatchResult",
    {
        "status": serializers.IntegerField(help_text="201, or that of the problem."),
        "order": OrderSerializer(required=False),
        "problem": serializers.DictField(required=False, help_text="As it would have been answered alone."),
    },
)
TAKES = inline_serializer("Batch", {"orders": serializers.ListField(child=NewOrderSerializer())})
ANSWERS = inline_serializer("BatchResults", {"results": serializers.ListField(child=RESULT)})


class OrdersBatch(MerchantView):
    max_body_bytes = 8 * 1_048_576

    @describe("create_orders", takes=TAKES, answers=ANSWERS)
    def post(self, request: Request) -> HttpResponse:
        """Up to 1 000 orders; one that is refused does not stop the others. The results come in order."""
        outcomes = [self.place(body) for body in self.read(BatchSerializer)["orders"]]
        placed = [outcome.pk for outcome in outcomes if isinstance(outcome, Order)]
        orders = {order.pk: order for order in shown_orders().filter(pk__in=placed)}
        return Response({"results": [self.result(outcome, orders) for outcome in outcomes]})

    def place(self, body: Any) -> Order | Refusal:
        form = NewOrderSerializer(data=body)
        if not form.is_valid():
            return Refusal("validation_failed", members={"errors": flatten(form.errors)})
        draft = order_draft(dict(form.validated_data))
        return place_order(merchant=self.merchant, livemode=self.caller.livemode, draft=draft)

    def result(self, outcome: Order | Refusal, orders: dict[int, Order]) -> dict[str, Any]:
        if isinstance(outcome, Order):
            return {"status": 201, "order": OrderSerializer(orders[outcome.pk]).data}
        problem = problem_body(outcome, instance=self.request.path)
        return {"status": problem["status"], "problem": problem}
