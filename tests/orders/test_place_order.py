"""An order is stored whole or not at all."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from api.refusals import Refusal
from orders.models import Event, Order, Parcel, Shipment
from orders.place import place_order
from tests.base import a_draft, a_shipment_draft, acme, an_order

pytestmark = pytest.mark.django_db


def test_each_shipment_starts_its_chain_of_events() -> None:
    order = an_order(None, a_shipment_draft(), a_shipment_draft())
    for shipment in order.shipments.all():
        event = Event.objects.get(shipment=shipment)
        assert (event.type, event.sequence, event.previous_hash) == ("order.created", 1, "")
        assert event.hash == event.computed_hash(shipment.public_id)
        assert (shipment.events_count, shipment.events_head) == (1, event.hash)


def test_a_refused_order_leaves_nothing_behind() -> None:
    merchant = acme()
    an_order(merchant, reference="A-1")
    before = [model.objects.count() for model in (Order, Shipment, Parcel, Event)]
    refused = place_order(merchant=merchant, livemode=False, draft=a_draft(reference="A-1"))
    assert isinstance(refused, Refusal)
    assert refused.code == "reference_taken"
    assert [model.objects.count() for model in (Order, Shipment, Parcel, Event)] == before


def test_a_live_order_may_have_a_tests_reference() -> None:
    merchant = acme()
    an_order(merchant, reference="A-1")
    assert an_order(merchant, reference="A-1", livemode=True).pk


def test_a_large_order_takes_no_more_queries_than_a_small_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    merchant = acme()
    with django_assert_max_num_queries(12):
        an_order(merchant, *(a_shipment_draft("1.00", barcodes=("A", "B", "C")) for _ in range(30)))
    assert Parcel.objects.count() == 90


@pytest.mark.parametrize(("currency", "value", "fits"), [
    ("JPY", "1200", True), ("JPY", "1200.5", False), ("KWD", "1.005", True), ("GBP", "1.005", False),
])  # fmt: skip
def test_an_amount_has_no_more_decimals_than_its_currency(currency: str, value: str, fits: bool) -> None:
    draft = a_draft(a_shipment_draft(Decimal(value)), currency=currency)
    placed = place_order(merchant=acme(), livemode=False, draft=draft)
    assert isinstance(placed, Order) is fits
