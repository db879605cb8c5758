"""Splitting an order does not slip under the line."""

from dataclasses import replace
from typing import Any

import pytest

from api.refusals import Refusal
from orders.models import CodeReason, Merchant, Shipment
from orders.need import raised_need
from orders.place import place_order
from orders.policy import Choice, Decision
from tests.base import ADA, HIGH_STREET, a_draft, a_shipment, a_shipment_draft, acme, an_order

pytestmark = pytest.mark.django_db

HALF = "60.00"  # two of them are above the line of 100 GBP


@pytest.fixture
def merchant() -> Merchant:
    return acme()


def test_two_shipments_of_one_order_count_together(merchant: Merchant) -> None:
    order = an_order(merchant, a_shipment_draft(HALF), a_shipment_draft(HALF))
    assert [shipment.code_reason for shipment in order.shipments.all()] == ["high_value"] * 2


def test_two_orders_count_together(merchant: Merchant) -> None:
    assert a_shipment(merchant, value=HALF).code_reason == CodeReason.ROUTINE
    assert a_shipment(merchant, value=HALF).code_reason == CodeReason.HIGH_VALUE


@pytest.mark.parametrize(
    "recipient",
    [
        replace(ADA, email=""),
        replace(ADA, phone="", email="ADA@Example.com"),
        replace(ADA, phone="07400 123456", name="A. Lovelace"),
        replace(ADA, phone="", email="ada+2@example.com", name="A. Lovelace"),
        replace(ADA, phone="+447400654321", email="bob@example.com"),
        replace(ADA, phone="+447400654321", email="bob@example.com", name="LOVELACE, Ada"),
    ],
)
def test_the_same_phone_email_or_name_is_the_same_recipient(merchant: Merchant, recipient: object) -> None:
    a_shipment(merchant, value=HALF)
    assert a_shipment(merchant, value=HALF, recipient=recipient).code_reason == CodeReason.HIGH_VALUE


@pytest.mark.parametrize(
    ("line1", "line2", "postal_code"),
    [
        ("1, HIGH street", "", "sw1a1aa"),
        ("High Street", "1", "SW1A 1AA"),
        ("High Street 1", "", "SW1A 1AA"),
        ("\uff11 \uff28\uff29\uff27\uff28 street", "", "SW1A-1AA"),
    ],
)
def test_how_it_is_written_does_not_make_another_address(
    merchant: Merchant, line1: str, line2: str, postal_code: str
) -> None:
    a_shipment(merchant, value=HALF)
    written = replace(HIGH_STREET, line1=line1, line2=line2, postal_code=postal_code)
    assert a_shipment(merchant, value=HALF, address=written).code_reason == CodeReason.HIGH_VALUE


def test_without_contacts_the_name_decides(merchant: Merchant) -> None:
    nobody = replace(ADA, phone="", email="")
    a_shipment(merchant, value=HALF, recipient=nobody)
    draft = a_draft(a_shipment_draft(HALF), recipient=replace(nobody, name="ada lovelace"))
    assert isinstance(place_order(merchant=merchant, livemode=False, draft=draft), Refusal)


@pytest.mark.parametrize(
    "fields",
    [
        {"recipient": replace(ADA, name="Bob", phone="+447400123457", email="bob@example.com")},
        {"address": replace(HIGH_STREET, line1="2 High Street")},
        {"address": replace(HIGH_STREET, line2="Flat 2")},
        {"livemode": True},
    ],
)
def test_others_do_not_count(merchant: Merchant, fields: dict[str, Any]) -> None:
    a_shipment(merchant, value=HALF)
    assert a_shipment(merchant, value=HALF, **fields).code_reason == CodeReason.ROUTINE


def test_other_currencies_count_as_fractions_of_their_own_lines(merchant: Merchant) -> None:
    a_shipment(merchant, value="200.00", currency="BRL")  # two fifths of the line of 500
    assert a_shipment(merchant, value="59.99").code_reason == CodeReason.ROUTINE
    assert a_shipment(merchant, value="0.01", currency="EUR").code_reason == CodeReason.HIGH_VALUE


def test_thirds_of_a_line_are_the_line(merchant: Merchant) -> None:
    merchant.high_value_lines.update(amount=30)
    reasons = [a_shipment(merchant, value="10.00").code_reason for _ in range(3)]
    assert reasons == [CodeReason.ROUTINE, CodeReason.ROUTINE, CodeReason.HIGH_VALUE]


def test_a_currency_without_a_line_does_not_count_for_others(merchant: Merchant) -> None:
    assert a_shipment(merchant, value="9", currency="JPY").code_reason == CodeReason.HIGH_VALUE
    assert a_shipment(merchant, value=HALF).code_reason == CodeReason.ROUTINE


def test_another_merchants_and_closed_shipments_do_not_count(merchant: Merchant) -> None:
    a_shipment(acme("Bolt"), value=HALF)
    a_shipment(merchant, value=HALF)
    Shipment.objects.update(status="cancelled")
    assert a_shipment(merchant, value=HALF).code_reason == CodeReason.ROUTINE


def test_a_code_cannot_be_waived_for_what_is_together_above_the_line(merchant: Merchant) -> None:
    a_shipment(merchant, value=HALF)
    draft = a_draft(a_shipment_draft(HALF, code=Choice.NEVER))
    refused = place_order(merchant=merchant, livemode=False, draft=draft)
    assert isinstance(refused, Refusal)
    assert [error["pointer"] for error in refused.members["errors"]] == ["/shipments/0/code"]


def test_an_earlier_shipment_is_raised_when_asked_again(merchant: Merchant) -> None:
    first = a_shipment(merchant, value=HALF, code=Choice.NEVER)
    assert first.code_reason == CodeReason.MERCHANT_WAIVED
    assert raised_need(first) is None
    a_shipment(merchant, value=HALF)
    assert raised_need(first) == Decision(True, CodeReason.HIGH_VALUE)


def test_the_need_is_never_lowered(merchant: Merchant) -> None:
    pricey = a_shipment(merchant)
    merchant.high_value_lines.update(amount=100_000)
    assert raised_need(pricey) is None
    assert pricey.code_required
