"""Which messages go out when, and which way: what is needed at the door, warnings, what is good to know."""

import re
from dataclasses import replace
from typing import Any

import pytest

from handoffs.contact import change_recipient
from handoffs.messages import (
    CONTACT_CHANGED,
    COURIER_ARRIVED,
    DELIVERY_CODE,
    HANDED_OVER,
    LOCKED,
    NEEDS_CODE,
    NOBODY_HOME,
    RETURNED,
)
from handoffs.plan import StopDraft, plan_route
from handoffs.returns import send_back, take_back
from handoffs.transit import put_in_transit
from handoffs.visit import arrive
from notifications import kinds
from notifications.models import Message
from orders.models import Order, Shipment, Status
from tests.base import ADA, CHEAP, a_shipment
from tests.couriers.stories import statements
from tests.handoffs.stories import (
    ACME,
    a_device,
    leave,
    living_code,
    out_for_delivery,
    right_code,
    send_out,
    submit,
    wrong_code,
)

pytestmark = pytest.mark.django_db

ALL = Shipment.objects.all()


def told(shipment: Shipment) -> list[tuple[str, str]]:
    """What was told of the shipment, in order: kind and channel."""
    about = Message.objects.filter(about=shipment.public_id).order_by("pk")
    return list(about.values_list("kind", "channel"))


def text_of(shipment: Shipment, kind: str) -> str | None:
    rendered = kinds.render(Message.objects.filter(about=shipment.public_id, kind=kind).latest("pk"))
    return rendered.text if rendered else None


def on_its_way(**fields: Any) -> Shipment:
    shipment = a_shipment(**fields)
    assert isinstance(put_in_transit(within=ALL, shipment_id=shipment.public_id, actor=ACME), Shipment)
    return shipment


def lock(shipment: Shipment, device: Any) -> None:
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))


def test_at_shipping_the_mailbox_hears_that_a_code_will_be_needed() -> None:
    shipment = on_its_way()
    assert told(shipment) == [(NEEDS_CODE, "email")]
    assert "on the day of delivery" in (text_of(shipment, NEEDS_CODE) or "")


def test_who_has_no_mailbox_hears_it_in_a_text() -> None:
    assert told(on_its_way(recipient=replace(ADA, email=""))) == [(NEEDS_CODE, "sms")]


def test_where_no_code_is_needed_nothing_is_said_of_one() -> None:
    assert told(on_its_way(value=CHEAP)) == []


def test_being_in_transit_already_says_nothing_again() -> None:
    shipment = on_its_way()
    put_in_transit(within=ALL, shipment_id=shipment.public_id, actor=ACME)
    assert len(told(shipment)) == 1


def test_a_run_that_is_planned_tells_all_of_its_recipients_in_one_statement() -> None:
    device = a_device()
    shipments = [a_shipment() for _ in range(3)]
    with statements() as seen:
        plan_route(
            within=ALL,
            courier=device.courier,
            date=device.courier.depot.today(shipments[0].created_at),
            stops=[StopDraft(shipment=each.public_id) for each in shipments],
            actor=ACME,
        )
    assert [told(each) for each in shipments] == [[(NEEDS_CODE, "email")]] * 3
    assert sum('INSERT INTO "notifications_message"' in one for one in seen) == 1


def test_once_it_is_out_there_is_no_more_to_say_of_a_code_that_will_come() -> None:
    shipment = on_its_way()
    send_out(shipment, a_device())
    assert told(shipment) == [(NEEDS_CODE, "email"), (DELIVERY_CODE, "sms")]
    assert text_of(shipment, NEEDS_CODE) is None


def test_an_arrival_is_told_once() -> None:
    shipment, device = out_for_delivery()
    for _ in range(2):
        arrive(device=device, shipment_id=shipment.public_id, location=None, occurred_at=None)
    assert told(shipment)[1:] == [(COURIER_ARRIVED, "email")]
    assert right_code(shipment) not in (text_of(shipment, COURIER_ARRIVED) or right_code(shipment))


def test_an_arrival_with_a_routine_parcel_is_not_told() -> None:
    shipment, device = out_for_delivery(value=CHEAP)
    arrive(device=device, shipment_id=shipment.public_id, location=None, occurred_at=None)
    assert told(shipment) == []


def test_the_fifth_wrong_code_is_told_with_the_way_to_a_new_one() -> None:
    shipment, device = out_for_delivery()
    lock(shipment, device)
    assert told(shipment)[1:] == [(LOCKED, "sms")]
    link = living_code(shipment).link_proof_of()
    assert link in (text_of(shipment, LOCKED) or "")


def test_where_no_new_code_can_be_had_the_shop_is_named_instead() -> None:
    shipment, device = out_for_delivery()
    lock(shipment, device)
    leave(device, shipment)
    send_out(shipment, device)
    lock(shipment, device)
    text = text_of(shipment, LOCKED) or ""
    assert "The shop can help" in text
    assert re.search(rf"/o/{shipment.tracking_number}/$", text)


def test_that_a_code_is_locked_is_no_longer_said_of_one_that_has_ended() -> None:
    shipment, device = out_for_delivery()
    lock(shipment, device)
    leave(device, shipment)
    assert text_of(shipment, LOCKED) is None


@pytest.mark.parametrize(("reason", "expected"), [("absent", [(NOBODY_HOME, "sms")]), ("refused", [])])
def test_only_that_nobody_was_there_is_told(reason: str, expected: list[tuple[str, str]]) -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment, reason)
    assert told(shipment)[1:] == expected


def test_the_receipt_goes_to_the_mailbox_and_says_when() -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, right_code(shipment))
    assert told(shipment)[1:] == [(HANDED_OVER, "email")]
    shipment.refresh_from_db()
    assert shipment.delivered_at is not None
    local = shipment.delivered_at.astimezone(shipment.order.zone)
    assert f"{local:%H:%M}" in (text_of(shipment, HANDED_OVER) or "")


def test_times_in_a_message_are_of_the_address_and_written_as_its_reader_does() -> None:
    shipment, _ = out_for_delivery(recipient=replace(ADA, locale="ja"))
    Order.objects.update(timezone="Asia/Tokyo")
    Message.objects.update(channel="email")
    local = living_code(shipment).expires_at.astimezone(Order.objects.get().zone)
    assert f"{local.month}月{local.day}日" in (text_of(shipment, DELIVERY_CODE) or "")
    assert f"{local:%H:%M}まで" in (text_of(shipment, DELIVERY_CODE) or "")


def test_a_parcel_that_is_back_is_told() -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment, "refused")
    send_back(within=ALL, shipment_id=shipment.public_id, actor=ACME)
    take_back(within=ALL, shipment_id=shipment.public_id, actor=ACME)
    shipment.refresh_from_db()
    assert shipment.status == Status.RETURNED
    assert told(shipment)[1:] == [(RETURNED, "email")]


def test_a_changed_contact_is_told_to_every_contact_before() -> None:
    shipment = a_shipment()
    change_recipient(
        within=ALL, shipment_id=shipment.public_id, changes={"phone": "+447400999888"}, actor=ACME
    )
    assert told(shipment) == [(CONTACT_CHANGED, "sms"), (CONTACT_CHANGED, "email")]
    assert set(Message.objects.values_list("to", flat=True)) == {ADA.phone, ADA.email}
