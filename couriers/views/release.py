"""Asking to hand over without a code, and looking what became of it."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.refusals import Refusal
from api.schema import refuses
from api.throttling import Limit, Spent
from couriers.forms import ReleaseSerializer
from couriers.shapes import ReleaseShapeSerializer
from couriers.views.base import CourierView
from handoffs.limits import RELEASES_PER_COURIER
from handoffs.models import ReleaseRequest
from handoffs.release.ask import ask_release, release_state

A_DAY = Limit("releases", quota=dict(RELEASES_PER_COURIER)[1], window_seconds=24 * 60 * 60)


class Release(CourierView):
    @refuses("not_out_for_delivery", "illegal_transition", "too_early", "rate_limited")
    @extend_schema(
        operation_id="ask_for_release", request=ReleaseSerializer, responses={202: ReleaseShapeSerializer}
    )
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """Ask to hand over without the code, with a reason and evidence. Staff decide; the recipient is told.
        While one is open, asking again answers that one."""
        form = self.read(ReleaseSerializer)
        asked = ask_release(
            device=self.device,
            shipment_id=shipment_id,
            reason=form["reason"],
            note=form["note"],
            identity_seen=form["identity_seen"],
            photo_id=form.get("photo"),
        )
        if isinstance(asked, Refusal) and "retry_after" in asked.members:
            self.headers.update(Spent(A_DAY, A_DAY.quota, asked.members["retry_after"]).headers())
        return self._told(asked, status.HTTP_202_ACCEPTED)

    @refuses("not_found")
    @extend_schema(operation_id="get_release", responses={200: ReleaseShapeSerializer})
    def get(self, request: Request, shipment_id: str) -> HttpResponse:
        """How the newest request of this visit stands. Once it is `approved`, `handoff` takes neither code
        nor QR until `expires_at`."""
        return self._told(release_state(device=self.device, shipment_id=shipment_id), status.HTTP_200_OK)

    def _told(self, outcome: ReleaseRequest | Refusal, status_code: int) -> HttpResponse:
        if isinstance(outcome, Refusal):
            return self.refuse(outcome)
        return Response(ReleaseShapeSerializer(outcome).data, status=status_code)
