"""Sending a shipment back to where it came from."""

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from handoffs.dispatch import illegal_transition
from handoffs.messages import send_returned
from handoffs.models import DeliveryCode
from handoffs.typos import give_back_typos
from orders.models import Actor, Fact, Shipment, Status
from orders.models.shipments import ShipmentQuerySet


def send_back(*, within: ShipmentQuerySet, shipment_id: str, actor: Actor) -> Shipment | Refusal:
    """On its way back after a failed visit. Its code ends: nobody will hand it over any more.

    Refuses with not_found or illegal_transition.
    """
    now = timezone.now()
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return Refusal("not_found")
        if not shipment.may_become(Status.RETURNING):
            return illegal_transition(shipment)
        shipment.become(Status.RETURNING, [Fact("shipment.returning", actor)], at=now)
        DeliveryCode.objects.close(shipment, now)
        return shipment


def take_back(*, within: ShipmentQuerySet, shipment_id: str, actor: Actor) -> Shipment | Refusal:
    """It has come back, and is closed with that. Refuses with not_found or illegal_transition."""
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return Refusal("not_found")
        if not shipment.may_become(Status.RETURNED):
            return illegal_transition(shipment)
        shipment.become(Status.RETURNED, [Fact("shipment.returned", actor)])
        give_back_typos(shipment)
        send_returned(shipment)
        return shipment
