"""What a courier does at a stop besides handing over."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.refusals import Refusal
from api.schema import refuses
from api.serializers import NothingSerializer
from api.throttling import Limit, Spent
from couriers.forms import ArrivalSerializer, FailureSerializer, ResendSerializer, position_of
from couriers.shapes import ResentSerializer, StopSerializer
from couriers.views.base import CourierView
from handoffs.limits import SEND_COOLDOWN
from handoffs.reopen import reopen
from handoffs.resend import resend_at_door
from handoffs.visit import arrive, fail
from orders.masking import mask

COOLDOWN = Limit("resend", quota=1, window_seconds=int(SEND_COOLDOWN.total_seconds()))


class Arrive(CourierView):
    @refuses("illegal_transition")
    @extend_schema(operation_id="arrive_at_stop", request=ArrivalSerializer, responses={200: StopSerializer})
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """The courier is at the door, they say. The first time counts; again changes nothing."""
        form = self.read(ArrivalSerializer)
        return self.answer_stop(
            arrive(
                device=self.device,
                shipment_id=shipment_id,
                location=position_of(form.get("location")),
                occurred_at=form.get("occurred_at"),
            )
        )


class Fail(CourierView):
    @refuses("illegal_transition", "recipient_here")
    @extend_schema(operation_id="fail_stop", request=FailureSerializer, responses={200: StopSerializer})
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """A visit without a handoff, and why."""
        form = self.read(FailureSerializer)
        return self.answer_stop(
            fail(
                device=self.device,
                shipment_id=shipment_id,
                reason=form["reason"],
                note=form["note"],
                photo_id=form.get("photo"),
                location=position_of(form.get("location")),
                occurred_at=form.get("occurred_at"),
            )
        )


class Reopen(CourierView):
    @refuses("illegal_transition")
    @extend_schema(operation_id="reopen_stop", request=None, responses={200: StopSerializer})
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """The recipient turned up after all, on the same day."""
        self.read(NothingSerializer)
        return self.answer_stop(reopen(device=self.device, shipment_id=shipment_id))


class Resend(CourierView):
    @refuses("not_out_for_delivery", "illegal_transition", "code_locked", "rate_limited")
    @extend_schema(operation_id="resend_code", request=ResendSerializer, responses={202: ResentSerializer})
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """Tell the recipient their code once more; the next one where its time is over. Never shown here."""
        channel = self.read(ResendSerializer).get("channel")
        resent = resend_at_door(device=self.device, shipment_id=shipment_id, channel=channel)
        if isinstance(resent, Refusal):
            if "retry_after" in resent.members:
                self._tell_limit(resent.members["retry_after"])
            return self.refuse(resent)
        self._tell_limit(COOLDOWN.window_seconds)
        answer = {
            "channel": resent.message.channel,
            "to": mask(resent.message.to),
            "next_allowed_at": resent.next_allowed_at,
        }
        return Response(answer, status=status.HTTP_202_ACCEPTED)

    def _tell_limit(self, resets_in: int) -> None:
        self.headers.update(Spent(COOLDOWN, COOLDOWN.quota, resets_in).headers())
