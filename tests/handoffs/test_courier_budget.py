"""A courier's wrong codes: 15 a day, 48 in 90 days, 96 in a year, over all devices and shipments."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from pytest_django.fixtures import Settings

from fleet.models import Courier, Device
from handoffs.cancel import cancel
from handoffs.expire import expire
from handoffs.limits import COURIER_BUDGET
from handoffs.models import CourierDay, DeliveryCode
from handoffs.rotate import Because, rotate
from orders.models import Actor, Shipment
from tests.base import CHEAP, carl
from tests.handoffs.stories import (
    ACME,
    a_device,
    answer_of,
    check_of,
    leave,
    out_for_delivery,
    result,
    right_code,
    send_out,
    submit,
    wrong_code,
)

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def spent(courier: Courier, wrong: int, *, days_ago: int) -> None:
    CourierDay.objects.create(
        courier=courier, day=courier.depot.today() - datetime.timedelta(days=days_ago), wrong_codes=wrong
    )


def guess(device: Device, times: int) -> list[str]:
    """Wrong codes, each on a shipment that still has attempts."""
    results: list[str] = []
    while len(results) < times:
        shipment, _ = out_for_delivery(device=device)
        results += [
            result(submit(device, shipment, wrong_code(shipment)))
            for _ in range(min(4, times - len(results)))
        ]
    return results


def test_the_sixteenth_wrong_code_of_a_day_is_not_judged() -> None:
    assert guess(a_device(), 16) == ["wrong_code"] * 15 + ["courier_suspended"]


def test_the_right_code_is_not_judged_either_once_the_budget_is_spent() -> None:
    device = a_device()
    guess(device, 15)
    shipment, _ = out_for_delivery(device=device)
    told = submit(device, shipment, right_code(shipment))
    assert result(told) == "courier_suspended"
    assert answer_of(told) == {"next": ["release_request", "fail"]}


def test_the_budget_is_the_persons_and_not_the_devices() -> None:
    courier = carl()
    devices = [a_device(courier) for _ in range(3)]
    assert [r for device in devices for r in guess(device, 5)] == ["wrong_code"] * 15
    assert guess(devices[0], 1) == ["courier_suspended"]


def test_the_next_day_of_the_depot_brings_a_new_budget() -> None:
    device = a_device()
    guess(device, 15)
    with time_machine.travel(NOON + datetime.timedelta(hours=12), tick=False):
        assert guess(device, 1) == ["wrong_code"]


@pytest.mark.parametrize(("days", "most"), [pair for pair in COURIER_BUDGET if pair[0] > 1])
def test_longer_budgets_reach_back_to_their_last_day_and_no_further(days: int, most: int) -> None:
    inside, outside = a_device(), a_device()
    spent(inside.courier, most, days_ago=days - 1)
    spent(outside.courier, most, days_ago=days)
    if days == 90:
        assert guess(outside, 1) == ["wrong_code"]
    else:
        assert guess(outside, 1) == ["wrong_code"]
    assert guess(inside, 1) == ["courier_suspended"]


@pytest.mark.parametrize(("days", "most"), COURIER_BUDGET)
def test_one_below_the_budget_is_still_judged(days: int, most: int) -> None:
    device = a_device()
    spent(device.courier, most - 1, days_ago=0 if days == 1 else days - 1)
    assert guess(device, 2) == ["wrong_code", "courier_suspended"]


def test_a_suspended_courier_still_hands_over_what_needs_no_code() -> None:
    device = a_device()
    guess(device, 15)
    shipment, _ = out_for_delivery(device=device, value=CHEAP)
    assert result(submit(device, shipment, None)) == "delivered"


def test_a_suspension_does_not_use_the_key_up() -> None:
    device = a_device()
    guess(device, 15)
    shipment, _ = out_for_delivery(device=device)
    assert result(submit(device, shipment, right_code(shipment), key="k")) == "courier_suspended"
    CourierDay.objects.all().delete()
    assert result(submit(device, shipment, right_code(shipment), key="k")) == "delivered"


def test_malformed_and_locked_and_right_codes_cost_the_courier_nothing() -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, "12345")
    submit(device, shipment, right_code(shipment))
    submit(device, shipment, "123456")
    assert not CourierDay.objects.exists()


# --- Honest typos --------------------------------------------------------------------------------


def one_digit_off(shipment: Shipment, place: int = 0) -> str:
    right = right_code(shipment)
    return right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]


def days_total(courier: Courier) -> int:
    return sum(CourierDay.objects.filter(courier=courier).values_list("wrong_codes", flat=True))


def test_a_typo_is_given_back_only_when_the_shipment_has_closed() -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, one_digit_off(shipment))
    assert days_total(device.courier) == 1
    submit(device, shipment, right_code(shipment))
    assert days_total(device.courier) == 0


def test_no_more_than_two_typos_of_a_shipment_are_given_back() -> None:
    shipment, device = out_for_delivery()
    for place in range(4):
        submit(device, shipment, one_digit_off(shipment, place))
    submit(device, shipment, right_code(shipment))
    assert days_total(device.courier) == 2


def test_a_wrong_code_that_resembles_nothing_is_not_given_back() -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, wrong_code(shipment))
    submit(device, shipment, right_code(shipment))
    assert days_total(device.courier) == 1


def test_a_cancelled_shipment_gives_its_typos_back_too() -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, one_digit_off(shipment))
    cancel(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ACME)
    assert days_total(device.courier) == 0


def test_typos_are_given_back_on_the_day_they_were_made() -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, one_digit_off(shipment))
    spent(device.courier, 3, days_ago=1)
    submit(device, shipment, right_code(shipment))
    by_day = dict(CourierDay.objects.values_list("day", "wrong_codes"))
    today = device.courier.depot.today()
    assert by_day == {today: 0, today - datetime.timedelta(days=1): 3}


def test_the_answer_to_a_typo_is_that_to_any_wrong_code() -> None:
    shipment, device = out_for_delivery()
    typo = submit(device, shipment, one_digit_off(shipment))
    wild = submit(device, shipment, wrong_code(shipment))
    assert answer_of(typo) == {"attempts_left": 4}
    assert answer_of(wild) == {"attempts_left": 3}
    wrong_events = [event.data for event in shipment.events.filter(type="code.wrong")]
    assert [set(data) for data in wrong_events] == [{"generation", "attempts_left"}] * 2


# --- Yesterday's paper ---------------------------------------------------------------------------


def test_yesterdays_code_charges_the_shipment_and_not_the_courier() -> None:
    """The usual way: it expired in the night, was swept, and the shipment went out again in the morning."""
    shipment, device = out_for_delivery()
    old = right_code(shipment)
    leave(device, shipment)
    with time_machine.travel(NOON + datetime.timedelta(hours=20), tick=False):
        assert expire() == 1
        send_out(shipment, device)
        told = submit(device, shipment, old)
        assert (result(told), check_of(told).likeness) == ("wrong_code", "superseded")
    assert days_total(device.courier) == 0


def test_nothing_recognises_an_old_code_once_the_shipment_has_closed() -> None:
    shipment, _ = out_for_delivery()
    with time_machine.travel(NOON + datetime.timedelta(hours=20), tick=False):
        expire()
        assert DeliveryCode.objects.get(shipment=shipment).mark is not None
        cancel(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ACME)
    assert DeliveryCode.objects.get(shipment=shipment).mark is None


def test_a_code_under_a_key_that_is_gone_can_still_be_replaced(settings: Settings) -> None:
    shipment, device = out_for_delivery()
    settings.DELIVERY_CODE_KEYS = {"fresh": bytes(32)}
    rotate(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        actor=Actor("recipient"),
        because=Because.ASKED_FOR,
    )
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_a_superseded_code_charges_the_shipment_and_not_the_courier() -> None:
    shipment, device = out_for_delivery()
    old = right_code(shipment)
    rotate(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        actor=Actor("recipient"),
        because=Because.ASKED_FOR,
    )
    told = submit(device, shipment, old)
    assert result(told) == "wrong_code"
    assert answer_of(told) == {"attempts_left": 4}
    assert check_of(told).likeness == "superseded"
    assert days_total(device.courier) == 0
