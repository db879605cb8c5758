"""The courier's run."""

import hashlib

from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from api.encoding import to_json
from api.refusals import Refusal
from api.schema import refuses
from api.serializers import NothingSerializer
from couriers.shapes import RouteSerializer, route_as_shown
from couriers.views.base import CourierView
from fleet.models import Route, Stop
from handoffs.start import start
from orders.models import Status

IF_NONE_MATCH = OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER)


class RouteView(CourierView):
    """Answers with the run: its stops, and after them those of other runs that are still out."""

    def answer_route(self, route: Route) -> HttpResponse:
        route.courier = self.courier
        mine = Stop.objects.current().filter(
            Q(route=route) | Q(route__courier=self.courier, shipment__status=Status.OUT_FOR_DELIVERY)
        )
        if self.courier.livemode:  # what somebody tried on them before their first real parcel
            mine = mine.filter(shipment__order__livemode=True)
        body = to_json(route_as_shown(route, mine.order_by("-route__date", "sequence", "pk")))
        return HttpResponse(body, content_type="application/json")


class CurrentRoute(RouteView):
    @refuses("not_found")
    @extend_schema(
        operation_id="get_route",
        parameters=[IF_NONE_MATCH],
        responses={200: RouteSerializer, 304: OpenApiResponse(description="It is as the ETag says.")},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The current run with its stops, and after them those of other runs that are still out."""
        route = Route.objects.current_of(self.courier)
        if route is None:
            return self.refuse(Refusal("not_found", "You have no route at the moment."))
        answer = self.answer_route(route)
        etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
        answer["ETag"] = etag
        answer["Cache-Control"] = "private, no-cache"
        return get_conditional_response(request._request, etag=etag, response=answer) or answer


class StartRoute(RouteView):
    @refuses("not_found")
    @extend_schema(operation_id="start_route", request=None, responses={200: RouteSerializer})
    def post(self, request: Request) -> HttpResponse:
        """Set out: all of the run's shipments that may go are out for delivery. Again, it sends out what was
        added since."""
        self.read(NothingSerializer)
        started = start(device=self.device)
        return self.refuse(started) if isinstance(started, Refusal) else self.answer_route(started)
