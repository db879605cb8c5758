"""Once more, the same code; after its time, the next."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from api.refusals import Refusal
from handoffs.limits import SENDS_PER_GENERATION
from handoffs.models import DeliveryCode
from handoffs.resend import Resent, resend
from notifications.models import Message
from orders.models import Order, Shipment
from tests.base import CHEAP
from tests.handoffs.ladder_stories import at_the_door
from tests.handoffs.stories import leave, living_code, out_for_delivery, right_code, submit, wrong_code

pytestmark = pytest.mark.django_db


def again(shipment: Shipment, channel: str | None = None, generation: int | None = None) -> Resent | Refusal:
    return resend(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        channel=channel,
        generation=generation,
    )


def in_a(minutes: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes), tick=False)


def test_a_resend_repeats_the_living_code() -> None:
    shipment, _ = out_for_delivery()
    code = right_code(shipment)
    with in_a(2):
        told = again(shipment)
    assert isinstance(told, Resent)
    assert told.message.context == {"generation": 1, "renewed": False}
    assert right_code(shipment) == code
    assert Message.objects.count() == 2


def test_a_resend_goes_on_the_channel_asked_for() -> None:
    shipment, _ = out_for_delivery()
    with in_a(2):
        told = again(shipment, "email")
    assert isinstance(told, Resent)
    assert (told.message.channel, told.message.to) == ("email", "ada@example.com")


def test_a_channel_the_recipient_does_not_have_is_refused_by_name() -> None:
    shipment, _ = out_for_delivery()
    Order.objects.update(email="")
    with in_a(2):
        told = again(shipment, "email")
    assert isinstance(told, Refusal)
    assert told.code == "validation_failed"
    assert told.members["errors"][0]["pointer"] == "/channel"


def test_within_a_minute_it_is_too_soon_and_nothing_goes_out() -> None:
    shipment, _ = out_for_delivery()
    told = again(shipment)
    assert isinstance(told, Refusal)
    assert told.code == "rate_limited"
    assert 1 <= told.members["retry_after"] <= 60
    assert Message.objects.count() == 1


def test_a_code_is_sent_only_so_often() -> None:
    shipment, _ = out_for_delivery()
    told: list[Resent | Refusal] = []
    for minutes in range(2, 2 * SENDS_PER_GENERATION + 2, 2):
        with in_a(minutes):
            told.append(again(shipment))
    assert [isinstance(t, Resent) for t in told] == [True] * (SENDS_PER_GENERATION - 1) + [False]


def test_one_more_send_is_kept_for_when_the_courier_is_at_the_door() -> None:
    shipment, device = out_for_delivery()
    DeliveryCode.objects.update(sends=SENDS_PER_GENERATION)
    with in_a(2):
        assert isinstance(again(shipment), Refusal)
        at_the_door(device, shipment)
        assert isinstance(again(shipment), Resent)
    with in_a(4):
        assert isinstance(again(shipment), Refusal)


def test_a_resend_does_not_clear_the_lock() -> None:
    shipment, device = out_for_delivery()
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    with in_a(2):
        told = again(shipment)
    assert isinstance(told, Refusal)
    assert (told.code, told.members) == ("code_locked", {"next": ["rotate", "fail"]})
    assert living_code(shipment).attempts == 5


def test_a_resend_keeps_the_count_of_attempts() -> None:
    shipment, device = out_for_delivery()
    for _ in range(3):
        submit(device, shipment, wrong_code(shipment))
    with in_a(2):
        again(shipment)
    assert living_code(shipment).attempts == 3


def test_after_its_time_a_resend_issues_the_next_code_with_what_attempts_are_left() -> None:
    shipment, device = out_for_delivery()
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    submit(device, shipment, wrong_code(shipment))
    with time_machine.travel(living_code(shipment).expires_at, tick=False):
        told = again(shipment)
        assert isinstance(told, Resent)
        assert told.message.context == {"generation": 2, "renewed": True}
        assert living_code(shipment).attempts_allowed == 5
        assert living_code(shipment).attempts_before == 5


def test_where_no_attempts_are_left_nothing_is_issued() -> None:
    shipment, _ = out_for_delivery()
    DeliveryCode.objects.update(attempts_before=5, attempts=5)
    with time_machine.travel(living_code(shipment).expires_at, tick=False):
        told = again(shipment)
    assert isinstance(told, Refusal)
    assert (told.code, told.members) == ("code_locked", {"next": ["fail"]})
    assert DeliveryCode.objects.count() == 1


def test_only_what_is_out_is_resent() -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment)
    told = again(shipment)
    assert isinstance(told, Refusal)
    assert told.code == "not_out_for_delivery"


def test_a_shipment_that_needs_no_code_has_nothing_to_resend() -> None:
    shipment, _ = out_for_delivery(value=CHEAP)
    told = again(shipment)
    assert isinstance(told, Refusal)
    assert told.code == "illegal_transition"


def test_a_wish_made_for_an_older_generation_is_void() -> None:
    shipment, _ = out_for_delivery()
    with in_a(2):
        assert again(shipment, generation=7) == Refusal("not_found")


def test_while_a_changed_contact_holds_codes_back_none_is_issued() -> None:
    shipment, _ = out_for_delivery()
    with time_machine.travel(living_code(shipment).expires_at, tick=False):
        Shipment.objects.update(code_held_until=timezone.now() + datetime.timedelta(hours=5))
        told = again(shipment)
    assert isinstance(told, Refusal)
    assert told.code == "code_locked"
