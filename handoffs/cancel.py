"""Calling a delivery off."""

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from handoffs.dispatch import illegal_transition
from handoffs.models import DeliveryCode
from handoffs.release.expire import withdraw_release
from handoffs.typos import give_back_typos
from orders.models import Actor, Fact, Shipment, Status
from orders.models.shipments import ShipmentQuerySet


def cancel(*, within: ShipmentQuerySet, shipment_id: str, actor: Actor) -> Shipment | Refusal:
    """Cancel a shipment that was not delivered or sent back. While it is out, its stop tells the handheld.

    Refuses with not_found or illegal_transition.
    """
    now = timezone.now()
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return Refusal("not_found")
        if not shipment.may_become(Status.CANCELLED):
            return illegal_transition(shipment)
        shipment.become(Status.CANCELLED, [Fact("shipment.cancelled", actor)], at=now)
        DeliveryCode.objects.close(shipment, now)
        withdraw_release(shipment, now)
        give_back_typos(shipment)
        return shipment
