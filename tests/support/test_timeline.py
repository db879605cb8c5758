"""What happened, as sentences that can be read out."""

from datetime import UTC, datetime

import pytest

from handoffs.messages import names
from handoffs.preferences.messages import OPTED_OUT, PREFERENCE_CODE
from handoffs.visit import arrive
from notifications import worker
from notifications.models import Message
from orders.models import Actor, Event, Fact, Order
from support.roles import AGENT
from support.sentences import SENTENCES
from support.words import KINDS, provider_words
from tests.base import a_shipment, carl
from tests.handoffs.stories import a_device, leave, out_for_delivery, right_code, send_out, submit, wrong_code
from tests.support.stories import PHONE, a_member, act, page_of, signed_in, words

pytestmark = pytest.mark.django_db


def story(shipment_page: str) -> str:
    return words(signed_in(AGENT).get(shipment_page))


def test_a_whole_delivery_reads_as_a_story() -> None:
    device = a_device(carl(name="Carl"))
    shipment, _ = out_for_delivery(device=device)
    worker.drain()
    arrive(device=device, shipment_id=shipment.public_id, location=None, occurred_at=None)
    submit(device, shipment, wrong_code(shipment))
    submit(device, shipment, right_code(shipment))
    seen = story(page_of(shipment))
    told = (
        "Carl (courier) handed it over to the recipient; against the delivery code.",
        "Carl (courier) typed a wrong code; 4 tries left with this code.",
        "Carl (courier) reported being at the door, without a position.",
        "Code no. 1 went out by text message to •••• ••56: accepted by the provider.",
        "Delivery code no. 1 was made.",
    )
    places = [seen.index(sentence) for sentence in told]
    assert places == sorted(places)
    assert "placed the order." in seen


def test_what_staff_did_stands_there_with_their_reason() -> None:
    shipment, _ = out_for_delivery()
    act(signed_in(user=a_member(AGENT, name="Sam")), shipment, "rotate", reason="Phone was lost")
    seen = story(page_of(shipment))
    assert "Sam (staff) had code no. 1 replaced. It no longer works, and neither does its link." in seen
    assert "Sam (staff) asked for a new code. Phone was lost" in seen


def test_a_failed_visit_and_its_reason_are_told() -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment, "refused")
    assert "left without handing it over: the recipient did not take it." in story(page_of(shipment))


def test_times_are_those_at_the_address() -> None:
    shipment = a_shipment()
    order = shipment.order
    order.timezone = "Asia/Tokyo"
    order.save()
    at = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
    shipment.record([Fact("shipment.in_transit", Actor("merchant", "mer_x"))], at=at)
    seen = story(page_of(shipment))
    assert "Times at the address (Asia/Tokyo)" in seen
    assert "Monday 23 November 2026" in seen
    assert " 05:05 " in seen
    assert " 20:05 " not in seen


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (
            "refused by Twilio (HTTP 400, error 21614)",
            "cannot receive text messages: perhaps it is a landline",
        ),
        ("refused by Twilio (HTTP 400, error 21610)", "has answered STOP"),
        ("refused by the mail server (SMTP 550)", "knows no such mailbox"),
        ("Twilio not reached (ConnectTimeout)", "could not be reached"),
        ("something new", "something new"),
        ("", ""),
    ],
)
def test_the_providers_answer_is_put_in_plain_words(error: str, meaning: str) -> None:
    assert meaning in provider_words(error)


def test_a_message_that_failed_says_why() -> None:
    shipment, _ = out_for_delivery()
    Message.objects.update(
        state="failed", next_try_at=None, error="refused by Twilio (HTTP 400, error 21614)"
    )
    seen = story(page_of(shipment))
    assert "did not arrive: this number cannot receive text messages" in seen
    assert PHONE not in seen


def test_every_event_of_a_life_has_words() -> None:
    shipment, device = out_for_delivery()
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    leave(device, shipment)
    kinds = set(Event.objects.values_list("type", flat=True))
    assert kinds <= set(SENTENCES)
    assert "{" not in story(page_of(shipment))


def test_a_code_that_nobody_can_be_sent_is_told() -> None:
    shipment = a_shipment()
    Order.objects.update(phone="", email="")
    send_out(shipment, a_device())
    assert "could not be sent: no phone number or e-mail is known." in story(page_of(shipment))
    assert shipment.tracking_number in words(signed_in(AGENT).get("/admin/"))


def test_every_message_about_a_shipment_has_words() -> None:
    kinds = {value for name, value in vars(names).items() if name.isupper()} | {PREFERENCE_CODE, OPTED_OUT}
    assert len(kinds) > 9
    assert kinds - set(KINDS) == set()
