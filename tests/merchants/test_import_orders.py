"""`manage.py import_orders`: what a row becomes, and that a second run adds nothing."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders.models import Merchant, Order, Shipment
from tests.base import ApiClient
from tests.merchants.files import Imports, a_row

pytestmark = [pytest.mark.django_db, pytest.mark.heart]


def barcodes(reference: str) -> list[str]:
    shipment = Shipment.objects.get(order__reference=reference)
    return list(shipment.parcels.order_by("pk").values_list("barcode", flat=True))


def test_a_row_becomes_an_order_with_one_shipment_and_one_parcel(imports: Imports) -> None:
    row = a_row(placed_at="2018-02-17T20:15:00-02:00")
    assert imports.rows(row) == {"orders": 1, "shipments": 1, "unchanged": 0, "refused": []}
    assert imports.status == 0
    order = Order.objects.get()
    same = ("reference", "currency", "name", "phone", "email", "locale", "line1", "line2", "city", "region")
    assert {name: getattr(order, name) for name in same} == {name: row[name] for name in same}
    assert (order.postal_code, order.country, order.timezone) == ("SW1A 1AA", "GB", "Europe/London")
    assert (order.latitude, order.longitude) == (Decimal("51.501"), Decimal("-0.1246"))
    assert order.placed_at == datetime(2018, 2, 17, 22, 15, tzinfo=UTC)
    shipment = order.shipments.get()
    assert (shipment.reference, shipment.declared_value) == (row["reference"], Decimal("1299.00"))
    assert (shipment.category, shipment.code_reason) == ("electronics", "high_value")
    assert barcodes(row["reference"]) == [row["barcode"]]


def test_it_is_found_by_the_merchants_program(imports: Imports, api: ApiClient) -> None:
    row = a_row()
    imports.rows(row)
    found = api.send("GET", f"/orders?reference={row['reference']}").json()["data"]
    assert [order["shipments"][0]["parcels"] for order in found] == [[{"barcode": row["barcode"]}]]
    assert found[0]["livemode"] is False


def test_live_orders_are_apart_from_test_orders(imports: Imports) -> None:
    row = a_row()
    assert imports.rows(row)["orders"] == 1
    assert imports.rows(row, live=True)["orders"] == 1
    assert sorted(Order.objects.values_list("livemode", flat=True)) == [False, True]


def test_cells_that_may_be_empty_may_be_empty(imports: Imports) -> None:
    optional = ("category", "phone", "locale", "line2", "region", "postal_code")
    blank = dict.fromkeys((*optional, "latitude", "longitude", "timezone"), "")
    assert imports.rows(a_row(**blank))["refused"] == []
    order = Order.objects.get()
    assert (order.latitude, order.timezone, order.locale) == (None, "Europe/London", "en")


def test_rows_with_one_reference_are_parcels_of_one_shipment_wherever_they_stand(imports: Imports) -> None:
    first = a_row(reference="R", barcode="1")
    answer = imports.rows(first, a_row(), first | {"barcode": "2"}, a_row(), first | {"barcode": "3"})
    assert (answer["orders"], answer["shipments"], answer["refused"]) == (3, 3, [])
    assert barcodes("R") == ["1", "2", "3"]


def test_a_second_run_adds_nothing(imports: Imports) -> None:
    rows = [a_row(), a_row(reference="R", barcode="1", timezone="", phone="07400 123456", locale="")]
    rows.append(rows[1] | {"barcode": "2"})
    imports.rows(*rows)
    assert imports.rows(*rows) == {"orders": 0, "shipments": 0, "unchanged": 2, "refused": []}
    assert imports.status == 0
    assert (Order.objects.count(), Shipment.objects.count()) == (2, 2)


def test_a_time_zone_that_was_left_to_us_may_be_another_by_now(imports: Imports) -> None:
    row = a_row(timezone="")
    imports.rows(row)
    Order.objects.update(timezone="Europe/Jersey")
    assert imports.rows(row)["unchanged"] == 1
    assert imports.rows(row | {"timezone": "Europe/London"})["unchanged"] == 0


def test_a_second_run_adds_what_is_new(imports: Imports) -> None:
    old, new = a_row(), a_row()
    imports.rows(old)
    answer = imports.rows(old, new)
    assert (answer["orders"], answer["unchanged"]) == (1, 1)


CHANGES = {
    "declared_value": "1300.00",
    "category": "books",
    "name": "Ada King",
    "phone": "+447400123457",
    "placed_at": "2026-11-20T09:00:01Z",
    "latitude": "51.502",
    "barcode": "ANOTHER",
}


@pytest.mark.parametrize(("field", "value"), CHANGES.items())
def test_a_reference_that_exists_with_other_content_is_refused(
    imports: Imports, field: str, value: str
) -> None:
    row = a_row()
    imports.rows(row)
    answer = imports.rows(row | {field: value})
    assert (answer["orders"], answer["unchanged"], imports.status) == (0, 0, 1)
    reason = f"An order with this reference exists, and differs in: {field}."
    assert answer["refused"] == [{"line": 2, "field": "reference", "reason": reason}]
    assert imports.rows(row)["unchanged"] == 1, "the stored order is as it was"


def test_a_parcel_that_came_later_is_refused(imports: Imports) -> None:
    row = a_row(barcode="1")
    imports.rows(row)
    answer = imports.rows(row, row | {"barcode": "2"})
    assert [(fault["line"], fault["field"]) for fault in answer["refused"]] == [
        (2, "reference"),
        (3, "reference"),
    ]
    assert barcodes(row["reference"]) == ["1"]


def test_another_merchants_reference_does_not_matter(
    imports: Imports, merchant: Merchant, stranger: ApiClient
) -> None:
    row = a_row()
    imports.rows(row)
    imports.merchant = Merchant.open("Coyote")
    assert imports.rows(row)["orders"] == 1


def test_orders_of_one_file_count_together_for_the_line(imports: Imports) -> None:
    half = a_row(declared_value="60.00")
    imports.rows(half, half | {"reference": "second"})
    needed = Shipment.objects.order_by("pk").values_list("code_required", flat=True)
    assert list(needed) == [False, True]


def test_more_orders_than_fit_in_a_batch_all_come_in(imports: Imports) -> None:
    rows = [a_row() for _ in range(600)]
    assert imports.rows(*rows)["orders"] == 600
    assert imports.rows(*rows)["unchanged"] == 600
