"""Correcting a contact: the guard against thieves holds for staff too."""

import pytest

from handoffs.models import DeliveryCode
from notifications.models import Message
from orders.models import Shipment
from support.models import StaffAction
from support.roles import LEAD
from tests.base import a_shipment, acme
from tests.handoffs.stories import a_device, leave, out_for_delivery, send_out
from tests.support.stories import act, deeds, page_of, said, signed_in, words

pytestmark = pytest.mark.django_db


def told(shipment: Shipment, kind: str) -> list[str]:
    about = Message.objects.filter(about=shipment.public_id, kind=kind)
    return list(about.order_by("id").values_list("to", flat=True))


def test_high_value_gets_no_code_on_this_day_from_staff_either() -> None:
    shipment, _ = out_for_delivery()
    client = signed_in(LEAD)
    assert "The contact was changed" in said(client, act(client, shipment, "contact", phone="07400 555666"))
    shipment.refresh_from_db()
    assert shipment.order.phone == "+447400555666"
    assert not DeliveryCode.objects.living().exists()
    assert told(shipment, "contact_changed") == ["+447400123456", "ada@example.com"]
    assert told(shipment, "delivery_code") == ["+447400123456"]
    for name, fields in (("resend", {"channel": "sms"}), ("rotate", {}), ("unlock", {})):
        act(client, shipment, name, **fields)
    assert not DeliveryCode.objects.living().exists()
    assert "no new code before" in words(client.get(page_of(shipment)))


def test_below_the_line_the_new_contact_gets_the_next_code() -> None:
    shipment = a_shipment(acme(code_for_routine=True), value="12.00")
    send_out(shipment, a_device())
    act(signed_in(LEAD), shipment, "contact", phone="07400 555666")
    assert told(shipment, "delivery_code") == ["+447400123456", "+447400555666"]


def test_a_second_click_changes_nothing() -> None:
    shipment, _ = out_for_delivery()
    client = signed_in(LEAD)
    for _ in range(2):
        act(client, shipment, "contact", key="c" * 32, phone="07400 555666")
    assert shipment.events.filter(type="order.contact_changed").count() == 1
    assert deeds(shipment) == [("contact.correct", "done")]


@pytest.mark.parametrize(
    ("fields", "words_shown"),
    [
        ({"phone": "12"}, "Not a valid phone number"),
        ({"email": "nobody"}, "Not a valid e-mail address"),
        ({}, "Type a new contact"),
        ({"forget": ["phone", "email"]}, "needs a code"),
    ],
)
def test_a_faulty_one_is_refused_beside_its_field(fields: dict[str, str], words_shown: str) -> None:
    shipment, _ = out_for_delivery()
    response = act(signed_in(LEAD), shipment, "contact", **fields)
    assert response.status_code == 400
    assert words_shown in words(response)
    assert shipment.events.filter(type="order.contact_changed").count() == 0


def test_after_a_faulty_one_the_same_page_can_be_sent_again() -> None:
    shipment, _ = out_for_delivery()
    client = signed_in(LEAD)
    refused = act(client, shipment, "contact", key="d" * 32, phone="12")
    key = refused.context["form"]["form_key"].value()
    assert key != "d" * 32
    assert act(client, shipment, "contact", key=key, phone="07400 555666").status_code == 302
    assert deeds(shipment) == [("contact.correct", "validation_failed"), ("contact.correct", "done")]


def test_the_audit_holds_which_fields_and_no_contact() -> None:
    shipment, _ = out_for_delivery()
    act(signed_in(LEAD), shipment, "contact", phone="07400 555666", forget=["email"])
    action = StaffAction.objects.get(about=shipment.public_id)
    assert action.details == {"generation": 1, "fields": ["email", "phone"]}
    shipment.order.refresh_from_db()
    assert shipment.order.email == ""


def test_sending_back_ends_the_delivery() -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment)
    client = signed_in(LEAD)
    assert "on its way back" in said(client, act(client, shipment, "return"))
    assert "does not fit" in said(client, act(client, shipment, "return"))
    shipment.refresh_from_db()
    assert shipment.status == "returning"
    assert not DeliveryCode.objects.living().exists()
    assert shipment.events.filter(type="shipment.returning", actor_kind="staff").count() == 1
