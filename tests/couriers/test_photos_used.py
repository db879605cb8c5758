"""A photo shows one thing: it is used once, by the courier who sent it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from fleet.models import Device
from handoffs.erase import erase_recipient
from handoffs.models import CodeCheck, DeliveryAttempt, Photo
from handoffs.photos import sweep_photos
from notifications.worker import drain
from orders.models import SYSTEM, Order, Shipment, Status
from tests.base import CHEAP, ApiClient
from tests.couriers.pictures import a_photo
from tests.couriers.stories import at, enrolled, hand_over, pointers, statements
from tests.handoffs.stories import out_for_delivery, right_code, wrong_code


def fail(api: ApiClient, shipment: Shipment, photo: Any) -> Any:
    return api.send("POST", at(shipment, "fail"), {"reason": "absent", "photo": photo})


def test_a_failed_visit_shows_its_photo(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    photo = a_photo(api)
    assert fail(api, shipment, photo).status_code == 200
    used = Photo.objects.get(public_id=photo)
    assert (used.shipment, used.used_for) == (shipment, Photo.UsedFor.FAIL)
    assert used.used_at == DeliveryAttempt.objects.get().at


def test_a_parcel_left_in_a_safe_place_shows_where(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device, value=CHEAP)
    photo = a_photo(api)
    assert hand_over(api, shipment, received_by="safe_place", photo=photo).status_code == 200
    used = Photo.objects.get(public_id=photo)
    assert (used.shipment, used.used_for) == (shipment, Photo.UsedFor.HANDOFF)


def test_a_photo_is_used_once(api: ApiClient, device: Device) -> None:
    first, _ = out_for_delivery(device=device)
    second, _ = out_for_delivery(device=device)
    photo = a_photo(api)
    fail(api, first, photo)
    assert pointers(fail(api, second, photo)) == ["/photo"]
    assert pointers(hand_over(api, second, right_code(second), photo=photo)) == ["/photo"]
    assert Photo.objects.get().shipment == first


@pytest.mark.parametrize("whose", ["another courier's", "nobody's"])
def test_a_photo_is_its_couriers_own(api: ApiClient, device: Device, whose: str) -> None:
    shipment, _ = out_for_delivery(device=device)
    photo = "pho_1" if whose == "nobody's" else a_photo(enrolled()[1])
    for answer in (fail(api, shipment, photo), hand_over(api, shipment, right_code(shipment), photo=photo)):
        assert pointers(answer) == ["/photo"]
    assert not CodeCheck.objects.exists()
    shipment.refresh_from_db()
    assert shipment.status == Status.OUT_FOR_DELIVERY


@pytest.mark.parametrize("photo", [7, "", [], "x" * 101, "pho_\0"])
def test_what_is_no_id_is_refused(api: ApiClient, device: Device, photo: Any) -> None:
    shipment, _ = out_for_delivery(device=device)
    assert pointers(fail(api, shipment, photo)) == ["/photo"]
    assert pointers(hand_over(api, shipment, right_code(shipment), photo=photo)) == ["/photo"]


def test_a_wrong_code_does_not_use_the_photo_up(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    photo = a_photo(api)
    assert hand_over(api, shipment, wrong_code(shipment), photo=photo).status_code == 422
    assert Photo.objects.get().used_at is None
    assert hand_over(api, shipment, right_code(shipment), photo=photo).status_code == 200
    assert Photo.objects.get().used_at is not None


def test_a_replay_is_answered_though_its_photo_is_used(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    photo, code = a_photo(api), right_code(shipment)
    first, again = (hand_over(api, shipment, code, key="k", photo=photo) for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content)


def test_a_handoff_without_a_photo_asks_nothing_about_photos(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    with statements() as seen:
        assert hand_over(api, shipment, right_code(shipment)).status_code == 200
    assert not [sql for sql in seen if "handoffs_photo" in sql]


def test_a_used_photo_stays(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    fail(api, shipment, a_photo(api))
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert sweep_photos() == 0
    assert Photo.objects.get().picture


def test_erasing_the_recipient_erases_the_picture(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device, value=CHEAP)
    a_photo(api)
    hand_over(api, shipment, received_by="safe_place", photo=a_photo(api))
    drain()
    assert isinstance(erase_recipient(order_id=shipment.order.public_id, actor=SYSTEM), Order)
    assert Photo.objects.get(shipment=shipment).picture is None
    assert Photo.objects.get(shipment=None).picture
