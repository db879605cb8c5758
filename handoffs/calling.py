"""When somebody may be called by itself: not at night, unless the courier is at the door."""

from datetime import UTC, datetime, time, timedelta

from fleet.near import has_arrived
from orders.models import Shipment

CALLS_FROM, CALLS_UNTIL = time(8), time(21)  # by the clock of the address


def calling_time(shipment: Shipment, now: datetime) -> datetime | None:
    """When a call may be made by itself; None for at once."""
    local = now.astimezone(shipment.order.zone)
    if CALLS_FROM <= local.time() < CALLS_UNTIL or has_arrived(shipment.pk):
        return None
    day = local.date() + timedelta(days=1) if local.time() >= CALLS_UNTIL else local.date()
    return datetime.combine(day, CALLS_FROM, shipment.order.zone).astimezone(UTC)
