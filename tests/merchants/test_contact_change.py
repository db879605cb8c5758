"""A changed contact: the code before it dies, and high value waits a day."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason
from notifications import kinds
from notifications.models import Message
from orders.models import Event, Merchant, Order, Shipment
from tests.base import ADA, CHEAP, ApiClient, a_key, a_shipment, a_shipment_draft, acme, an_order, carl

NEW = {"phone": "07400 654321"}


def send_out(api: ApiClient, shipment: Shipment) -> None:
    answer = api.send("POST", f"/shipments/{shipment.public_id}/dispatch", {"courier": carl().public_id})
    assert answer.status_code == 200, answer.content


def change(api: ApiClient, shipment: Shipment, **changes: str) -> dict[str, object]:
    answer = api.send("PATCH", f"/shipments/{shipment.public_id}/recipient", changes)
    assert answer.status_code == 200, answer.content
    body: dict[str, object] = answer.json()
    return body


def test_the_live_code_ends_and_high_value_gets_none_that_day(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant)
    send_out(api, shipment)
    body = change(api, shipment, **NEW)
    assert (body["status"], body["code_state"]) == ("out_for_delivery", "pending")
    code = DeliveryCode.objects.get()
    assert (code.ended_because, code.nonce) == (EndReason.CONTACT_CHANGED, None)
    send_out(api, shipment)
    assert DeliveryCode.objects.count() == 1


def test_the_next_delivery_day_brings_a_new_code(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant)
    send_out(api, shipment)
    change(api, shipment, **NEW)
    with time_machine.travel(timezone.now() + timedelta(hours=28), tick=False):
        send_out(api, shipment)
    assert DeliveryCode.objects.living().get().generation == 2


def test_changing_it_before_dispatch_is_held_back_too(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant)
    change(api, shipment, **NEW)
    send_out(api, shipment)
    assert not DeliveryCode.objects.exists()


def test_a_shipment_lifted_over_the_line_after_it_is_held_back_too(
    api: ApiClient, merchant: Merchant
) -> None:
    shipment = a_shipment(merchant, value="60.00")
    change(api, shipment, email="bob@example.com", phone="")
    a_shipment(merchant, value="60.00", recipient=type(ADA)(name="Bob", email="bob@example.com"))
    send_out(api, shipment)
    shipment.refresh_from_db()
    assert shipment.code_required
    assert not DeliveryCode.objects.exists()


@pytest.mark.django_db
def test_below_the_line_a_new_code_goes_to_the_new_contact_at_once() -> None:
    merchant = acme(code_for_routine=True)
    api, shipment = ApiClient(a_key(merchant)), a_shipment(merchant, value=CHEAP)
    send_out(api, shipment)
    body = change(api, shipment, **NEW)
    assert (body["code_state"], body["attempts_left"]) == ("live", 5)
    codes = Message.objects.filter(kind="delivery_code").order_by("pk")
    assert [message.to for message in codes] == [ADA.phone, "+447400654321"]
    assert kinds.render(codes[0]) is None


def test_the_contacts_before_are_told(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant)
    change(api, shipment, **NEW)
    told = Message.objects.filter(kind="contact_changed")
    assert {(message.channel, message.to) for message in told} == {("sms", ADA.phone), ("email", ADA.email)}
    for message in told:
        rendered = kinds.render(message)
        assert rendered is not None
        assert shipment.tracking_url in rendered.text
        assert "7400" not in rendered.text
        assert message.channel == "email" or len(rendered.text) <= 160


def test_all_shipments_of_the_order_start_over(api: ApiClient, merchant: Merchant) -> None:
    order = an_order(merchant, a_shipment_draft(), a_shipment_draft())
    first, second = order.shipments.order_by("pk")
    for shipment in (first, second):
        send_out(api, shipment)
    change(api, first, **NEW)
    assert not DeliveryCode.objects.living().exists()
    assert Event.objects.filter(type="order.contact_changed").count() == 2


def test_no_event_holds_the_contact(api: ApiClient, merchant: Merchant) -> None:
    change(api, a_shipment(merchant), **NEW)
    event = Event.objects.get(type="order.contact_changed")
    assert event.data == {"changed": ["phone"]}


def test_the_same_contact_written_otherwise_changes_nothing(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant)
    send_out(api, shipment)
    body = change(api, shipment, phone="07400 123456", name="Ada King")
    assert body["code_state"] == "live"
    assert Order.objects.get().name == "Ada King"
    assert not Message.objects.filter(kind="contact_changed").exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"phone": "12"}, "/phone"),
        ({"email": "ada"}, "/email"),
        ({"phone": "", "email": ""}, "/phone"),
        ({"name": ""}, "/name"),
        ({"line1": "2 High Street"}, "/line1"),
    ],
)
def test_what_is_wrong_is_named_and_the_code_lives_on(
    api: ApiClient, merchant: Merchant, changes: dict[str, str], pointer: str
) -> None:
    shipment = a_shipment(merchant)
    send_out(api, shipment)
    answer = api.send("PATCH", f"/shipments/{shipment.public_id}/recipient", changes)
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert DeliveryCode.objects.living().exists()


def test_it_is_too_late_once_it_has_closed(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant)
    api.send("POST", f"/shipments/{shipment.public_id}/cancel")
    answer = api.send("PATCH", f"/shipments/{shipment.public_id}/recipient", NEW)
    assert (answer.status_code, answer.json()["shipment_status"]) == (409, "cancelled")


def test_leaving_a_group_of_parcels_does_not_undo_what_it_needs(api: ApiClient, merchant: Merchant) -> None:
    """Two parcels of 60 pounds need a code together. Another contact for one of them changes nothing."""
    first = an_order(merchant, a_shipment_draft("60.00")).shipments.get()
    an_order(merchant, a_shipment_draft("60.00"))
    change(api, first, **NEW)
    first.refresh_from_db()
    assert (first.code_required, first.code_reason) == (True, "high_value")
    send_out(api, first)
    assert not DeliveryCode.objects.filter(shipment=first).exists(), "and none goes out on that day"


def test_a_contact_is_changed_five_times_a_day_at_most(api: ApiClient, merchant: Merchant) -> None:
    order = an_order(merchant, a_shipment_draft(), a_shipment_draft())
    first, second = order.shipments.order_by("pk")
    path = "/shipments/{}/recipient"
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False) as clock:
        for number in range(5):
            change(api, (first, second)[number % 2], phone=f"+44740065432{number}")
        told = Message.objects.count()
        refused = api.send("PATCH", path.format(second.public_id), {"phone": "+447400654329"})
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert refused["Retry-After"] == "86400"
        assert Message.objects.count() == told
        order.refresh_from_db()
        assert order.phone == "+447400654324"
        change(api, first, name="A. Lovelace")  # no contact: nobody is told
        clock.shift(timedelta(days=1))
        change(api, second, phone="+447400654329")
