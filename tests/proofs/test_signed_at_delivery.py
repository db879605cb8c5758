"""A proof of delivery is signed when it is made, and says nothing that is secret or personal."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_django import Settings

from handoffs.models import ProofOfDelivery
from handoffs.proofs.signing import public_keys, unseal
from orders.models import Event, Shipment
from tests.base import CHEAP
from tests.handoffs.stories import a_device, out_for_delivery, right_code, submit
from tests.proofs.stories import delivered, proof_of, statement_in

pytestmark = pytest.mark.django_db


def test_it_says_what_happened_and_where_the_chain_stood(settings: Settings) -> None:
    shipment = delivered()
    told, proof = proof_of(shipment), shipment.proof
    assert unseal(told["signature"], public_keys()) == (
        "test",
        {
            "code_reason": "high_value",
            "courier": proof.courier.public_id,
            "delivered_at": told["delivered_at"],
            "events_head": Event.objects.get(shipment=shipment, type="shipment.delivered").hash,
            "id": proof.public_id,
            "issuer": settings.PUBLIC_URL,
            "livemode": False,
            "merchant": shipment.order.merchant.public_id,
            "method": "code",
            "occurred_at": None,
            "order": shipment.order.public_id,
            "received_by": "recipient",
            "shipment": shipment.public_id,
        },
    )


def test_a_routine_parcel_has_one_too() -> None:
    statement = statement_in(proof_of(delivered(CHEAP))["signature"])
    assert (statement["method"], statement["code_reason"]) == ("not_required", "routine")


def test_a_test_delivery_can_not_be_taken_for_a_real_one() -> None:
    assert statement_in(proof_of(delivered())["signature"])["livemode"] is False
    assert statement_in(proof_of(delivered(livemode=True))["signature"])["livemode"] is True


def test_it_holds_no_code_and_nothing_personal() -> None:
    device = a_device()
    shipment, _ = out_for_delivery(device=device)
    code = right_code(shipment)
    submit(device, shipment, code)
    order = shipment.order
    said = json.dumps(statement_in(ProofOfDelivery.objects.get().signature))
    personal = (order.name, order.phone, order.email, order.line1, order.postal_code, order.city, "51.5")
    assert not [each for each in (code, *personal) if each in said]


def test_the_newest_key_signs_and_older_ones_verify(settings: Settings) -> None:
    before = proof_of(delivered())
    settings.QR_SIGNING_KEYS = {**settings.QR_SIGNING_KEYS, "new": bytes(range(32, 64))[::-1]}
    after = proof_of(delivered())
    opened = [unseal(proof["signature"], public_keys()) for proof in (before, after)]
    assert [key_id for key_id, _ in opened] == ["test", "new"]  # type: ignore[misc]


def test_the_key_is_not_the_one_in_the_environment(settings: Settings) -> None:
    """What else is signed with QR_SIGNING_KEYS comes from a key of its own."""
    seed = settings.QR_SIGNING_KEYS["test"]
    keys = {"test": Ed25519PrivateKey.from_private_bytes(seed).public_key()}
    opened = unseal(proof_of(delivered())["signature"], keys)
    assert getattr(opened, "code", None) == "wrong_signature"


def test_what_was_delivered_before_there_were_signatures_stays_unsigned() -> None:
    shipment = delivered()
    ProofOfDelivery.objects.update(signature="")
    assert proof_of(Shipment.objects.get(pk=shipment.pk))["signature"] is None
