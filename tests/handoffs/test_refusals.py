"""What is refused before anything is compared, and in which order. None of it is charged."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from fleet.models import Courier, Stop
from handoffs.cancel import cancel
from handoffs.models import CodeCheck, CourierDay, DeliveryCode
from orders.models import Merchant, Shipment
from tests.base import a_shipment, acme
from tests.handoffs.stories import (
    ACME,
    a_device,
    answer_of,
    out_for_delivery,
    result,
    right_code,
    send_out,
    submit,
    wrong_code,
)

pytestmark = pytest.mark.django_db


def charged(shipment: Shipment) -> int:
    return sum(DeliveryCode.objects.filter(shipment=shipment).values_list("attempts", flat=True))


def test_a_shipment_of_another_courier_does_not_exist() -> None:
    shipment, _ = out_for_delivery()
    stranger = a_device()
    assert submit(stranger, shipment, right_code(shipment)) == submit(
        stranger, Shipment(public_id="shp_none"), "123456"
    )
    assert not CodeCheck.objects.exists()


def test_a_code_finds_nothing_by_itself() -> None:
    """Neither without its shipment nor at another one's door: no look-up by code alone."""
    shipment, device = out_for_delivery()
    other, _ = out_for_delivery(device=device)
    assert result(submit(device, Shipment(public_id="shp_none"), right_code(shipment))) == "not_found"
    assert result(submit(device, other, right_code(shipment))) == "wrong_code"
    assert set(Shipment.objects.values_list("status", flat=True)) == {"out_for_delivery"}


def test_after_reassignment_the_first_courier_finds_nothing() -> None:
    shipment, first = out_for_delivery()
    code = right_code(shipment)
    second = a_device()
    send_out(shipment, second)
    assert result(submit(first, shipment, code)) == "not_found"
    assert result(submit(second, shipment, code)) == "delivered"


def test_an_inactive_courier_finds_nothing() -> None:
    shipment, device = out_for_delivery()
    Courier.objects.filter(pk=device.courier_id).update(active=False)
    assert result(submit(device, shipment, right_code(shipment))) == "authentication_failed"


def test_a_revoked_device_is_refused_inside_the_transaction() -> None:
    shipment, device = out_for_delivery()
    device.revoke()
    assert result(submit(device, shipment, right_code(shipment))) == "authentication_failed"
    assert charged(shipment) == 0


def test_not_out_for_delivery_is_told_with_the_status() -> None:
    shipment, device = out_for_delivery()
    code = right_code(shipment)
    cancel(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ACME)
    told = submit(device, shipment, code)
    assert result(told) == "not_out_for_delivery"
    assert answer_of(told) == {"shipment_status": "cancelled"}


def test_a_missing_code_is_required_and_not_charged() -> None:
    shipment, device = out_for_delivery()
    assert result(submit(device, shipment, None)) == "code_required"
    assert charged(shipment) == 0


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "123456\x00"])
def test_a_malformed_code_is_not_charged_and_does_not_use_the_key_up(typed: str) -> None:
    shipment, device = out_for_delivery()
    assert result(submit(device, shipment, typed, key="k")) == "code_malformed"
    assert charged(shipment) == 0
    assert not CourierDay.objects.exists()
    assert result(submit(device, shipment, right_code(shipment), key="k")) == "delivered"


def test_a_merchant_may_want_eight_digits() -> None:
    shipment, device = out_for_delivery(acme(code_digits=8))
    assert result(submit(device, shipment, "123456")) == "code_malformed"
    assert len(right_code(shipment)) == 8
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_a_code_is_as_long_as_when_it_was_issued() -> None:
    shipment, device = out_for_delivery()
    Merchant.objects.update(code_digits=8)
    assert result(submit(device, shipment, "12345678")) == "code_malformed"
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_where_no_code_may_be_issued_any_code_is_over() -> None:
    shipment, device = a_shipment(), a_device()
    Shipment.objects.update(code_held_until=timezone.now() + datetime.timedelta(hours=9))
    send_out(shipment, device)
    assert not DeliveryCode.objects.exists()
    assert result(submit(device, shipment, "12345")) == "code_malformed"
    told = submit(device, shipment, "123456")
    assert (result(told), answer_of(told)) == ("code_expired", {"next": ["release_request", "fail"]})


def test_a_parcel_of_another_shipment_is_wrong() -> None:
    shipment, device = out_for_delivery(barcodes=("A", "B"))
    told = submit(device, shipment, right_code(shipment), barcodes=("A", "B", "C"))
    assert (result(told), answer_of(told)) == ("wrong_parcel", {"barcodes": ["C"]})
    assert charged(shipment) == 0


def test_a_parcel_that_was_not_scanned_is_missing() -> None:
    shipment, device = out_for_delivery(barcodes=("A", "B"))
    told = submit(device, shipment, right_code(shipment), barcodes=("A",))
    assert (result(told), answer_of(told)) == ("parcel_missing", {"barcodes": ["B"]})


def test_all_parcels_scanned_is_a_handoff() -> None:
    shipment, device = out_for_delivery(barcodes=("A", "B"))
    assert result(submit(device, shipment, right_code(shipment), barcodes=("B", "A"))) == "delivered"


def test_where_the_policy_says_so_a_code_before_arrival_is_too_early() -> None:
    shipment, device = out_for_delivery(acme(arrival_first=True))
    assert result(submit(device, shipment, right_code(shipment))) == "too_early"
    assert charged(shipment) == 0
    Stop.objects.update(arrived_at=timezone.now())
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_an_expired_code_is_told_by_the_clock_alone() -> None:
    shipment, device = out_for_delivery()
    right, wrong = right_code(shipment), wrong_code(shipment)
    expires_at = DeliveryCode.objects.get(shipment=shipment).expires_at
    with time_machine.travel(expires_at - datetime.timedelta(seconds=1), tick=False):
        assert result(submit(device, shipment, wrong)) == "wrong_code"
    with time_machine.travel(expires_at, tick=False):
        assert result(submit(device, shipment, right)) == "code_expired"
        told = submit(device, shipment, wrong)
    assert (result(told), answer_of(told)) == (
        "code_expired",
        {"next": ["resend", "other_channel", "release_request", "fail"]},
    )
    assert charged(shipment) == 1


def test_each_refusal_comes_before_the_next() -> None:
    """All at once: they are told one after the other as each is mended."""
    merchant = acme(arrival_first=True)
    shipment, device = out_for_delivery(merchant, barcodes=("A",))
    code = DeliveryCode.objects.get(shipment=shipment)
    DeliveryCode.objects.update(attempts=5)
    for _ in range(1):
        CourierDay.objects.create(courier=device.courier, day=device.courier.depot.today(), wrong_codes=15)
    with time_machine.travel(code.expires_at, tick=False):
        CourierDay.objects.create(courier=device.courier, day=device.courier.depot.today(), wrong_codes=15)
        assert result(submit(device, shipment, None, barcodes=("B",))) == "code_required"
        assert result(submit(device, shipment, "1", barcodes=("B",))) == "code_malformed"
        assert result(submit(device, shipment, "123456", barcodes=("B",))) == "wrong_parcel"
        assert result(submit(device, shipment, "123456", barcodes=())) == "parcel_missing"
        assert result(submit(device, shipment, "123456")) == "too_early"
        Stop.objects.update(arrived_at=timezone.now())
        assert result(submit(device, shipment, "123456")) == "courier_suspended"
        CourierDay.objects.all().delete()
        assert result(submit(device, shipment, "123456")) == "code_expired"
    assert result(submit(device, shipment, "123456")) == "code_locked"
