"""Does a proof of delivery that somebody brings hold, and if not, what is wrong with it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework.exceptions import ParseError

from api.parsers import parse_json
from api.refusals import Refusal
from handoffs.models import ProofOfDelivery
from handoffs.proofs.chains import kept_chain, told_chain
from handoffs.proofs.signing import PublicKeys, unseal
from handoffs.proofs.statement import Statement
from orders.models import Shipment

MAX_BYTES = 131_072  # a proof has about 1 KiB, each event about 0.3
SIGNED = ("id", "shipment", "method", "received_by", "delegate", "delivered_at", "courier", "events_head")


@dataclass(frozen=True)
class Verdict:
    """`problem` says why it does not hold, None where it does. `statement` is what was truly signed, also
    where the file around it says something else.

    `told_events` is how many events of the file lead to the proof, `kept_events` how many of this database;
    None where there were none to look at.
    """

    problem: Refusal | None
    key_id: str | None = None
    statement: Statement | None = None
    told_events: int | None = None
    kept_events: int | None = None

    @property
    def holds(self) -> bool:
        return self.problem is None


@dataclass(frozen=True)
class _Brought:
    """What the file holds: the signature, the proof's members around it, and the events if there are any."""

    signature: str
    members: Mapping[str, Any]
    events: list[Any] | None


def verify(text: bytes, keys: PublicKeys) -> Verdict:
    """Judge a proof as the API answers it, `{"proof": …, "events": […]}`, or a signature alone.

    Problems: unreadable, not_signed, not_a_proof, unknown_key, wrong_signature; differs (a member says
    something else than what was signed); chain_* and not_our_record, from the events and the database.
    """
    brought = _read(text)
    if isinstance(brought, Refusal):
        return Verdict(brought)
    opened = unseal(brought.signature, keys)
    if isinstance(opened, Refusal):
        return Verdict(opened)
    key_id, statement = opened
    problem = _difference(brought.members, statement)
    told: int | Refusal | None = None
    if problem is None and brought.events is not None:
        told = told_chain(brought.events, statement["shipment"], statement["events_head"])
        problem = told if isinstance(told, Refusal) else None
    kept: int | Refusal | None = None
    if problem is None:
        kept = _kept(brought.signature, statement)
        problem = kept if isinstance(kept, Refusal) else None
    return Verdict(problem, key_id, statement, _count(told), _count(kept))


def _count(outcome: int | Refusal | None) -> int | None:
    return None if isinstance(outcome, Refusal) else outcome


def _read(text: bytes) -> _Brought | Refusal:
    if len(text) > MAX_BYTES:
        return Refusal("unreadable", f"This is longer than {MAX_BYTES // 1024} KiB: no proof is.")
    text = text.strip()
    if not text.startswith(b"{"):
        bare = text.decode("ascii", "replace")
        return _Brought(bare, {}, None) if bare else Refusal("unreadable", "There is nothing in it.")
    try:
        value = parse_json(text)
    except ParseError as error:
        return Refusal("unreadable", str(error.detail).replace("The body", "This"))
    proof, events = value.get("proof", value), value.get("events")
    if isinstance(events, dict):
        events = events.get("data")
    if not isinstance(proof, dict) or not isinstance(events, list | None):
        return Refusal("unreadable", "This is not a proof of delivery.")
    signature = proof.get("signature")
    if not isinstance(signature, str):
        return Refusal("not_signed", "This proof carries no signature.")
    return _Brought(signature, proof, events)


def _difference(members: Mapping[str, Any], statement: Statement) -> Refusal | None:
    for name in SIGNED:
        if name in members and members[name] != statement.get(name):
            what = "shipment" if name == "shipment" else f"“{name}”"
            return Refusal(
                "differs", f"The signature holds, but it was made for another {what} than the file says."
            )
    return None


def _kept(signature: str, statement: Statement) -> int | Refusal | None:
    """How many events of this database lead to the proof. None where it has never seen the shipment."""
    shipment = Shipment.objects.filter(public_id=statement["shipment"]).first()
    if shipment is None:
        return None
    if not ProofOfDelivery.objects.filter(shipment=shipment, signature=signature).exists():
        return Refusal("not_our_record", "This database holds another proof of this delivery, or none.")
    return kept_chain(shipment, statement["events_head"])
