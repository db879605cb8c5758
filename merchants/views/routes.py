"""A courier's runs: plan, show."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.refusals import Refusal
from api.schema import refuses
from fleet.models import Courier, Stop
from handoffs.plan import StopDraft, plan_route
from merchants.describe import describe
from merchants.forms import NewRouteSerializer
from merchants.shapes import PlannedRouteSerializer, shown_routes
from merchants.views.base import MerchantView


class Routes(MerchantView):
    @refuses("not_found", "illegal_transition")
    @describe("create_route", takes=NewRouteSerializer, answers=PlannedRouteSerializer, status=201)
    def post(self, request: Request) -> HttpResponse:
        """Plan a courier's run of one day. Where they have one that day, these stops are put on it."""
        wanted = self.read(NewRouteSerializer)
        courier = self.courier(wanted["courier"])
        if isinstance(courier, Refusal):
            return self.refuse(courier)
        route = plan_route(
            within=self.shipments(),
            courier=courier,
            date=wanted["date"],
            stops=[StopDraft(**stop) for stop in wanted["stops"]],
            actor=self.actor,
        )
        if isinstance(route, Refusal):
            return self.refuse(route)
        shown = shown_routes(self.shipments()).get(pk=route.pk)
        return Response(PlannedRouteSerializer(shown).data, status=status.HTTP_201_CREATED)


class OneRoute(MerchantView):
    @describe("get_route_plan", answers=PlannedRouteSerializer)
    def get(self, request: Request, route_id: str) -> HttpResponse:
        """A run of one's own courier, or of a shared one who carries something of one's own."""
        carries = Stop.objects.filter(route=OuterRef("pk"), shipment__in=self.shipments())
        mine = Courier.objects.for_mode(livemode=self.caller.livemode).filter(depot__merchant=self.merchant)
        own = Q(courier__in=mine) | Exists(carries)
        route = shown_routes(self.shipments()).filter(own, public_id=route_id).first()
        return self.refuse("not_found") if route is None else Response(PlannedRouteSerializer(route).data)
