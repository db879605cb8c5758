"""What a signed proof of delivery says: ids, words of the API and times. No code, and nothing personal."""

from typing import Any

from django.conf import settings

from api.times import rfc3339
from handoffs.models import ProofOfDelivery
from orders.models.events import CANONICAL

Statement = dict[str, Any]


def statement_of(proof: ProofOfDelivery) -> Statement:
    """The statement of this proof. Load it with courier, shipment, order and merchant.

    Where the parcel was handed over is left out: a position is personal, and has to be erasable.
    """
    order = proof.shipment.order
    delegate = {"delegate": proof.delegate_number} if proof.delegate_number else {}
    return {
        **delegate,
        "code_reason": str(proof.code_reason),
        "courier": proof.courier.public_id,
        "delivered_at": rfc3339(proof.delivered_at),
        "events_head": proof.events_head,
        "id": proof.public_id,
        "issuer": settings.PUBLIC_URL,
        "livemode": order.livemode,
        "merchant": order.merchant.public_id,
        "method": str(proof.method),
        "occurred_at": rfc3339(proof.occurred_at) if proof.occurred_at else None,
        "order": order.public_id,
        "received_by": str(proof.received_by),
        "shipment": proof.shipment.public_id,
    }


def canonical(value: Statement) -> bytes:
    """The one way its bytes are written: names sorted, no spaces, UTF-8, as an event's are for its hash."""
    return CANONICAL.encode(value).encode()
