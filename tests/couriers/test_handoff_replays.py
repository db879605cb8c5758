"""The same key and handoff get the same status and bytes again, whatever the answer was."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.models import Device
from handoffs.models import CodeCheck, DeliveryCode
from orders.models import Shipment
from tests.base import ApiClient
from tests.couriers.stories import at, enrolled, hand_over, problem
from tests.handoffs.stories import out_for_delivery, right_code, wrong_code

Situation = Callable[[ApiClient, Shipment], str | None]


def right(api: ApiClient, shipment: Shipment) -> str:
    return right_code(shipment)


def wrong(api: ApiClient, shipment: Shipment) -> str:
    return wrong_code(shipment)


def none(api: ApiClient, shipment: Shipment) -> None:
    return None


def locked(api: ApiClient, shipment: Shipment) -> str:
    guess = wrong_code(shipment)
    for _ in range(5):
        hand_over(api, shipment, guess)
    return right_code(shipment)


def already_delivered(api: ApiClient, shipment: Shipment) -> str:
    code = right_code(shipment)
    hand_over(api, shipment, code)
    return code


def expired(api: ApiClient, shipment: Shipment) -> str:
    code = right_code(shipment)
    DeliveryCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return code


def not_out(api: ApiClient, shipment: Shipment) -> str:
    api.send("POST", at(shipment, "fail"), {"reason": "absent"})
    return right_code(shipment)


SITUATIONS: list[tuple[Situation, int, str]] = [
    (right, 200, "delivered"),
    (wrong, 422, "wrong_code"),
    (none, 422, "code_required"),
    (locked, 423, "code_locked"),
    (already_delivered, 409, "already_delivered"),
    (expired, 410, "code_expired"),
    (not_out, 409, "not_out_for_delivery"),
]


@pytest.mark.parametrize(("situation", "status", "result"), SITUATIONS, ids=[case[2] for case in SITUATIONS])
def test_a_replay_is_the_first_answer_byte_for_byte(
    api: ApiClient, device: Device, situation: Situation, status: int, result: str
) -> None:
    shipment, _ = out_for_delivery(device=device)
    code = situation(api, shipment)
    first = hand_over(api, shipment, code, key="the key")
    checks, attempts = CodeCheck.objects.count(), DeliveryCode.objects.get().attempts
    assert (first.status_code, first.json().get("code", first.json()["status"])) == (status, result)
    assert "Idempotent-Replayed" not in first

    again = hand_over(api, shipment, code, key="the key")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Content-Type"] == first["Content-Type"]
    assert again["Idempotent-Replayed"] == "true"
    assert (CodeCheck.objects.count(), DeliveryCode.objects.get().attempts) == (checks, attempts)


def test_parcels_are_told_again_in_the_same_order(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device, barcodes=("JD1", "JD2", "JD3"))
    code = right_code(shipment)
    strange = [hand_over(api, shipment, code, key="a", barcodes=["Z", "Y", "JD1"]) for _ in range(2)]
    missing = [hand_over(api, shipment, code, key="b", barcodes=["JD2"]) for _ in range(2)]
    assert problem(strange[0]) == (422, "wrong_parcel")
    assert strange[0].json()["barcodes"] == ["Y", "Z"]
    assert problem(missing[0]) == (422, "parcel_missing")
    assert missing[0].json()["barcodes"] == ["JD1", "JD3"]
    assert strange[0].content == strange[1].content
    assert missing[0].content == missing[1].content


def test_the_order_in_which_parcels_were_scanned_makes_no_other_request(
    api: ApiClient, device: Device
) -> None:
    shipment, _ = out_for_delivery(device=device, barcodes=("JD1", "JD2"))
    code = right_code(shipment)
    first = hand_over(api, shipment, code, key="k", barcodes=["JD1", "JD2"])
    again = hand_over(api, shipment, code, key="k", barcodes=["JD2", "JD1"], received_by="household")
    assert first.status_code == 200, first.content
    assert first.content == again.content


def test_another_handheld_of_the_courier_gets_the_replay_too(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    _, other = enrolled(device.courier)
    code = wrong_code(shipment)
    first = hand_over(api, shipment, code, key="k")
    assert hand_over(other, shipment, code, key="k").content == first.content


def test_another_handoff_under_the_key_is_refused(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    hand_over(api, shipment, wrong_code(shipment), key="k")
    answer = hand_over(api, shipment, right_code(shipment), key="k")
    assert problem(answer) == (422, "idempotency_key_reused")
    assert DeliveryCode.objects.get().attempts == 1
