"""It did not arrive, or not here: what Ada is told, and what she can do."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from handoffs.contact import change_recipient
from notifications.models import Message
from orders.models import Actor, Shipment
from tests.customers.stories import bare_path, own_path, seen
from tests.handoffs.ladder_stories import LANDLINE_SAYS, ada, work
from tests.handoffs.stories import living_code, out_for_delivery

pytestmark = pytest.mark.django_db

BECAME = {
    "queued": "It is on its way out",
    "sending": "It is on its way out",
    "sent": "It has gone out",
    "received": "It has arrived there",
    "failed": "It could not be sent there. Choose another way",
    "dropped": "It was not sent, because its code had ended",
}


@pytest.mark.parametrize("state", Message.State.values)
def test_what_became_of_the_message_is_in_plain_words(client: Client, state: str) -> None:
    shipment, _ = out_for_delivery()
    Message.objects.update(
        state=state,
        next_try_at=timezone.now() if state == "queued" else None,
        claimed_until=timezone.now() if state == "sending" else None,
    )
    page = seen(client, own_path(shipment))
    assert re.search(r"\d\d:\d\d Text message to •••• ••56 ?: " + BECAME[state], page)


def test_every_way_that_was_tried_is_shown_with_the_answer(client: Client) -> None:
    shipment, _ = out_for_delivery(recipient=ada(LANDLINE_SAYS))
    work()
    page = seen(client, own_path(shipment))
    assert re.search(r"E-mail to a•••@e••• ?: It has arrived there\.", page)
    assert re.search(r"Text message to •••• ••03 ?: It did not arrive: this number cannot receive", page)


def test_a_letter_is_called_one(client: Client) -> None:
    shipment, _ = out_for_delivery()
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        client.post(own_path(shipment) + "resend/", {"channel": "email"})
        assert re.search(r"\d\d:\d\d E-mail to a•••@e••• ?: ", seen(client, own_path(shipment)))


def test_the_countdown_starts_from_what_is_left_whatever_clock_the_phone_has(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        shipment, _ = out_for_delivery()
        clock.shift(18)
        page = client.get(own_path(shipment)).content.decode()
    assert 'data-seconds="42"' in page
    assert "<template><form" in re.sub(r"\s*\n\s*", "", page)


def test_the_script_only_decorates(client: Client) -> None:
    """Without it, the same page says the time and has a link; after it, the form."""
    shipment, _ = out_for_delivery()
    assert re.search(r"You can ask for another at \d\d:\d\d:\d\d\. Reload", seen(client, own_path(shipment)))
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert "Send it again" in seen(client, own_path(shipment))


def test_the_picture_of_the_link_is_fetched_from_nowhere_and_spells_it_nowhere(client: Client) -> None:
    shipment, _ = out_for_delivery()
    page = client.get(own_path(shipment)).content.decode()
    assert re.search(r'<img src="data:image/svg\+xml,[^"]{1000,}" width', page)
    assert living_code(shipment).link_proof_of() not in page
    assert "data:image" not in client.get(bare_path(shipment)).content.decode()


def test_the_bare_page_helps_without_naming_anyone(client: Client) -> None:
    shipment, _ = out_for_delivery()
    page = seen(client, bare_path(shipment))
    assert "The message with the code did not come" in page
    assert "•" not in page


def test_a_code_held_back_after_a_changed_contact_says_until_when(client: Client) -> None:
    with time_machine.travel("2026-07-01T12:00:00Z", tick=False):
        shipment, _ = out_for_delivery()
        old = own_path(shipment)
        change_recipient(
            within=Shipment.objects.all(),
            shipment_id=shipment.public_id,
            changes={"email": "other@example.com"},
            actor=Actor("merchant"),
        )
        for path in (old, bare_path(shipment)):
            page = seen(client, path)
            assert "no new delivery code is made before Thu 2 Jul, 03:00" in page
            assert "did not come" not in page
