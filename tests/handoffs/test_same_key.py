"""One key, one handoff, one answer."""

import pytest

from handoffs.confirm import Told
from handoffs.models import CodeCheck, DeliveryCode
from tests.handoffs.stories import (
    a_device,
    answer_of,
    check_of,
    out_for_delivery,
    result,
    right_code,
    submit,
    wrong_code,
)

pytestmark = pytest.mark.django_db


def test_the_same_handoff_under_the_same_key_is_told_the_same_row() -> None:
    shipment, device = out_for_delivery()
    wrong = wrong_code(shipment)
    first, again = (submit(device, shipment, wrong, key="k") for _ in range(2))
    assert isinstance(first, Told)
    assert isinstance(again, Told)
    assert (first.replayed, again.replayed) == (False, True)
    assert first.check.pk == again.check.pk
    assert DeliveryCode.objects.get(shipment=shipment).attempts == 1


def test_a_replay_comes_before_already_delivered() -> None:
    shipment, device = out_for_delivery()
    right = right_code(shipment)
    submit(device, shipment, right, key="k")
    assert result(submit(device, shipment, right, key="k")) == "delivered"


@pytest.mark.parametrize("other", ["code", "barcodes", "shipment"])
def test_the_same_key_for_another_handoff_is_refused(other: str) -> None:
    shipment, device = out_for_delivery(barcodes=("A",))
    wrong = wrong_code(shipment)
    submit(device, shipment, wrong, key="k")
    if other == "code":
        told = submit(device, shipment, right_code(shipment), key="k")
    elif other == "barcodes":
        told = submit(device, shipment, wrong, barcodes=("A",), key="k")
    else:
        told = submit(device, out_for_delivery(device=device)[0], wrong, key="k")
    assert result(told) == "idempotency_key_reused"
    assert CodeCheck.objects.count() == 1


def test_keys_are_each_couriers_own() -> None:
    (one, his), (two, hers) = out_for_delivery(), out_for_delivery()
    assert result(submit(his, one, right_code(one), key="k")) == "delivered"
    assert result(submit(hers, two, right_code(two), key="k")) == "delivered"


def test_a_courier_with_two_devices_has_one_set_of_keys() -> None:
    shipment, device = out_for_delivery()
    other = a_device(device.courier)
    wrong = wrong_code(shipment)
    first = submit(device, shipment, wrong, key="k")
    again = submit(other, shipment, wrong, key="k")
    assert check_of(first).pk == check_of(again).pk
    assert answer_of(again) == {"attempts_left": 4}


def test_what_is_stored_cannot_be_turned_into_the_code_without_the_key() -> None:
    """A million tries at a plain digest would give the code away; here the key is missing."""
    import hashlib
    import hmac
    import json

    shipment, device = out_for_delivery()
    right = right_code(shipment)
    check = check_of(submit(device, shipment, right, key="a key that the database does not hold"))
    guesses = {
        digest
        for text in (
            right,
            json.dumps(right),
            f"{shipment.public_id}{right}",
            f"{shipment.public_id}:{right}",
        )
        for digest in (
            hashlib.sha256(text.encode()).hexdigest(),
            hmac.new(check.key_digest.encode(), text.encode(), hashlib.sha256).hexdigest(),
        )
    }
    stored = {str(value) for value in vars(check).values()}
    assert not guesses & stored
    assert right not in " ".join(stored)
