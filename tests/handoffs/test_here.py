"""Ada says that she is there: then nobody can say that nobody is at home."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Stop
from handoffs.here import say_here
from handoffs.rotate import Because, rotate
from handoffs.visit import arrive
from orders.models import Actor, Shipment, Status
from tests.handoffs.stories import leave, living_code, out_for_delivery

pytestmark = pytest.mark.django_db
ADA = Actor("recipient")


def here(shipment: Shipment, generation: int | None = None) -> Stop | Refusal:
    return say_here(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        generation=generation or living_code(shipment).generation,
        actor=ADA,
    )


def test_nobody_home_is_refused_while_she_says_that_she_is_there() -> None:
    shipment, device = out_for_delivery()
    here(shipment)
    told = leave(device, shipment, "absent")
    assert isinstance(told, Refusal)
    assert told.code == "recipient_here"
    assert not shipment.events.filter(type="shipment.attempt_failed").exists()


def test_another_reason_is_taken_at_once() -> None:
    shipment, device = out_for_delivery()
    here(shipment)
    assert isinstance(leave(device, shipment, "refused"), Stop)


def test_after_ten_minutes_it_is_taken_and_her_word_stands_beside_it() -> None:
    shipment, device = out_for_delivery()
    here(shipment)
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        assert isinstance(leave(device, shipment, "absent"), Stop)
    event = shipment.events.get(type="shipment.attempt_failed")
    assert event.data == {"reason": "absent", "recipient_here": True}


def test_a_courier_at_a_door_that_nobody_opens_is_held_for_a_quarter_of_an_hour_at_most() -> None:
    shipment, device = out_for_delivery()
    arrived = timezone.now()
    arrive(device=device, shipment_id=shipment.public_id, location=None, occurred_at=None)
    with time_machine.travel(arrived + timedelta(minutes=14, seconds=50)):
        here(shipment)
        assert isinstance(leave(device, shipment, "absent"), Refusal)
    with time_machine.travel(arrived + timedelta(minutes=15, seconds=1)):
        assert isinstance(leave(device, shipment, "absent"), Stop)


def test_saying_it_twice_is_saying_it_once() -> None:
    shipment, _ = out_for_delivery()
    first, again = here(shipment), here(shipment)
    assert isinstance(first, Stop)
    assert isinstance(again, Stop)
    assert again.recipient_here_at == first.recipient_here_at
    assert shipment.events.filter(type="recipient.here").count() == 1


def test_an_earlier_page_says_nothing() -> None:
    shipment, _ = out_for_delivery()
    rotate(
        within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ADA, because=Because.ASKED_FOR
    )
    assert here(shipment, generation=1) == Refusal("not_found")


def test_nothing_is_said_of_what_is_not_out() -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment, "refused")
    told = here(shipment)
    assert told == Refusal("illegal_transition", members={"shipment_status": str(Status.ATTEMPT_FAILED)})
