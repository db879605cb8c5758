"""Many orders placed at once are decided as if each had been placed alone, one after the other."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from api.refusals import Refusal
from orders.drafts import OrderDraft
from orders.models import Merchant, Order
from orders.place import place_order, place_orders
from orders.policy import Choice
from tests.base import ADA, HIGH_STREET, a_draft, a_shipment_draft, acme, someone

pytestmark = pytest.mark.django_db

HALF = "60.00"  # two of them are above the line of 100 GBP


@pytest.fixture
def merchant() -> Merchant:
    return acme()


def placed(merchant: Merchant, drafts: Sequence[OrderDraft]) -> list[Order | Refusal]:
    return place_orders(merchant=merchant, livemode=False, drafts=drafts)


def told(outcomes: Sequence[Order | Refusal]) -> list[str]:
    """The reason of each order's shipments, or why it was refused."""
    return [
        outcome.code
        if isinstance(outcome, Refusal)
        else ",".join(shipment.code_reason for shipment in outcome.shipments.order_by("pk"))
        for outcome in outcomes
    ]


def a_street_of_orders() -> list[OrderDraft]:
    """Every way in which one order bears upon the next."""
    nobody = replace(ADA, phone="", email="")
    elsewhere = replace(HIGH_STREET, line1="2 High Street")
    shipments: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({}, {}),
        ({"recipient": replace(ADA, email="")}, {}),
        ({"recipient": replace(ADA, phone="", email="ADA@example.com")}, {}),
        ({"address": elsewhere}, {}),
        ({"address": elsewhere, "recipient": replace(ADA, phone="", email="ADA@example.com")}, {}),
        ({"address": elsewhere, "currency": "EUR"}, {}),
        ({"recipient": someone(1)}, {}),
        ({"recipient": someone(1)}, {"code": Choice.NEVER}),
        ({"recipient": replace(nobody, name="Nemo")}, {}),
        ({"recipient": replace(nobody, name="NEMO")}, {}),
        ({"recipient": replace(ADA, phone="123")}, {}),
        ({"recipient": someone(2), "currency": "CHF"}, {}),
    ]
    return [a_draft(a_shipment_draft(HALF, **ours), **fields) for fields, ours in shipments]


def test_orders_placed_together_are_decided_as_one_by_one() -> None:
    drafts = a_street_of_orders()
    together = told(placed(acme(), drafts))
    alone = acme("Bolt")
    one_by_one = told([place_order(merchant=alone, livemode=False, draft=draft) for draft in drafts])
    assert together == one_by_one
    assert together == [
        *("routine", "high_value", "high_value"),
        *("routine", "high_value", "high_value"),
        *("routine", "validation_failed", "routine", "validation_failed", "validation_failed", "high_value"),
    ]


def test_what_stands_in_two_sums_counts_once(merchant: Merchant) -> None:
    small = [a_draft(a_shipment_draft("30.00")) for _ in range(3)]
    assert told(placed(merchant, small)) == ["routine"] * 3  # 90 GBP, found by phone and by e-mail
    assert told(placed(merchant, [a_draft(a_shipment_draft("30.00"))])) == ["high_value"]


def test_a_reference_within_the_many_is_taken_by_the_first_that_is_placed(merchant: Merchant) -> None:
    refused = a_draft(a_shipment_draft("1.00", code=Choice.REQUIRED), reference="R")
    refused = replace(refused, recipient=replace(ADA, phone="", email=""))
    outcomes = placed(merchant, [refused, a_draft(reference="R"), a_draft(reference="R")])
    assert told(outcomes) == ["validation_failed", "high_value", "reference_taken"]


def test_many_orders_cost_the_statements_of_one(
    merchant: Merchant, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    drafts = [a_draft(recipient=someone(number)) for number in range(30)]
    with django_assert_max_num_queries(12):
        outcomes = placed(merchant, drafts)
    assert [order.reference for order in outcomes if isinstance(order, Order)] == [
        draft.reference for draft in drafts
    ]
    assert Order.objects.count() == 30


def test_references_are_taken_in_one_order_so_that_two_batches_cannot_wait_for_one_another(
    merchant: Merchant,
) -> None:
    outcomes = placed(merchant, [a_draft(reference=reference) for reference in ("R2", "R3", "R1")])
    assert [order.reference for order in outcomes if isinstance(order, Order)] == ["R2", "R3", "R1"]
    taken = Order.objects.order_by("pk").values_list("reference", flat=True)
    assert list(taken) == ["R1", "R2", "R3"]
