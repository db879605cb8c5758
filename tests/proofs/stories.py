"""Proofs as those who got them hold them."""

import base64
import json
from typing import Any

from handoffs.proofs.signing import public_keys
from handoffs.proofs.verifying import Verdict, verify
from merchants.shapes import EventSerializer, ProofSerializer
from orders.models import Event, Shipment
from tests.base import PRICEY, acme
from tests.handoffs.stories import a_device, out_for_delivery, right_code, submit, wrong_code


def delivered(value: Any = PRICEY, *, livemode: bool = False) -> Shipment:
    """Ada's shipment, handed over; where it needs a code, at the second try."""
    device = a_device()
    shipment, _ = out_for_delivery(acme(), device=device, value=value, livemode=livemode)
    if shipment.code_required:
        submit(device, shipment, wrong_code(shipment))
    submit(device, shipment, right_code(shipment) if shipment.code_required else None)
    return Shipment.objects.get(pk=shipment.pk)


def proof_of(shipment: Shipment) -> dict[str, Any]:
    """What GET /shipments/{id}/proof answers, as it travels."""
    told: dict[str, Any] = json.loads(json.dumps(ProofSerializer(shipment.proof).data, default=str))
    return told


def events_of(shipment: Shipment) -> list[dict[str, Any]]:
    """What GET /shipments/{id}/events lists."""
    events = Event.objects.filter(shipment=shipment).order_by("sequence")
    told: list[dict[str, Any]] = json.loads(json.dumps(EventSerializer(events, many=True).data, default=str))
    return told


def statement_in(token: str) -> dict[str, Any]:
    """What a signature says it signs, unchecked."""
    part = token.split(".")[1]
    statement: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return statement


def judged(brought: Any) -> Verdict:
    """The verdict on a proof, a `{"proof", "events"}`, or a bare signature."""
    text = brought if isinstance(brought, str) else json.dumps(brought)
    return verify(text.encode(), public_keys())


def problem(brought: Any) -> str | None:
    verdict = judged(brought)
    return verdict.problem.code if verdict.problem else None
