"""The recipient says that they did not get what was handed over."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from handoffs.dispatch import illegal_transition
from handoffs.limits import DISPUTE_WINDOW
from orders.models import Actor, Fact, Shipment, Status
from orders.models.shipments import ShipmentQuerySet


def dispute(*, within: ShipmentQuerySet, shipment_id: str, actor: Actor) -> Shipment | Refusal:
    """Put it on record, for the merchant and support to look into. A second time changes nothing.

    Refuses with not_found or, before the handoff and after the window, illegal_transition.
    """
    now = timezone.now()
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return Refusal("not_found")
        if shipment.disputed_at is not None:
            return shipment
        if not may_dispute(shipment, now):
            return illegal_transition(shipment)
        shipment.record([Fact("shipment.disputed", actor)], at=now, disputed_at=now)
        return shipment


def disputable_until(shipment: Shipment) -> datetime | None:
    """The end of the window; None where nothing was handed over."""
    return shipment.delivered_at + DISPUTE_WINDOW if shipment.delivered_at else None


def may_dispute(shipment: Shipment, now: datetime) -> bool:
    until = disputable_until(shipment)
    return shipment.status == Status.DELIVERED and until is not None and now < until
