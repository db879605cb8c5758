"""The recipient turned up after all."""

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Device, Stop
from handoffs.dispatch import illegal_transition, send_out
from handoffs.hold import hold_stop
from handoffs.models import DeliveryAttempt
from handoffs.visit import actor_of
from orders.models import Status


def reopen(*, device: Device, shipment_id: str) -> Stop | Refusal:
    """Send a shipment out again whose visit failed earlier on this day of the depot.

    Its code lives on and is not told again; where its time is over, the next one goes out. Refuses with
    not_found, authentication_failed or, on a later day too, illegal_transition.
    """
    now = timezone.now()
    with transaction.atomic():
        stop = hold_stop(device, shipment_id)
        if isinstance(stop, Refusal):
            return stop
        shipment, courier = stop.shipment, stop.route.courier
        if shipment.status != Status.ATTEMPT_FAILED:
            return illegal_transition(shipment)
        failed = DeliveryAttempt.objects.filter(stop=stop).order_by("-pk").first()
        if failed is None or courier.depot.today(failed.at) != courier.depot.today(now):
            refusal = illegal_transition(shipment)
            return Refusal(refusal.code, "The visit did not fail today, with you.", refusal.members)
        send_out([shipment], courier, actor_of(device), now, repeat=False)
        return stop
