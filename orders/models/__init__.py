"""The facts of a delivery: who sells, what was bought, what is handed over, and what happened."""

from orders.models.events import SYSTEM, Actor, Event, Fact
from orders.models.merchants import HighValueLine, Merchant
from orders.models.orders import Order
from orders.models.preferences import DeliveryPreference
from orders.models.shipments import (
    CLOSED,
    OPEN,
    CodeReason,
    Parcel,
    Shipment,
    Status,
    become_all,
    record_all,
)

__all__ = [
    "CLOSED",
    "OPEN",
    "SYSTEM",
    "Actor",
    "CodeReason",
    "DeliveryPreference",
    "Event",
    "Fact",
    "HighValueLine",
    "Merchant",
    "Order",
    "Parcel",
    "Shipment",
    "Status",
    "become_all",
    "record_all",
]
