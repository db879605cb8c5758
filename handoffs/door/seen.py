"""What the two ways through the door exchange with whoever judges."""

from dataclasses import dataclass

from fleet.models import Device, Stop
from fleet.position import Position
from handoffs.models import CodeCheck, DeliveryCode, ProofOfDelivery
from handoffs.models.budget import Standing


@dataclass(frozen=True)
class Seen:
    """What was read after the lock: the stop with its courier, depot, shipment, order and merchant."""

    device: Device
    stop: Stop
    latest: DeliveryCode | None
    standing: Standing


@dataclass(frozen=True)
class Delivery:
    """A shipment that is being handed over. `code`: the generation that is charged and consumed with it."""

    stop: Stop
    check: CodeCheck
    proof: ProofOfDelivery
    location: Position | None
    code: DeliveryCode | None
