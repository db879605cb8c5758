"""The one place where a shipment becomes delivered."""

from datetime import datetime

from api.ids import new_id
from api.rows import unsaved
from fleet.models import Stop
from fleet.position import Position, columns_of
from handoffs.messages import send_receipt
from handoffs.models import CodeCheck, Delegate, ProofOfDelivery
from handoffs.models.proof import RELEASED, Method, ReceivedBy
from handoffs.proofs.signing import sign
from handoffs.proofs.statement import statement_of
from orders.models import Actor, Fact, Status


def new_proof(
    stop: Stop,
    *,
    method: Method,
    received_by: str,
    now: datetime,
    occurred_at: datetime | None,
    delegate: Delegate | None = None,
) -> ProofOfDelivery:
    """The proof of this handoff, not yet stored. `delegate`: whose code was told."""
    return unsaved(
        ProofOfDelivery,
        public_id=new_id("prf"),
        shipment=stop.shipment,
        courier=stop.route.courier,
        method=method,
        received_by=ReceivedBy.DELEGATE if delegate else received_by,
        delegate_number=delegate.number if delegate else None,
        delivered_at=now,
        occurred_at=occurred_at,
        code_reason=stop.shipment.code_reason,
    )


def delivered(proof: ProofOfDelivery, actor: Actor) -> Fact:
    """What the shipment's timeline says of this proof."""
    data: dict[str, object] = {
        "proof": proof.public_id,
        "method": str(proof.method),
        "received_by": str(proof.received_by),
    }
    if proof.delegate_number:
        data["delegate"] = proof.delegate_number
    return Fact("shipment.delivered", actor, data)


def complete(proof: ProofOfDelivery, *, head: str, location: Position | None) -> None:
    """Sign the proof, with `head` the hash of its delivered event, and say where it was."""
    proof.events_head = head
    proof.signature = sign(statement_of(proof))
    for name, value in columns_of(location).items():
        setattr(proof, name, value)


def deliver(
    stop: Stop, proof: ProofOfDelivery, *, actor: Actor, check: CodeCheck, location: Position | None
) -> None:
    """Status, event, signed proof and receipt, in the caller's transaction, with the stop held."""
    stop.shipment.become(Status.DELIVERED, [delivered(proof, actor)], at=proof.delivered_at)
    proof.check_made = check
    complete(proof, head=stop.shipment.events_head, location=location)
    proof.save(force_insert=True)
    send_receipt(
        stop.shipment,
        without_code=proof.method in RELEASED,
        by_account=proof.method == Method.ACCOUNT_RELEASE,
        delegate=proof.delegate_number,
    )
