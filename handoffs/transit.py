"""On the way to the depot."""

from django.db import transaction

from api.refusals import Refusal
from handoffs.dispatch import illegal_transition
from handoffs.messages import send_needs_code
from orders.models import Actor, Fact, Shipment, Status
from orders.models.shipments import ShipmentQuerySet


def put_in_transit(*, within: ShipmentQuerySet, shipment_id: str, actor: Actor) -> Shipment | Refusal:
    """The carrier has it, and the recipient hears that a code will be needed. Once in transit it stays so.

    Refuses with not_found or illegal_transition.
    """
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return Refusal("not_found")
        if shipment.status == Status.IN_TRANSIT:
            return shipment
        if not shipment.may_become(Status.IN_TRANSIT):
            return illegal_transition(shipment)
        shipment.become(Status.IN_TRANSIT, [Fact("shipment.in_transit", actor)])
        send_needs_code([shipment])
        return shipment
