"""What a recipient prefers is read where nothing weightier decides."""

import pytest

from orders.models import CodeReason, DeliveryPreference
from orders.models.orders import address_key
from orders.policy import Wish
from tests.base import ADA, CHEAP, HIGH_STREET, PRICEY, a_shipment, acme

pytestmark = pytest.mark.django_db

HERE = address_key(line1=HIGH_STREET.line1, postal_code=HIGH_STREET.postal_code, country=HIGH_STREET.country)


def wish(contact: str, wish: Wish, key: str = HERE) -> None:
    DeliveryPreference.objects.create(livemode=False, contact=contact, address_key=key, wish=wish)


def test_who_opted_out_gets_routine_parcels_without_a_code() -> None:
    wish(ADA.phone, Wish.OPTED_OUT)
    merchant = acme(code_for_routine=True)
    assert a_shipment(merchant, value=CHEAP).code_reason == CodeReason.OPTED_OUT
    assert a_shipment(merchant, value=PRICEY).code_reason == CodeReason.HIGH_VALUE


def test_an_opt_out_is_for_one_address() -> None:
    wish(ADA.phone, Wish.OPTED_OUT, key="elsewhere")
    assert a_shipment(acme(code_for_routine=True), value=CHEAP).code_reason == CodeReason.ROUTINE


def test_what_was_wished_through_a_test_order_changes_no_live_one() -> None:
    wish(ADA.phone, Wish.OPTED_OUT)
    merchant = acme(code_for_routine=True)
    assert a_shipment(merchant, value=CHEAP, livemode=True).code_reason == CodeReason.ROUTINE


def test_of_two_wishes_the_more_careful_counts() -> None:
    wish(ADA.phone, Wish.OPTED_OUT)
    wish(ADA.email, Wish.ALWAYS)
    assert a_shipment(value=CHEAP).code_reason == CodeReason.RECIPIENT_CHOICE


def test_a_merchants_category_needs_a_code_however_it_is_written() -> None:
    merchant = acme(code_categories=["Medicine"])
    assert a_shipment(merchant, value=CHEAP, category="medicine").code_reason == CodeReason.CATEGORY
