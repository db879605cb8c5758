"""A neighbour may receive it: a code of their own, which ends when the recipient says so."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from api.refusals import Refusal
from delivery_otp.invariants import broken
from handoffs.contact import change_recipient
from handoffs.erase import erase_recipient
from handoffs.expire import expire
from handoffs.models import CourierDay, Delegate, ProofOfDelivery
from handoffs.resend import resend
from handoffs.rotate import Because, rotate
from notifications import kinds
from notifications.models import Message
from notifications.worker import drain
from orders.models import SYSTEM, Shipment
from tests.handoffs.delegate_stories import ADA, NINA, name, named, revoke, their_code
from tests.handoffs.stories import (
    check_of,
    living_code,
    out_for_delivery,
    result,
    right_code,
    submit,
    wrong_code,
)

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


def test_their_code_opens_and_the_proof_says_that_it_was_theirs() -> None:
    shipment, device = out_for_delivery()
    name(shipment, "Olaf")
    nina = name(shipment)
    assert result(submit(device, shipment, their_code(shipment, nina))) == "delivered"
    proof = ProofOfDelivery.objects.get(shipment=shipment)
    assert (proof.method, proof.received_by, proof.delegate_number) == ("delegate_code", "delegate", 2)
    event = shipment.events.get(type="shipment.delivered")
    assert event.data == {
        "proof": proof.public_id,
        "method": "delegate_code",
        "received_by": "delegate",
        "delegate": 2,
    }
    assert list(broken()) == []


def test_hers_opens_as_before() -> None:
    shipment, device = out_for_delivery()
    name(shipment)
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"
    proof = ProofOfDelivery.objects.get(shipment=shipment)
    assert (proof.method, proof.received_by, proof.delegate_number) == ("code", "recipient", None)


def test_taken_back_it_opens_nothing_and_costs_the_courier_nothing() -> None:
    shipment, device = out_for_delivery()
    nina = name(shipment)
    typed = their_code(shipment, nina)
    revoke(shipment, nina)
    told = submit(device, shipment, typed)
    assert (result(told), check_of(told).likeness) == ("wrong_code", "superseded")
    assert living_code(shipment).attempts == 1
    assert not CourierDay.objects.exists()
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_by_the_clock_alone_it_is_over() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        shipment, device = out_for_delivery()
        nina = name(shipment)
        Delegate.objects.filter(pk=nina.pk).update(expires_at=NOON + datetime.timedelta(hours=1))
        typed = their_code(shipment, nina)
        clock.shift(datetime.timedelta(hours=1))
        assert result(submit(device, shipment, typed)) == "wrong_code"


def test_a_new_code_of_hers_brings_them_a_new_one_and_the_old_one_is_known_as_old() -> None:
    shipment, device = out_for_delivery()
    nina = name(shipment)
    old = their_code(shipment, nina)
    rotate(
        within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ADA, because=Because.ASKED_FOR
    )
    told = submit(device, shipment, old)
    assert (result(told), check_of(told).likeness) == ("wrong_code", "superseded")
    assert result(submit(device, shipment, their_code(shipment, nina))) == "delivered"


def test_the_next_day_knows_both_of_yesterdays() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        shipment, device = out_for_delivery()
        nina = name(shipment, lasts="week")
        old = [right_code(shipment), their_code(shipment, nina)]
        clock.shift(datetime.timedelta(days=1))
        expire()
        resend(within=Shipment.objects.all(), shipment_id=shipment.public_id, channel=None)
        told = [check_of(submit(device, shipment, typed)).likeness for typed in old]
        assert told == ["superseded", "superseded"]


def test_a_wrong_code_costs_the_courier_as_often_as_there_are_codes_it_could_have_been() -> None:
    shipment, device = out_for_delivery()
    passes = [name(shipment, f"Neighbour {letter}") for letter in "ABC"]
    submit(device, shipment, wrong_code(shipment))
    assert CourierDay.objects.get().wrong_codes == 4
    revoke(shipment, passes[0])
    submit(device, shipment, wrong_code(shipment))
    assert CourierDay.objects.get().wrong_codes == 7


def test_a_slip_in_theirs_is_given_back_as_often_as_it_was_counted() -> None:
    shipment, device = out_for_delivery()
    nina = name(shipment)
    right = their_code(shipment, nina)
    slip = right[:-1] + str((int(right[-1]) + 1) % 10)
    told = submit(device, shipment, slip)
    assert (check_of(told).likeness, CourierDay.objects.get().wrong_codes) == ("one_digit", 2)
    assert result(submit(device, shipment, right)) == "delivered"
    assert CourierDay.objects.get().wrong_codes == 0


def test_where_the_budget_does_not_cover_a_wrong_one_none_is_judged() -> None:
    with time_machine.travel(NOON, tick=False):
        shipment, device = out_for_delivery()
        CourierDay.objects.create(courier=device.courier, day=NOON.date(), wrong_codes=14)
        assert result(submit(device, shipment, wrong_code(shipment))) == "wrong_code"
        CourierDay.objects.update(wrong_codes=14)
        name(shipment)
        assert result(submit(device, shipment, right_code(shipment))) == "courier_suspended"


def test_the_fourth_pass_is_refused_and_one_taken_back_makes_room() -> None:
    shipment, _ = out_for_delivery()
    first, *_ = [name(shipment, f"Neighbour {letter}") for letter in "ABC"]
    fourth = named(shipment, "Neighbour D")
    assert isinstance(fourth, Refusal)
    assert (fourth.code, fourth.members) == ("delegates_full", {"for_good": False})
    revoke(shipment, first)
    assert name(shipment, "Neighbour D").number == 4


def test_a_parcel_has_ten_in_all() -> None:
    shipment, _ = out_for_delivery()
    for number in range(10):
        revoke(shipment, name(shipment, f"Neighbour {'ABCDEFGHIJ'[number]}"))
    refused = named(shipment)
    assert isinstance(refused, Refusal)
    assert refused.members == {"for_good": True}


def test_a_form_sent_again_gives_no_second_pass() -> None:
    shipment, _ = out_for_delivery()
    name(shipment)
    again = named(shipment, number=1)
    assert isinstance(again, Refusal)
    assert again.code == "not_found"
    assert Delegate.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", ["", "   ", "x" * 41, "call 0171 2345678", "http://evil.example", "Nina <b>", "Ni\u202ena"]
)
def test_a_name_is_a_name(wrong: str) -> None:
    shipment, _ = out_for_delivery()
    refused = named(shipment, wrong)
    assert isinstance(refused, Refusal)
    assert refused.code == "validation_failed"


def test_whoever_had_the_contact_before_named_them_so_a_changed_contact_ends_them() -> None:
    shipment, _ = out_for_delivery()
    nina = name(shipment, lasts="week")
    change_recipient(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        changes={"phone": "+447400123999"},
        actor=SYSTEM,
    )
    nina.refresh_from_db()
    assert nina.revoked_at is not None
    assert shipment.events.filter(type="delegate.revoked").count() == 1


def test_she_is_told_on_every_way_and_at_the_end_who_it_was() -> None:
    shipment, device = out_for_delivery()
    nina = name(shipment)
    about = Message.objects.filter(about=shipment.public_id)
    assert set(about.filter(kind="delegate_named").values_list("channel", flat=True)) == {"sms", "email"}
    submit(device, shipment, their_code(shipment, nina))
    receipt = about.get(kind="handed_over")
    assert NINA not in str(receipt.context)
    told = kinds.render(receipt)
    assert told
    assert NINA in told.text
    assert NINA in told.html


def test_forgetting_the_recipient_forgets_the_name() -> None:
    shipment, device = out_for_delivery()
    nina = name(shipment)
    submit(device, shipment, their_code(shipment, nina))
    while drain():
        pass
    assert not isinstance(erase_recipient(order_id=shipment.order.public_id, actor=SYSTEM), Refusal)
    nina.refresh_from_db()
    assert nina.name == ""
    assert not [row for row in shipment.events.values_list("data", flat=True) if NINA in str(row)]
    assert timezone.now() > nina.made_at
