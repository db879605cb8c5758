"""Ada did not get it: she has it sent again, as often as the cool-down lets her."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from handoffs.limits import SEND_COOLDOWN, SENDS_PER_GENERATION
from handoffs.messages import DELIVERY_CODE
from notifications.models import Message
from orders.models import Shipment
from tests.customers.stories import everything, own_path, seen
from tests.handoffs.stories import leave, out_for_delivery, right_code

pytestmark = pytest.mark.django_db


def messages_of(shipment: Shipment) -> list[Message]:
    codes = Message.objects.filter(about=shipment.public_id, kind=DELIVERY_CODE)
    return list(codes.order_by("id"))


def ask(client: Client, shipment: Shipment, **form: str) -> str:
    """Press the button, and read the page that follows."""
    response = client.post(own_path(shipment) + "resend/", form)
    assert (response.status_code, response["Location"]) == (302, own_path(shipment))
    return seen(client, response["Location"])


def test_after_the_cool_down_the_same_code_goes_out_again(client: Client) -> None:
    shipment, _ = out_for_delivery()
    code = right_code(shipment)
    with time_machine.travel(timezone.now() + SEND_COOLDOWN):
        page = ask(client, shipment)
    assert "Your code is on its way to •••• ••56 by text message" in page
    assert [message.channel for message in messages_of(shipment)] == ["sms", "sms"]
    assert right_code(shipment) == code


def test_on_the_channel_that_was_chosen(client: Client) -> None:
    shipment, _ = out_for_delivery()
    with time_machine.travel(timezone.now() + SEND_COOLDOWN):
        assert "to a•••@e••• by e-mail" in ask(client, shipment, channel="email")
    assert messages_of(shipment)[-1].to == "ada@example.com"


def test_too_soon_the_page_says_when(client: Client) -> None:
    shipment, _ = out_for_delivery()
    page = seen(client, own_path(shipment))
    assert "You can ask for another at" in page
    assert "Send it again" not in page


def test_a_second_click_sends_nothing(client: Client) -> None:
    shipment, _ = out_for_delivery()
    with time_machine.travel(timezone.now() + SEND_COOLDOWN, tick=False):
        ask(client, shipment)
        before = everything()
        assert "You can ask for another in 60 seconds" in ask(client, shipment)
        assert everything() == before


def test_a_code_sent_as_often_as_may_be_is_sent_no_more(client: Client) -> None:
    shipment, _ = out_for_delivery()
    for number in range(1, SENDS_PER_GENERATION + 2):
        with time_machine.travel(timezone.now() + number * (SEND_COOLDOWN + timedelta(seconds=1))):
            page = ask(client, shipment)
    assert "It has been sent as often as it can be" in page
    assert len(messages_of(shipment)) == SENDS_PER_GENERATION


@pytest.mark.parametrize("channel", ["Voice", "pigeon", "\x00", "sms" * 1000])
def test_a_channel_that_does_not_lead_to_ada_is_no_error(client: Client, channel: str) -> None:
    shipment, _ = out_for_delivery()
    assert "That way does not lead to you" in ask(client, shipment, channel=channel)
    assert len(messages_of(shipment)) == 1


def test_behind_an_old_link_nothing_is_sent(client: Client) -> None:
    shipment, _ = out_for_delivery()
    old = own_path(shipment)
    client.post(old + "new-code/")
    with time_machine.travel(timezone.now() + SEND_COOLDOWN):
        assert "This link is no longer valid" in seen(client, client.post(old + "resend/")["Location"])
    assert len(messages_of(shipment)) == 2


def test_after_a_failed_visit_nothing_is_sent(client: Client) -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment)
    assert "Send it again" not in seen(client, own_path(shipment))
    assert "This has changed meanwhile" in ask(client, shipment)
    assert len(messages_of(shipment)) == 1
