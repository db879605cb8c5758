"""Five attempts a generation, ten a shipment, and nothing gives one back."""

import pytest

from handoffs.limits import ATTEMPTS_PER_GENERATION, ATTEMPTS_PER_SHIPMENT
from handoffs.models import DeliveryCode
from handoffs.rotate import Because, rotate
from orders.models import Actor, Shipment, Status
from tests.handoffs.stories import (
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
ADA = Actor("recipient")


def rotated(shipment: Shipment) -> bool:
    told = rotate(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        actor=ADA,
        because=Because.ASKED_FOR,
    )
    return isinstance(told, Shipment)


def test_the_fifth_wrong_code_says_that_none_is_left_and_the_next_is_locked() -> None:
    shipment, device = out_for_delivery()
    wrong, right = wrong_code(shipment), right_code(shipment)
    told = [submit(device, shipment, wrong) for _ in range(ATTEMPTS_PER_GENERATION)]
    assert [result(t) for t in told] == ["wrong_code"] * 5
    assert [answer_of(t)["attempts_left"] for t in told] == [4, 3, 2, 1, 0]
    assert result(submit(device, shipment, wrong)) == "code_locked"
    assert result(submit(device, shipment, right)) == "code_locked"
    shipment.refresh_from_db()
    assert shipment.status == Status.OUT_FOR_DELIVERY


def test_the_lock_is_told_on_the_timeline_once() -> None:
    shipment, device = out_for_delivery()
    for _ in range(7):
        submit(device, shipment, wrong_code(shipment))
    assert shipment.events.filter(type="code.wrong").count() == 5
    assert shipment.events.filter(type="code.locked").count() == 1


def test_a_wrong_code_before_the_right_one_is_no_obstacle() -> None:
    shipment, device = out_for_delivery()
    for _ in range(4):
        submit(device, shipment, wrong_code(shipment))
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_a_rotation_brings_five_attempts_but_never_more_than_ten_in_all() -> None:
    shipment, device = out_for_delivery()
    judged = 0
    for _ in range(6):
        while result(submit(device, shipment, wrong_code(shipment))) == "wrong_code":
            judged += 1
        if not rotated(shipment):
            break
    assert judged == ATTEMPTS_PER_SHIPMENT
    assert DeliveryCode.objects.filter(shipment=shipment).count() == 2
    assert result(submit(device, shipment, right_code(shipment))) == "code_locked"


def test_rotating_early_gains_nothing() -> None:
    """One guess, rotate, one guess, rotate: ten guesses are judged all the same."""
    shipment, device = out_for_delivery()
    judged = 0
    for _ in range(30):
        if result(submit(device, shipment, wrong_code(shipment))) == "wrong_code":
            judged += 1
        rotated(shipment)
    assert judged == ATTEMPTS_PER_SHIPMENT


def test_attempts_left_is_the_smaller_remainder() -> None:
    shipment, device = out_for_delivery()
    for _ in range(3):
        submit(device, shipment, wrong_code(shipment))
    rotated(shipment)
    for _ in range(4):
        submit(device, shipment, wrong_code(shipment))
    rotated(shipment)
    assert answer_of(submit(device, shipment, wrong_code(shipment))) == {"attempts_left": 2}


def test_another_courier_finds_the_same_attempts() -> None:
    shipment, device = out_for_delivery()
    for _ in range(3):
        submit(device, shipment, wrong_code(shipment))
    other = a_device()
    send_out(shipment, other)
    assert answer_of(submit(other, shipment, wrong_code(shipment))) == {"attempts_left": 1}


def test_a_lock_offers_rotation_only_while_the_shipment_has_attempts() -> None:
    shipment, device = out_for_delivery()
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    assert answer_of(submit(device, shipment, "123456"))["next"] == ["rotate", "release_request", "fail"]
    rotated(shipment)
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    assert answer_of(submit(device, shipment, "123456"))["next"] == ["release_request", "fail"]


def test_the_database_itself_refuses_a_sixth_attempt() -> None:
    from django.db import IntegrityError, transaction

    shipment, _ = out_for_delivery()
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryCode.objects.filter(shipment=shipment).update(attempts=6)
