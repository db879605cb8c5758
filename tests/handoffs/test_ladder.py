"""A code that does not arrive one way goes another way, until it has arrived or no way is left."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from delivery_otp.invariants import broken
from handoffs.ladder import climb_silent
from handoffs.models import DeliveryCode
from notifications import inbound, kinds
from notifications.inbound import Heard
from notifications.models import Message
from orders.models import Shipment
from tests.base import ADA, a_shipment, someone
from tests.handoffs.ladder_stories import (
    LANDLINE_SAYS,
    NOON,
    SILENT,
    UNREACHABLE,
    ada,
    after,
    at_the_door,
    told,
    ways,
    work,
)
from tests.handoffs.stories import a_device, leave, living_code, out_for_delivery, send_out

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def out_to(phone: str = ADA.phone, email: str = ADA.email, **fields: Any) -> Shipment:
    return out_for_delivery(recipient=ada(phone, email), **fields)[0]


def behind_another() -> tuple[Shipment, Shipment, Any]:
    """A parcel for a silent phone that is the second stop of a run, the first one, and the handheld."""
    device = a_device()
    first = send_out(a_shipment(recipient=someone(1)), device)
    second = send_out(a_shipment(recipient=ada(SILENT)), device)
    work()
    return second, first, device


@pytest.mark.parametrize("phone", [LANDLINE_SAYS, UNREACHABLE])
def test_what_fails_for_good_or_by_its_receipt_goes_the_next_way_at_once(phone: str) -> None:
    shipment = out_to(phone)
    work()
    assert ways(shipment) == [("sms", "failed"), ("email", "received")]
    [failed] = told(shipment, "code.not_received")
    assert (failed["because"], failed["channel"], failed["next"]) == ("failed", "sms", "email")
    assert not told(shipment, "code.undeliverable")


def test_all_ways_carry_the_same_code() -> None:
    shipment = out_to(LANDLINE_SAYS)
    work()
    code = living_code(shipment).code_of()
    texts = [kinds.render(message) for message in Message.objects.filter(kind="delivery_code")]
    assert len(texts) == 2
    assert all(text and code in text.text for text in texts)
    assert DeliveryCode.objects.count() == 1


def test_the_last_way_is_a_call() -> None:
    shipment = out_to(LANDLINE_SAYS, "invalid@example.com")
    work()
    assert ways(shipment) == [("sms", "failed"), ("email", "failed"), ("voice", "received")]


def test_where_every_way_has_failed_merchant_and_staff_are_told_what_was_tried() -> None:
    shipment = out_to("+12025550101", "invalid@example.com")
    work()
    assert ways(shipment) == [("sms", "failed"), ("email", "failed"), ("voice", "failed")]
    [last] = told(shipment, "code.undeliverable")
    assert last["tried"] == ["sms", "email", "voice"]
    assert [each["next"] for each in told(shipment, "code.not_received")] == ["email", "voice", None]
    assert after(minutes=20) == 0


def test_a_minute_of_silence_with_the_courier_at_the_door_is_too_long() -> None:
    second, _, device = behind_another()
    at_the_door(device, second)
    assert after(seconds=50) == 0
    assert after(seconds=61) == 1
    assert ways(second) == [("sms", "sent"), ("email", "received")]
    assert told(second, "code.not_received")[0]["because"] == "silence"


def test_a_minute_is_too_long_also_where_the_stop_before_is_closed() -> None:
    _, first, device = behind_another()
    assert after(seconds=61) == 0
    leave(device, first)
    assert after(seconds=61) == 1


def test_before_that_ten_minutes_are() -> None:
    second, _, _ = behind_another()
    assert after(minutes=9) == 0
    assert after(minutes=11) == 1
    assert ways(second) == [("sms", "sent"), ("email", "received")]


def test_silence_is_told_once_and_each_way_taken_once() -> None:
    shipment = out_to(SILENT)
    work()
    assert [after(minutes=minutes) for minutes in (11, 22, 33)] == [1, 0, 0]
    assert ways(shipment) == [("sms", "sent"), ("email", "received")]


def test_silence_on_every_way_is_not_told_as_failure() -> None:
    shipment = out_to(SILENT, "silent@example.com")
    work()
    assert [after(minutes=minutes) for minutes in (11, 22, 33, 44)] == [1, 1, 0, 0]
    assert ways(shipment) == [("sms", "sent"), ("email", "sent"), ("voice", "sent")]
    assert [each["next"] for each in told(shipment, "code.not_received")] == ["email", "voice", None]
    assert not told(shipment, "code.undeliverable")


def test_what_has_arrived_goes_no_other_way() -> None:
    shipment = out_to()
    work()
    assert after(minutes=30) == 0
    assert ways(shipment) == [("sms", "received")]
    assert living_code(shipment).unheard_since is None


def test_what_has_not_been_tried_yet_is_not_silent() -> None:
    shipment, device = out_for_delivery(recipient=ada(SILENT))
    at_the_door(device, shipment)
    Message.objects.update(next_try_at=NOON.replace(hour=18))
    assert after(minutes=30) == 0


def test_nobody_is_called_at_night_unless_the_courier_is_at_the_door() -> None:
    with time_machine.travel(NOON.replace(hour=5), tick=False):
        shipment, device = out_for_delivery(recipient=ada(LANDLINE_SAYS, ""))
        work()
        assert ways(shipment) == [("sms", "failed"), ("voice", "queued")]
        call = Message.objects.get(channel="voice")
        assert call.next_try_at == NOON.replace(hour=8)
        other, device = out_for_delivery(recipient=ada(LANDLINE_SAYS, ""))
        at_the_door(device, other)
        work()
        assert ways(other)[-1] == ("voice", "received")


def test_whoever_says_stop_gets_the_code_of_a_parcel_on_its_way_elsewhere() -> None:
    shipment = out_to(livemode=True)
    work()
    assert ways(shipment) == [("sms", "received")]
    inbound.hear(Heard(ADA.phone, inbound.STOP), "SM1")
    work()
    assert ways(shipment) == [("sms", "received"), ("email", "received")]
    inbound.hear(Heard(ADA.phone, inbound.STOP), "SM2")
    assert len(ways(shipment)) == 2


def test_a_silence_that_nobody_looks_at_breaks_an_invariant() -> None:
    shipment = out_to(SILENT)
    work()
    with time_machine.travel(NOON.replace(minute=20), tick=False):
        [found] = broken()
        assert (found.number, found.rows) == (10, [shipment.public_id])
        climb_silent()
        assert not list(broken())


def test_a_code_that_has_ended_climbs_no_further() -> None:
    shipment, device = out_for_delivery(recipient=ada(SILENT))
    work()
    leave(device, shipment)
    assert after(minutes=30) == 0
    assert ways(shipment) == [("sms", "sent")]
