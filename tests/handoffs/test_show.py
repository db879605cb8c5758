"""A shop may want its codes told only once the courier comes."""

from decimal import Decimal
from functools import partial

import pytest

from fleet.position import Position
from handoffs.here import say_here
from handoffs.messages import DELIVERY_CODE
from handoffs.resend import resend
from handoffs.rotate import Because, rotate
from handoffs.show import show_codes
from handoffs.visit import arrive
from notifications import kinds
from notifications.models import Message
from orders.models import Actor, Shipment
from tests.base import a_shipment, acme, someone
from tests.handoffs.stories import a_device, leave, living_code, out_for_delivery, right_code, send_out

pytestmark = pytest.mark.django_db

DOOR = Position(Decimal("51.501"), Decimal("-0.1246"), 12)
FAR_AWAY = Position(Decimal("51.521"), Decimal("-0.1246"), 12)
ADA = Actor("recipient")


def texts(shipment: Shipment) -> list[str]:
    """What the messages with the code say now, the oldest first."""
    sent = Message.objects.filter(about=shipment.public_id, kind=DELIVERY_CODE).order_by("pk")
    return [said.text for message in sent if (said := kinds.render(message))]


def is_told(shipment: Shipment) -> bool:
    return any(right_code(shipment) in text for text in texts(shipment))


def test_by_default_it_is_told_at_dispatch() -> None:
    shipment, _ = out_for_delivery()
    assert is_told(shipment)


def test_held_back_its_message_says_when_it_comes() -> None:
    shipment, _ = out_for_delivery(acme(code_shows="arrival"))
    assert not is_told(shipment)
    assert "code comes when the courier does" in texts(shipment)[0]


def test_it_is_told_on_an_arrival_near_the_address() -> None:
    shipment, device = out_for_delivery(acme(code_shows="arrival"))
    arrive(device=device, shipment_id=shipment.public_id, location=DOOR, occurred_at=None)
    assert is_told(shipment)
    assert len(texts(shipment)) == 2
    assert shipment.events.filter(type="code.shown").count() == 1


@pytest.mark.parametrize("location", [FAR_AWAY, None])
def test_from_far_away_or_nowhere_it_waits_for_her_yes(location: Position | None) -> None:
    shipment, device = out_for_delivery(acme(code_shows="arrival"))
    arrive(device=device, shipment_id=shipment.public_id, location=location, occurred_at=None)
    assert not is_told(shipment)
    say_here(within=Shipment.objects.all(), shipment_id=shipment.public_id, generation=1, actor=ADA)
    assert is_told(shipment)


def test_her_yes_before_any_arrival_shows_nothing() -> None:
    shipment, _ = out_for_delivery(acme(code_shows="arrival"))
    say_here(within=Shipment.objects.all(), shipment_id=shipment.public_id, generation=1, actor=ADA)
    assert not is_told(shipment)


def test_nor_does_it_answer_for_an_arrival_from_far_away_that_comes_later() -> None:
    shipment, device = out_for_delivery(acme(code_shows="arrival"))
    yes = partial(
        say_here, within=Shipment.objects.all(), shipment_id=shipment.public_id, generation=1, actor=ADA
    )
    yes()
    arrive(device=device, shipment_id=shipment.public_id, location=FAR_AWAY, occurred_at=None)
    assert not is_told(shipment)
    yes()
    assert is_told(shipment)
    assert shipment.events.filter(type="recipient.here").count() == 2


def test_a_resend_is_no_way_round() -> None:
    shipment, _ = out_for_delivery(acme(code_shows="arrival"))
    Message.objects.all().delete()
    living_code(shipment).__class__.objects.update(last_sent_at=None)
    resend(within=Shipment.objects.all(), shipment_id=shipment.public_id, channel=None)
    assert not is_told(shipment)


def test_nor_is_a_new_code() -> None:
    shipment, device = out_for_delivery(acme(code_shows="arrival"))
    rotate(
        within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ADA, because=Because.ASKED_FOR
    )
    assert not is_told(shipment)
    arrive(device=device, shipment_id=shipment.public_id, location=DOOR, occurred_at=None)
    assert is_told(shipment)


def test_at_the_door_a_new_code_is_told_at_once() -> None:
    shipment, device = out_for_delivery(acme(code_shows="arrival"))
    arrive(device=device, shipment_id=shipment.public_id, location=DOOR, occurred_at=None)
    rotate(
        within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ADA, because=Because.ASKED_FOR
    )
    assert is_told(shipment)


def test_it_may_be_told_when_the_stop_before_is_closed() -> None:
    shop, device = acme(code_shows="next"), a_device()
    first = send_out(a_shipment(shop, recipient=someone(1)), device)
    second = send_out(a_shipment(shop), device)
    assert show_codes() == 1
    assert is_told(first)
    assert not is_told(second)
    leave(device, first, "refused")
    show_codes()
    assert is_told(second)
