"""What the courier's endpoints share."""

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from api.permissions import OnlyCouriers
from api.refusals import Refusal
from api.tokens import Caller
from api.views import ApiView
from couriers.shapes import stops_as_shown
from fleet.models import Courier, Device, Stop


class CourierView(ApiView):
    """An endpoint for a handheld. Whatever it looks up, it looks up through its courier's stops."""

    permission_classes = (OnlyCouriers,)

    @property
    def device(self) -> Device:
        caller: Any = self.request.user
        assert isinstance(caller, Caller)
        device: Device = caller.row
        return device

    @property
    def courier(self) -> Courier:
        return self.device.courier

    def answer_stop(self, outcome: Stop | Refusal) -> HttpResponse:
        """What is done at a stop answers with the stop."""
        if isinstance(outcome, Refusal):
            return self.refuse(outcome)
        return Response(stops_as_shown(Stop.objects.filter(pk=outcome.pk))[0])
