"""Ada opts out of codes for routine deliveries to her address; what protects stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from handoffs.contact import change_recipient
from handoffs.models import DeliveryCode
from handoffs.preferences.opened import opted_out_of, unsettled
from handoffs.preferences.way_back import confirmed_by, opt_back_in
from notifications.models import Message
from orders.models import Actor, CodeReason, DeliveryPreference, Event, Merchant, Shipment
from tests.base import ADA, CHEAP, HIGH_STREET, PRICEY, a_shipment, acme
from tests.handoffs.preference_stories import ask, challenge_of, opt_out, outcome, type_in
from tests.handoffs.stories import a_device, out_for_delivery, result, right_code, send_out, submit

GRACE = replace(ADA, name="Grace Hopper", phone="", email="grace@example.com")
pytestmark = pytest.mark.django_db


def careful() -> Merchant:
    """A merchant whose routine parcels need a code too."""
    return acme(code_for_routine=True)


def move_to(shipment: Shipment, **contact: str) -> None:
    changed = change_recipient(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        changes=contact,
        actor=Actor("merchant"),
    )
    assert isinstance(changed, Shipment), changed


# --- What it does --------------------------------------------------------------------------------


def test_the_next_routine_parcel_is_handed_over_without_a_code() -> None:
    merchant = careful()
    opt_out(out_for_delivery(merchant, value=CHEAP)[0])
    device = a_device()
    routine = send_out(a_shipment(merchant, value=CHEAP), device)
    assert (routine.code_required, routine.code_reason) == (False, CodeReason.OPTED_OUT)
    assert result(submit(device, routine, None)) == "delivered"


def test_a_high_value_one_only_with_it() -> None:
    merchant = careful()
    opt_out(out_for_delivery(merchant)[0])
    device = a_device()
    pricey = send_out(a_shipment(merchant, value=PRICEY), device)
    assert pricey.code_reason == CodeReason.HIGH_VALUE
    assert result(submit(device, pricey, None)) == "code_required"
    assert result(submit(device, pricey, right_code(pricey))) == "delivered"


def test_the_parcel_through_whose_page_it_was_done_still_needs_its_code() -> None:
    merchant = careful()
    shipment, device = out_for_delivery(merchant, value=CHEAP)
    opt_out(shipment)
    assert result(submit(device, shipment, None)) == "code_required"
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


@pytest.mark.parametrize("where", ["another address", "another contact", "another mode"])
def test_it_reaches_no_further(where: str) -> None:
    merchant = careful()
    shipment, _ = out_for_delivery(merchant)
    opt_out(shipment)
    kept: dict[str, Callable[[], Shipment]] = {
        "another address": lambda: a_shipment(
            merchant, value=CHEAP, address=replace(HIGH_STREET, line1="2 High Street")
        ),
        "another contact": lambda: a_shipment(merchant, value=CHEAP, recipient=GRACE),
        "another mode": lambda: a_shipment(merchant, value=CHEAP, livemode=True),
    }
    assert kept[where]().code_reason == CodeReason.ROUTINE


def test_an_address_with_capitals_is_the_same_contact() -> None:
    merchant = careful()
    shipment, _ = out_for_delivery(
        merchant, value=CHEAP, recipient=replace(ADA, phone="", email="Ada@Example.com")
    )
    opt_out(shipment, "email")
    again = a_shipment(merchant, value=CHEAP, recipient=replace(ADA, phone="", email="ada@example.com"))
    assert again.code_reason == CodeReason.OPTED_OUT


# --- Who hears of it -----------------------------------------------------------------------------


def test_every_channel_of_the_recipient_is_told() -> None:
    shipment, _ = out_for_delivery()
    opt_out(shipment)
    told = Message.objects.filter(kind="opted_out").values_list("channel", "to")
    assert sorted(told) == [("email", ADA.email), ("sms", ADA.phone)]


def test_it_is_on_the_timeline_without_anything_personal() -> None:
    shipment, _ = out_for_delivery()
    challenge = opt_out(shipment)
    event = Event.objects.get(shipment=shipment, type="preference.opted_out")
    assert (event.actor_kind, event.data) == ("recipient", {"challenge": challenge.public_id})


# --- The way back --------------------------------------------------------------------------------


def test_the_way_back_needs_no_code() -> None:
    merchant = careful()
    shipment, _ = out_for_delivery(merchant, value=CHEAP)
    opt_out(shipment)
    assert a_shipment(merchant, value=CHEAP).code_reason == CodeReason.OPTED_OUT
    opt_back_in(within=Shipment.objects.all(), shipment_id=shipment.public_id)
    assert a_shipment(merchant, value=CHEAP).code_reason == CodeReason.ROUTINE
    assert opted_out_of(shipment.order) == []


def test_taking_it_back_twice_is_one_event() -> None:
    shipment, _ = out_for_delivery()
    opt_out(shipment)
    for _ in range(2):
        opt_back_in(within=Shipment.objects.all(), shipment_id=shipment.public_id)
    assert Event.objects.filter(type="preference.opted_in").count() == 1


def test_the_link_of_the_notice_leads_back_even_after_delivery() -> None:
    shipment, device = out_for_delivery()
    challenge = opt_out(shipment)
    submit(device, shipment, right_code(shipment))
    assert confirmed_by(shipment, challenge.way_back_proof()) == challenge


@pytest.mark.parametrize("proof", ["", "AAAABBBBCCCCDDDD", "é", "x" * 200])
def test_a_made_up_proof_leads_nowhere(proof: str) -> None:
    shipment, _ = out_for_delivery()
    opt_out(shipment)
    assert confirmed_by(shipment, proof) is None


def test_once_taken_back_the_link_is_dead() -> None:
    shipment, _ = out_for_delivery()
    challenge = opt_out(shipment)
    opt_back_in(within=Shipment.objects.all(), shipment_id=shipment.public_id)
    assert confirmed_by(shipment, challenge.way_back_proof()) is None


# --- When it is not taken ------------------------------------------------------------------------


def test_not_within_three_days_of_a_changed_contact() -> None:
    merchant = careful()
    shipment, _ = out_for_delivery(merchant, value=CHEAP)
    move_to(shipment, phone="+447400654321")
    assert outcome(ask(shipment)) == "contact_not_settled"
    waits = unsettled(shipment.order, timezone.now())
    assert waits is not None
    assert timedelta(hours=71) < waits.until - timezone.now() <= timedelta(hours=72)
    with time_machine.travel(waits.until + timedelta(seconds=1), tick=False):
        device = a_device()
        assert outcome(ask(send_out(_reopened(shipment), device))) == "ok"


def _reopened(shipment: Shipment) -> Shipment:
    shipment.refresh_from_db()
    return shipment


def test_nor_through_another_parcel_of_the_same_recipient() -> None:
    merchant = careful()
    other, _ = out_for_delivery(merchant, value=CHEAP)
    shipment, _ = out_for_delivery(merchant, value=CHEAP)
    move_to(shipment, phone="+447400654321")
    assert outcome(ask(other)) == "contact_not_settled"


def test_a_neighbour_s_changed_contact_stops_nobody() -> None:
    merchant = careful()
    theirs, _ = out_for_delivery(merchant, value=CHEAP, recipient=GRACE)
    move_to(theirs, email="hopper@example.com")
    assert outcome(ask(out_for_delivery(merchant)[0])) == "ok"


def test_a_contact_that_changes_after_asking_makes_the_code_worthless() -> None:
    shipment, _ = out_for_delivery(careful(), value=CHEAP)
    challenge = challenge_of(ask(shipment))
    move_to(shipment, email="other@example.com")
    assert outcome(type_in(shipment, challenge, challenge.code_of())) == "contact_not_settled"
    assert not DeliveryPreference.objects.filter(wish="opted_out").exists()


def test_not_once_the_link_is_dead() -> None:
    shipment, device = out_for_delivery()
    generation = DeliveryCode.objects.get(shipment=shipment).generation
    submit(device, shipment, right_code(shipment))
    assert outcome(ask(shipment, generation=generation)) == "not_found"


def test_a_channel_that_does_not_lead_to_ada_is_refused() -> None:
    assert outcome(ask(out_for_delivery()[0], "voice")) == "validation_failed"


def test_who_has_opted_out_is_not_asked_again() -> None:
    shipment, _ = out_for_delivery()
    opt_out(shipment)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert outcome(ask(shipment)) == "illegal_transition"
