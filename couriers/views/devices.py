"""Enrolling a handheld, and signing it out."""

import hashlib
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.encoding import canonical_json
from api.refusals import Refusal
from api.schema import refuses
from api.throttling import Limit
from api.views import ApiView
from couriers.forms import NewDeviceSerializer
from couriers.shapes import NewDeviceShapeSerializer
from couriers.views.base import CourierView
from fleet.enrol import enrol
from fleet.enrolment_codes import clean_enrolment_code
from fleet.shapes import CourierSerializer


class Devices(ApiView):
    """Who has no token yet proves with an enrolment code who they are."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = (Limit("enrolments", quota=30, window_seconds=60),)

    @refuses("authentication_failed")
    @extend_schema(
        operation_id="enrol_device", request=NewDeviceSerializer, responses={201: NewDeviceShapeSerializer}
    )
    def post(self, request: Request) -> HttpResponse:
        """Bind this handheld to a courier. The code works once; the same Idempotency-Key and request get the
        same token again."""
        form = self.read(NewDeviceSerializer)
        enrolled = enrol(enrolment_code=form["enrolment_code"], name=form["name"])
        if isinstance(enrolled, Refusal):
            return self.refuse(enrolled)
        device, token = enrolled
        courier = CourierSerializer(device.courier).data
        answer = {"token": token, "device": device.public_id, "courier": courier}
        return Response(answer, status=status.HTTP_201_CREATED)

    def idempotency_scope(self) -> str:
        """The enrolment code is all that this caller is known by. A plain digest, which a change of
        SECRET_KEY does not alter: it is stored with an answer, so only of a code that works no more."""
        body: Any = self.request.data
        code = body.get("enrolment_code") if isinstance(body, dict) else None
        if not isinstance(code, str):
            code = canonical_json(body).decode()
        return f"enrolment:{hashlib.sha256(clean_enrolment_code(code).encode()).hexdigest()}"


class CurrentDevice(CourierView):
    @extend_schema(operation_id="sign_out_device", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign this handheld out: its token ends at once."""
        self.device.revoke()
        return Response(status=status.HTTP_204_NO_CONTENT)
