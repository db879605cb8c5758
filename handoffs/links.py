"""Whose link it is: what a page behind `/o/{tracking}.{proof}/` may show."""

from datetime import datetime

from handoffs.models import DeliveryCode
from orders.models import Shipment


def holder_of(shipment: Shipment, proof: str, now: datetime) -> DeliveryCode | None:
    """The living generation whose recipient's link carries this proof, compared in constant time.

    None for every other proof alike: made up, of an earlier generation, or of one whose time is over (by the
    clock alone, whether or not the sweep has ended it).
    """
    code = DeliveryCode.objects.living().filter(shipment=shipment).first()
    if code is None or code.is_over(now):
        return None
    code.shipment = shipment
    return code if code.opens_for(proof) else None
