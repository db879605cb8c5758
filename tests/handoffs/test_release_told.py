"""What the recipient and the timeline are told of a release."""

import pytest

from handoffs.messages.links import receipt_link_of
from notifications import gsm, kinds
from notifications.models import Message
from orders.models import Event, Shipment
from tests.base import acme
from tests.handoffs.release_stories import a_supervisor, approve, ask, below_the_line, refused_by
from tests.handoffs.stories import out_for_delivery, right_code, submit

pytestmark = pytest.mark.django_db


def told(shipment: Shipment, kind: str) -> dict[str, kinds.Rendered]:
    messages = Message.objects.filter(about=shipment.public_id, kind=kind)
    return {message.channel: rendered for message in messages if (rendered := kinds.render(message))}


def test_the_recipient_is_told_on_every_contact() -> None:
    shipment, device = below_the_line()
    ask(device, shipment)
    asked = told(shipment, "release_asked")
    assert set(asked) == {"sms", "email"}
    for message in asked.values():
        assert "without its code" in message.text
        assert f"/o/{shipment.tracking_number}/" in message.text
        assert right_code(shipment) not in message.text


def test_nobody_can_use_up_a_days_messages_to_keep_the_recipient_from_knowing() -> None:
    assert kinds.get("release_asked").has_reserve


def test_asking_again_tells_nothing_again() -> None:
    shipment, device = below_the_line()
    for _ in range(2):
        ask(device, shipment)
    assert Message.objects.filter(kind="release_asked").count() == 2


def test_the_receipt_says_that_no_code_was_told() -> None:
    shipment, device = below_the_line()
    approve(ask(device, shipment))
    submit(device, shipment, None)
    receipts = told(shipment, "handed_over")
    assert set(receipts) == {"sms", "email"}
    assert all("without its code" in message.text.lower() for message in receipts.values())


def test_a_long_name_of_a_shop_fits_one_segment() -> None:
    shipment, device = out_for_delivery(acme("Größter Laden der Welt " * 4))
    approve(ask(device, shipment), a_supervisor(), a_supervisor())
    submit(device, shipment, None)
    for kind, link in (
        ("release_asked", shipment.tracking_url),
        ("handed_over", receipt_link_of(shipment)),
    ):
        text = told(shipment, kind)["sms"].text
        assert len(text) <= gsm.ONE_SEGMENT
        assert gsm.plain(text) == text
        assert text.endswith(link.removeprefix("http://").removeprefix("https://"))


def test_the_timeline_tells_ids_and_numbers_only() -> None:
    shipment, device = out_for_delivery()
    sue = a_supervisor()
    request = ask(device, shipment, note="Says her phone drowned")
    approve(request, sue, a_supervisor())
    events = Event.objects.filter(shipment=shipment, type__startswith="release.").order_by("sequence")
    assert [(event.type, event.actor_kind, event.data) for event in events] == [
        (
            "release.requested",
            "courier",
            {"release": request.public_id, "reason": "phone_unusable", "approvals_needed": 2},
        ),
        (
            "release.approved",
            "staff",
            {"release": request.public_id, "approvals": 1, "approvals_needed": 2},
        ),
        (
            "release.approved",
            "staff",
            {"release": request.public_id, "approvals": 2, "approvals_needed": 2},
        ),
    ]
    assert events[1].actor_id == sue.public_id


def test_a_refusal_is_on_the_timeline() -> None:
    shipment, device = below_the_line()
    request = ask(device, shipment)
    refused_by(a_supervisor(), request)
    event = Event.objects.get(shipment=shipment, type="release.refused")
    assert (event.actor_kind, event.data) == ("staff", {"release": request.public_id})
