"""Ada did not get what was handed over."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from api.refusals import Refusal
from handoffs.dispute import dispute
from handoffs.links import opens_receipt, receipt_proof_of
from handoffs.messages import HANDED_OVER, link_of
from notifications import kinds
from notifications.models import Message
from orders.models import Actor, Shipment
from tests.handoffs.stories import living_code, out_for_delivery, right_code, submit

pytestmark = pytest.mark.django_db
ADA = Actor("recipient")


def handed_over() -> Shipment:
    shipment, device = out_for_delivery()
    submit(device, shipment, right_code(shipment))
    shipment.refresh_from_db()
    return shipment


def say_so(shipment: Shipment) -> Shipment | Refusal:
    return dispute(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ADA)


def test_it_is_on_record_once() -> None:
    shipment = handed_over()
    say_so(shipment)
    say_so(shipment)
    event = shipment.events.get(type="shipment.disputed")
    assert (event.actor_kind, event.data) == ("recipient", {})
    assert Shipment.objects.get().disputed_at == event.at


@pytest.mark.parametrize(("days", "taken"), [(13, True), (14, False)])
def test_it_can_be_said_for_two_weeks(days: int, taken: bool) -> None:
    shipment = handed_over()
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        assert isinstance(say_so(shipment), Refusal) is not taken


def test_before_the_handoff_there_is_nothing_to_dispute() -> None:
    shipment, _ = out_for_delivery()
    assert say_so(shipment) == Refusal("illegal_transition", members={"shipment_status": "out_for_delivery"})
    assert not opens_receipt(shipment, receipt_proof_of(shipment))


def test_the_receipt_carries_the_link_and_the_code_s_own_opens_no_dispute() -> None:
    shipment, device = out_for_delivery()
    own = link_of(shipment, living_code(shipment))
    submit(device, shipment, right_code(shipment))
    shipment.refresh_from_db()
    said = kinds.render(Message.objects.get(kind=HANDED_OVER))
    assert said is not None
    assert f".{receipt_proof_of(shipment)}/" in said.text
    assert not opens_receipt(shipment, own.rpartition(".")[2].strip("/"))


def test_the_receipt_of_another_parcel_opens_nothing() -> None:
    assert not opens_receipt(handed_over(), receipt_proof_of(handed_over()))
