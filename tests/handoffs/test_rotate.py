"""Someone asked for the code: the old one dies at once."""

import pytest

from api.refusals import Refusal
from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason
from handoffs.rotate import Because, rotate
from notifications.models import Message
from orders.models import Actor, Shipment
from tests.base import a_shipment
from tests.handoffs.stories import living_code, out_for_delivery, result, right_code, submit

pytestmark = pytest.mark.django_db


def rotated(shipment: Shipment, generation: int | None = None) -> Shipment | Refusal:
    return rotate(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        actor=Actor("recipient"),
        because=Because.ASKED_FOR,
        generation=generation,
    )


def test_the_old_code_and_its_link_are_dead_and_the_new_one_works() -> None:
    shipment, device = out_for_delivery()
    old, old_link = right_code(shipment), living_code(shipment).link_proof_of()
    rotated(shipment)
    assert not living_code(shipment).opens_for(old_link)
    assert result(submit(device, shipment, old)) == "wrong_code"
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_the_old_generation_has_ended_and_its_nonce_is_gone() -> None:
    shipment, _ = out_for_delivery()
    rotated(shipment)
    old = DeliveryCode.objects.get(shipment=shipment, generation=1)
    assert (old.ended_because, old.nonce) == (EndReason.SUPERSEDED, None)
    assert DeliveryCode.objects.living().filter(shipment=shipment).count() == 1


def test_the_new_code_goes_out_at_once_and_says_that_it_is_new() -> None:
    shipment, _ = out_for_delivery()
    rotated(shipment)
    assert Message.objects.latest("pk").context == {"generation": 2, "renewed": True}


def test_a_second_click_changes_nothing() -> None:
    shipment, _ = out_for_delivery()
    rotated(shipment, generation=1)
    assert rotated(shipment, generation=1) == Refusal("not_found")
    assert living_code(shipment).generation == 2


def test_the_timeline_tells_who_and_why() -> None:
    shipment, device = out_for_delivery()
    rotated(shipment)
    event = shipment.events.get(type="code.rotated")
    assert (event.actor_kind, event.data) == (
        "recipient",
        {"generation": 1, "because": "someone_asked_for_it", "courier": device.courier.public_id},
    )


def test_before_a_code_was_issued_there_is_nothing_to_rotate() -> None:
    told = rotated(a_shipment())
    assert isinstance(told, Refusal)
    assert told.code == "illegal_transition"


def test_generations_are_limited_so_that_nobody_floods_a_phone() -> None:
    shipment, _ = out_for_delivery()
    told = [rotated(shipment) for _ in range(40)]
    assert sum(isinstance(t, Shipment) for t in told) < 30
    assert isinstance(told[-1], Refusal)
