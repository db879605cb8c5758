"""Going out for delivery."""

import datetime
from dataclasses import replace

import pytest
import time_machine

from api.refusals import Refusal
from fleet.models import Depot, Route, Stop
from handoffs.cancel import cancel
from handoffs.dispatch import dispatch
from handoffs.messages import DELIVERY_CODE
from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason
from notifications.models import Message
from orders.models import CodeReason, HighValueLine, Shipment, Status
from tests.base import ADA, CHEAP, a_shipment, acme, carl
from tests.handoffs.stories import (
    ACME,
    a_device,
    leave,
    living_code,
    out_for_delivery,
    result,
    right_code,
    send_out,
    submit,
    wrong_code,
)

pytestmark = pytest.mark.django_db


def test_dispatch_issues_the_code_and_writes_its_message_with_it() -> None:
    shipment, device = out_for_delivery()
    assert shipment.status == Status.OUT_FOR_DELIVERY
    assert living_code(shipment).generation == 1
    message = Message.objects.get(about=shipment.public_id)
    assert (message.kind, message.channel, message.to) == ("delivery_code", "sms", "+447400123456")
    assert message.context == {"generation": 1, "renewed": False}
    types = list(shipment.events.order_by("sequence").values_list("type", flat=True))
    assert types == ["order.created", "shipment.out_for_delivery", "code.issued"]
    stop = Stop.objects.current().get(shipment=shipment)
    assert stop.route.courier == device.courier


def test_a_shipment_that_needs_no_code_gets_none() -> None:
    shipment, _ = out_for_delivery(value=CHEAP)
    assert not DeliveryCode.objects.exists()
    assert not Message.objects.exists()
    assert not shipment.events.filter(type="code.issued").exists()


def test_the_route_is_that_of_the_depots_own_day() -> None:
    depot = Depot.objects.create(name="Kiritimati", timezone="Pacific/Kiritimati")
    with time_machine.travel(datetime.datetime(2026, 11, 22, 11, tzinfo=datetime.UTC), tick=False):
        out_for_delivery(device=a_device(carl(depot)))
    assert Route.objects.get().date == datetime.date(2026, 11, 23)


def test_reassignment_keeps_the_code_and_sends_nothing() -> None:
    shipment, _ = out_for_delivery()
    code = right_code(shipment)
    other = a_device()
    send_out(shipment, other)
    assert right_code(shipment) == code
    assert Message.objects.count() == 1
    assert Stop.objects.current().get(shipment=shipment).route.courier == other.courier


def test_dispatching_again_to_the_same_courier_changes_nothing() -> None:
    shipment, device = out_for_delivery()
    events = shipment.events.count()
    send_out(shipment, device)
    assert shipment.events.count() == events
    assert Stop.objects.count() == 1
    assert Message.objects.count() == 1


def test_a_new_delivery_day_brings_a_new_code_and_says_so() -> None:
    shipment, device = out_for_delivery()
    old = right_code(shipment)
    leave(device, shipment)
    with time_machine.travel(living_code(shipment).expires_at + datetime.timedelta(hours=6), tick=False):
        send_out(shipment, device)
        assert living_code(shipment).generation == 2
        assert right_code(shipment) != old
        assert result(submit(device, shipment, old)) == "wrong_code"
    assert Message.objects.latest("pk").context == {"generation": 2, "renewed": True}
    assert DeliveryCode.objects.get(generation=1).ended_because == EndReason.SUPERSEDED


def test_going_out_again_on_the_same_day_keeps_the_code_and_repeats_its_message() -> None:
    shipment, device = out_for_delivery()
    code = right_code(shipment)
    leave(device, shipment)
    send_out(shipment, a_device())
    assert right_code(shipment) == code
    messages = Message.objects.filter(kind=DELIVERY_CODE).order_by("pk")
    assert [m.context["generation"] for m in messages] == [1, 1]


def test_a_shipment_without_attempts_goes_out_without_a_new_code() -> None:
    shipment, device = out_for_delivery()
    for generation in (1, 2):
        for _ in range(5):
            submit(device, shipment, wrong_code(shipment))
        leave(device, shipment)
        send_out(shipment, device)
        assert DeliveryCode.objects.filter(shipment=shipment).count() == min(generation + 1, 2)


def test_a_second_parcel_to_the_same_door_lifts_both_over_the_line() -> None:
    merchant = acme()
    first = a_shipment(merchant, value="60.00")
    second = a_shipment(merchant, value="60.00")
    assert (first.code_required, second.code_required) == (False, True)
    sent = send_out(first, a_device())
    assert (sent.code_required, sent.code_reason) == (True, CodeReason.HIGH_VALUE)
    assert right_code(first)


@pytest.mark.parametrize("end", ["cancelled", "delivered"])
def test_what_has_closed_is_not_dispatched(end: str) -> None:
    shipment, device = out_for_delivery()
    if end == "cancelled":
        cancel(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ACME)
    else:
        submit(device, shipment, right_code(shipment))
    told = dispatch(
        within=Shipment.objects.all(), shipment_id=shipment.public_id, courier=device.courier, actor=ACME
    )
    assert isinstance(told, Refusal)
    assert (told.code, told.members) == ("illegal_transition", {"shipment_status": end})


def test_a_merchant_dispatches_only_what_is_theirs() -> None:
    shipment, theirs = a_shipment(acme()), acme("Other")
    told = dispatch(
        within=Shipment.objects.of(theirs, livemode=False),
        shipment_id=shipment.public_id,
        courier=carl(),
        actor=ACME,
    )
    assert told == Refusal("not_found")


def test_a_test_key_does_not_reach_what_a_live_key_made() -> None:
    shipment = a_shipment(acme(), livemode=True)
    merchant = shipment.order.merchant
    assert Shipment.objects.of(merchant, livemode=True).filter(pk=shipment.pk).exists()
    assert not Shipment.objects.of(merchant, livemode=False).filter(pk=shipment.pk).exists()


def test_a_code_that_no_message_can_carry_is_told_on_the_timeline() -> None:
    """Routine parcels need no contact; lifted over the line, such a one needs a code that reaches nobody."""
    merchant = acme()
    nobody = replace(ADA, phone="", email="")
    first = a_shipment(merchant, value="60.00", recipient=nobody)
    a_shipment(merchant, value="20.00", recipient=nobody)
    HighValueLine.objects.filter(merchant=merchant, currency="GBP").update(amount=70)
    sent = send_out(first, a_device())
    assert sent.code_required
    assert not Message.objects.exists()
    event = sent.events.get(type="code.undeliverable")
    assert event.data == {"generation": 1, "because": "no_contact"}
