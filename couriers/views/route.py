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
from couriers.shapes import RouteSerializer, route_as_shown
from couriers.views.base import CourierView
from fleet.models import Route, Stop
from orders.models import Status

NO_ROUTE = Refusal("not_found", "You have no route at the moment.")
IF_NONE_MATCH = OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER)


class CurrentRoute(CourierView):
    @extend_schema(
        operation_id="get_route",
        parameters=[IF_NONE_MATCH],
        responses={200: RouteSerializer, 304: OpenApiResponse(description="It is as the ETag says.")},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The stops of the current run, and after them those of other runs that are still out."""
        route = Route.objects.current_of(self.courier)
        if route is None:
            return self.refuse(NO_ROUTE)
        route.courier = self.courier
        mine = Stop.objects.current().filter(
            Q(route=route) | Q(route__courier=self.courier, shipment__status=Status.OUT_FOR_DELIVERY)
        )
        stops = mine.order_by("-route__date", "sequence", "pk")
        return self._unless_known(to_json(route_as_shown(route, stops)))

    def _unless_known(self, body: bytes) -> HttpResponseBase:
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        answer = HttpResponse(body, content_type="application/json")
        answer["ETag"] = etag
        answer["Cache-Control"] = "private, no-cache"
        return get_conditional_response(self.request._request, etag=etag, response=answer) or answer
