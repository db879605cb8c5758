"""What the two ways through the door exchange with whoever judges."""

from dataclasses import dataclass

from fleet.models import Device, Stop
from fleet.position import Position
from handoffs.models import CodeCheck, DeliveryCode, ProofOfDelivery, ReleaseRequest
from handoffs.models.budget import Standing
from handoffs.models.proof import RELEASED


@dataclass(frozen=True)
class Asked:
    """Which stop is looked for: that of this shipment with the courier whose handheld has this token. And
    whether they used this key before."""

    token_digest: str
    shipment_id: str
    key_digest: str


@dataclass(frozen=True)
class Seen:
    """What was read after the lock: the stop with its courier, depot, shipment, order and merchant."""

    device: Device
    stop: Stop
    latest: DeliveryCode | None
    standing: Standing


@dataclass(frozen=True)
class Delivery:
    """A shipment that is being handed over. `code`: the generation that is charged and consumed with it;
    `wrong_before`: how many wrong ones were charged in the shipment's life."""

    stop: Stop
    check: CodeCheck
    proof: ProofOfDelivery
    location: Position | None
    code: DeliveryCode | None
    wrong_before: int = 0
    release: ReleaseRequest | None = None
    photo_id: str | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing but the delivery itself is written: no photo, release or typo with it."""
        proof = self.proof
        released = self.release or proof.method in RELEASED or self.stop.shipment.release_open
        return not (released or self.wrong_before or self.photo_id or proof.delegate_number)
