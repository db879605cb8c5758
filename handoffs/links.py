"""Whose link it is: what a page behind `/o/{tracking}.{proof}/` may show."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from codes.derivation import Generation, derive_link_proof
from handoffs.holders import code_of, living_among
from handoffs.models import Delegate, DeliveryCode
from handoffs.models.codes import RECIPIENT
from handoffs.models.delegates import delegates_of
from orders.models import Shipment, Status

RECEIPT = "receipt/v1"


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


@dataclass(frozen=True)
class Pass:
    """What a delegate's link opens: their code in the living generation, and nothing else."""

    code: DeliveryCode
    delegate: Delegate
    digits: str = field(repr=False)


def pass_of(shipment: Shipment, proof: str, now: datetime) -> Pass | None:
    """The pass whose link carries this proof, compared in constant time with each that holds.

    None for every other proof alike: made up, the recipient's, of an earlier generation, of a pass that was
    taken back or is over. Costs no statement where the shipment never had one.
    """
    delegates = delegates_of(shipment)
    code = DeliveryCode.objects.living().filter(shipment=shipment).first() if delegates else None
    if code is None or code.is_over(now):
        return None
    code.shipment = shipment
    found = [each for each in living_among(delegates, now) if code.opens_for(proof, each.holder)]
    return Pass(code, found[0], code_of(code, delegates, found[0], now)) if found else None


def opens_receipt(shipment: Shipment, proof: str) -> bool:
    """Whether this is the proof of its receipt's link, made with any master key that is still known; compared
    in constant time. That link can say that the parcel was not received, and nothing else."""
    given = proof.encode("utf-8", "replace")
    found = [hmac.compare_digest(each.encode(), given) for each in _receipt_proofs(shipment)]
    return shipment.status == Status.DELIVERED and any(found)


def receipt_proof_of(shipment: Shipment) -> str:
    """What makes the link in the receipt its own.

    The codes' nonces are erased by then, and none is needed: who has the master key and the database could
    compute it, and then only say that a parcel was not received.
    """
    return _receipt_proofs(shipment)[-1]


def _receipt_proofs(shipment: Shipment) -> list[str]:
    of_it = Generation(RECEIPT, shipment.public_id, 0, nonce=b"")
    return [derive_link_proof(master, of_it, RECIPIENT) for master in settings.DELIVERY_CODE_KEYS.values()]
