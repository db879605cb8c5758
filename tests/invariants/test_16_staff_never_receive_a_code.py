"""16: a changed contact ends the live code and its link and tells the old contact, whoever changes it.

That no page of any staff's shows a code is in tests/support/test_crawl.py; that nobody approves what they
asked for in the tests of releases.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from handoffs.models import DeliveryCode
from merchants.models import ApiKey
from notifications import kinds
from notifications.models import Message
from orders.models import Shipment
from support.roles import ROLES
from tests.base import ApiClient
from tests.customers.stories import own_path, seen
from tests.handoffs.stories import out_for_delivery, result, right_code, submit
from tests.support.stories import act, signed_in

pytestmark = pytest.mark.django_db

NEW = "+447400555666"


def by_the_merchant(shipment: Shipment) -> None:
    key = ApiKey.issue(shipment.order.merchant, livemode=shipment.order.livemode)[1]
    path = f"/shipments/{shipment.public_id}/recipient"
    assert ApiClient(key).send("PATCH", path, {"phone": NEW, "email": ""}).status_code == 200


def by_support(shipment: Shipment) -> None:
    assert act(signed_in(), shipment, "contact", phone=NEW, forget=["email"]).status_code == 302


WAYS = [by_the_merchant, by_support]


@pytest.mark.parametrize("change", WAYS)
def test_a_changed_contact_ends_code_and_link_and_tells_the_old_one(
    change: Callable[[Shipment], None], client: Client
) -> None:
    shipment, device = out_for_delivery()
    code, link = right_code(shipment), own_path(shipment)
    assert code in seen(client, link).replace(" ", "")
    before = Message.objects.count()
    change(shipment)
    assert not DeliveryCode.objects.living().exists()
    assert code not in seen(client, link).replace(" ", "")
    assert result(submit(device, shipment, code)) == "code_expired"
    told = Message.objects.order_by("id")[before:]
    assert {(message.kind, message.to) for message in told} == {
        ("contact_changed", "+447400123456"),
        ("contact_changed", "ada@example.com"),
    }


@pytest.mark.parametrize("change", WAYS)
def test_high_value_brings_no_code_that_day_however_it_is_asked_for(
    change: Callable[[Shipment], None],
) -> None:
    shipment, _ = out_for_delivery()
    change(shipment)
    for role in ROLES:
        for name, fields in (("resend", {"channel": "sms"}), ("rotate", {}), ("unlock", {})):
            act(signed_in(role), shipment, name, **fields)
    assert DeliveryCode.objects.filter(shipment=shipment).count() == 1
    assert not Message.objects.filter(kind="delivery_code", to=NEW).exists()


def test_what_staff_send_again_goes_to_the_recipient_alone(client: Client) -> None:
    shipment, _ = out_for_delivery()
    DeliveryCode.objects.update(last_sent_at=None)
    contacts = {shipment.order.phone, shipment.order.email}
    for role in ROLES:
        staff = signed_in(role)
        for name, fields in (("resend", {"channel": "email"}), ("rotate", {})):
            answer = act(staff, shipment, name, **fields)
            code = right_code(shipment)
            page = staff.get(answer.get("Location") or "/admin/")
            assert code not in (answer.content + page.content).decode().replace(" ", "")
    assert {message.to for message in Message.objects.filter(kind="delivery_code")} <= contacts
    assert kinds.render(Message.objects.filter(kind="delivery_code").order_by("-id")[0]) is not None
