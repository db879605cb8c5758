"""What the recipient reads."""

import re

import pytest
import time_machine
from pytest_django.fixtures import Settings

from handoffs.models import DeliveryCode
from handoffs.rotate import Because, rotate
from notifications import gsm, kinds
from notifications.models import Message
from notifications.worker import drain
from orders.models import Actor, Merchant, Shipment
from tests.base import acme
from tests.handoffs.stories import living_code, out_for_delivery, right_code

pytestmark = pytest.mark.django_db


def sms_of(shipment: Shipment) -> kinds.Rendered | None:
    return kinds.render(Message.objects.filter(about=shipment.public_id, channel="sms").latest("pk"))


def test_the_code_is_the_first_thing_in_the_sms() -> None:
    shipment, _ = out_for_delivery()
    message = sms_of(shipment)
    assert message is not None
    assert message.text.startswith(right_code(shipment))
    assert "Acme" in message.text
    assert "only the courier at your door" in message.text


@pytest.mark.parametrize("renewed", [False, True])
@pytest.mark.parametrize(
    "name",
    ["The Very Long Name Of A Department Store", "Łódź Świętej Žofie Ğ Curly’s 🎁", "東京百貨店"],  # noqa: RUF001
)
def test_the_sms_fits_one_segment_whatever_the_name(renewed: bool, name: str, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://codes.a-long-carrier.example"
    shipment, _ = out_for_delivery(acme(name, code_digits=8))
    Message.objects.update(context={"generation": 1, "renewed": renewed})
    message = sms_of(shipment)
    assert message is not None
    assert set(message.text) <= gsm.ALPHABET
    assert len(message.text) <= 160, len(message.text)


def test_the_subject_of_the_letter_holds_no_code() -> None:
    shipment, _ = out_for_delivery()
    Message.objects.update(channel="email")
    letter = kinds.render(Message.objects.get())
    assert letter is not None
    code = right_code(shipment)
    assert code not in letter.subject
    assert code in letter.text


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_no_link_in_a_message_holds_the_code(channel: str) -> None:
    """A link is kept in histories and logs, and fetched by whoever previews it."""
    shipment, _ = out_for_delivery()
    Message.objects.update(channel=channel)
    rendered = kinds.render(Message.objects.get())
    assert rendered is not None
    links = re.findall(r"https?://\S+", rendered.text)
    assert links
    assert not any(right_code(shipment) in link for link in links)


@pytest.mark.parametrize("how", ["rotated", "expired"])
def test_a_message_whose_code_is_gone_has_nothing_to_say(how: str) -> None:
    shipment, _ = out_for_delivery()
    first = Message.objects.get(about=shipment.public_id)
    if how == "rotated":
        rotate(
            within=Shipment.objects.all(),
            shipment_id=shipment.public_id,
            actor=Actor("recipient"),
            because=Because.ASKED_FOR,
        )
        assert kinds.render(first) is None
    else:
        with time_machine.travel(living_code(shipment).expires_at, tick=False):
            assert kinds.render(first) is None


def test_the_link_in_the_message_is_built_from_the_public_url(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://codes.example"
    shipment, _ = out_for_delivery()
    proof = living_code(shipment).link_proof_of()
    message = sms_of(shipment)
    assert message is not None
    assert message.text.endswith(f"https://codes.example/o/{shipment.tracking_number}.{proof}/")


def test_sending_is_told_on_the_timeline() -> None:
    shipment, _ = out_for_delivery()
    drain()
    message = Message.objects.get(about=shipment.public_id)
    event = shipment.events.get(type="code.sent")
    assert event.data == {"message": message.public_id, "channel": "sms", "generation": 1}


def test_a_message_that_cannot_go_is_told_on_the_timeline(settings: Settings) -> None:
    settings.SANDBOX = False
    shipment, _ = out_for_delivery(livemode=True)
    drain()
    told = shipment.events.get(type="code.undeliverable").data
    assert (told["generation"], told["tried"]) == (1, ["sms", "email"])
    assert set(Message.objects.filter(about=shipment.public_id).values_list("state", flat=True)) == {"failed"}


def test_nothing_of_the_code_is_stored_with_the_message() -> None:
    shipment, _ = out_for_delivery()
    code, nonce = right_code(shipment), bytes(DeliveryCode.objects.get().nonce or b"")
    drain()
    stored = " ".join(str(value) for value in Message.objects.values().get().values())
    assert code not in stored
    assert nonce.hex() not in stored
    assert Merchant.objects.count() == 1
