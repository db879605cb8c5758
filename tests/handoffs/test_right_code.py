"""The right code, once."""

import pytest

from handoffs.models import CodeCheck, DeliveryCode, ProofOfDelivery
from handoffs.models.codes import EndReason
from notifications.models import Message
from orders.models import Status
from tests.base import CHEAP
from tests.handoffs.stories import answer_of, check_of, out_for_delivery, result, right_code, submit

pytestmark = pytest.mark.django_db


def test_the_right_code_delivers_with_one_proof_and_one_event() -> None:
    shipment, device = out_for_delivery()
    told = submit(device, shipment, right_code(shipment))
    shipment.refresh_from_db()
    proof = ProofOfDelivery.objects.get(shipment=shipment)
    assert result(told) == "delivered"
    assert shipment.status == Status.DELIVERED
    assert shipment.delivered_at == proof.delivered_at
    assert proof.method == "code"
    assert proof.check_made == check_of(told)
    delivered = shipment.events.filter(type="shipment.delivered").get()
    assert proof.events_head == delivered.hash
    assert delivered.data == {"proof": proof.public_id, "method": "code", "received_by": "recipient"}


def test_a_code_typed_with_spaces_and_hyphens_is_the_same_code() -> None:
    shipment, device = out_for_delivery()
    code = right_code(shipment)
    assert result(submit(device, shipment, f"{code[:3]} - {code[3:]}")) == "delivered"


def test_delivery_consumes_the_generation_and_erases_its_nonce() -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, right_code(shipment))
    code = DeliveryCode.objects.get(shipment=shipment)
    assert code.ended_because == EndReason.USED
    assert code.nonce is None
    with pytest.raises(ValueError, match="nonce is erased"):
        code.code_of()


def test_a_used_code_does_not_work_again() -> None:
    shipment, device = out_for_delivery()
    code = right_code(shipment)
    first = submit(device, shipment, code)
    again = submit(device, shipment, code)
    assert result(again) == "already_delivered"
    assert answer_of(again)["proof"] == answer_of(first)["proof"]
    assert ProofOfDelivery.objects.count() == 1


def test_the_recipient_is_told_that_it_was_handed_over() -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, right_code(shipment))
    assert Message.objects.filter(about=shipment.public_id, kind="handed_over").count() == 1


def test_a_shipment_that_needs_no_code_is_handed_over_without_one() -> None:
    shipment, device = out_for_delivery(value=CHEAP)
    told = submit(device, shipment, None, received_by="safe_place")
    proof = ProofOfDelivery.objects.get(shipment=shipment)
    assert result(told) == "delivered"
    assert (proof.method, proof.received_by, proof.code_reason) == ("not_required", "safe_place", "routine")


@pytest.mark.parametrize("code", ["000000", "", "not a code", "٣"])
def test_a_code_that_is_not_needed_is_ignored(code: str) -> None:
    shipment, device = out_for_delivery(value=CHEAP)
    assert result(submit(device, shipment, code)) == "delivered"


def test_every_submission_leaves_a_row_with_its_result() -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, None)
    submit(device, shipment, right_code(shipment))
    submit(device, shipment, "123456")
    results = CodeCheck.objects.order_by("pk").values_list("result", flat=True)
    assert list(results) == ["code_required", "delivered", "already_delivered"]
