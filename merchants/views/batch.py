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
from merchants.forms import MAX_BATCH, BatchSerializer, NewOrderSerializer, order_draft
from merchants.shapes import OrderSerializer, shown_orders
from merchants.views.base import MerchantView
from orders.models import Order
from orders.place import place_orders

RESULT = inline_serializer(
    "BatchResult",
    {
        "status": serializers.IntegerField(help_text="201, or that of the problem."),
        "order": OrderSerializer(required=False),
        "problem": serializers.DictField(required=False, help_text="As it would have been answered alone."),
    },
)
TAKES = inline_serializer(
    "Batch", {"orders": serializers.ListField(child=NewOrderSerializer(), min_length=1, max_length=MAX_BATCH)}
)
ANSWERS = inline_serializer("BatchResults", {"results": serializers.ListField(child=RESULT)})


class OrdersBatch(MerchantView):
    max_body_bytes = 8 * 1_048_576

    def prepare(self) -> None:
        """The form of each order, and the drafts of those that have it."""
        self.forms = [NewOrderSerializer(data=body) for body in self.read(BatchSerializer)["orders"]]
        self.drafts = [order_draft(dict(form.validated_data)) for form in self.forms if form.is_valid()]

    @describe("create_orders", takes=TAKES, answers=ANSWERS)
    def post(self, request: Request) -> HttpResponse:
        """Up to 1 000 orders, of 20 000 parcels in all; one that is refused does not stop the others. The
        results come in order."""
        placed = iter(place_orders(merchant=self.merchant, livemode=self.caller.livemode, drafts=self.drafts))
        outcomes = [_malformed(form) if form.errors else next(placed) for form in self.forms]
        rows = shown_orders().filter(pk__in=[each.pk for each in outcomes if isinstance(each, Order)])
        orders = {order.pk: order for order in rows}
        return Response({"results": [self.result(outcome, orders) for outcome in outcomes]})

    def result(self, outcome: Order | Refusal, orders: dict[int, Order]) -> dict[str, Any]:
        if isinstance(outcome, Order):
            return {"status": 201, "order": OrderSerializer(orders[outcome.pk]).data}
        problem = problem_body(outcome, instance=self.request.path)
        return {"status": problem["status"], "problem": problem}


def _malformed(form: NewOrderSerializer) -> Refusal:
    return Refusal("validation_failed", members={"errors": flatten(form.errors)})
