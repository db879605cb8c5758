"""Which numbers are taken for a recipient: those on which we can reach them."""

from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from api.refusals import Refusal
from handoffs.contact import change_recipient
from handoffs.messages import channels_of, code_ways
from orders.models import Actor, Order, Shipment
from orders.place import place_order
from tests.base import ADA, a_draft, a_shipment, acme

pytestmark = pytest.mark.django_db

LANDLINE, MOBILE, PREMIUM = "+442079460018", "+447400123456", "+449098790000"
SHARED, PAGER, UAN = "+448431234567", "+447640123456", "+445512345678"


def placed(phone: str, email: str = "") -> Order | Refusal:
    recipient = replace(ADA, phone=phone, email=email)
    return place_order(merchant=acme(), livemode=False, draft=a_draft(recipient=recipient))


def fault(answer: Any) -> tuple[str, str]:
    assert isinstance(answer, Refusal), answer
    [error] = answer.members["errors"]
    return error["pointer"], error["code"]


@pytest.fixture
def _no_calls(settings: Settings) -> None:
    settings.SANDBOX = False


@pytest.mark.parametrize("phone", [PREMIUM, SHARED, PAGER, UAN])
def test_a_number_that_is_nobodys_own_is_refused_though_there_is_a_mailbox(phone: str) -> None:
    assert fault(placed(phone, ADA.email)) == ("/recipient/phone", "invalid_phone")


@pytest.mark.usefixtures("_no_calls")
def test_a_landline_alone_is_refused_where_nobody_can_be_called() -> None:
    assert fault(placed(LANDLINE)) == ("/recipient/phone", "fixed_line")


@pytest.mark.usefixtures("_no_calls")
def test_a_landline_beside_a_mailbox_is_kept_and_gets_no_texts() -> None:
    order = placed(LANDLINE, ADA.email)
    assert isinstance(order, Order)
    assert channels_of(order) == {"email": ADA.email}


def test_where_calls_are_set_up_a_landline_is_called() -> None:
    order = placed(LANDLINE)
    assert isinstance(order, Order)
    assert code_ways(order) == {"voice": LANDLINE}


@pytest.mark.parametrize("email", ["", ADA.email])
def test_a_number_of_a_country_that_is_not_served_needs_a_mailbox_and_gets_nothing(
    email: str, settings: Settings
) -> None:
    settings.SMS_COUNTRIES = frozenset({"FR"})
    answer = placed(MOBILE, email)
    if not email:
        assert fault(answer) == ("/recipient/phone", "country_not_served")
        return
    assert isinstance(answer, Order)
    assert code_ways(answer) == {"email": ADA.email}


@pytest.mark.usefixtures("_no_calls")
def test_a_changed_contact_is_held_to_the_same() -> None:
    shipment = a_shipment()
    answer = change_recipient(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        changes={"phone": LANDLINE, "email": ""},
        actor=Actor("merchant"),
    )
    assert fault(answer) == ("/phone", "fixed_line")
