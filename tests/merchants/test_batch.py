"""Many orders at once, each by itself."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Merchant, Order
from tests.base import ApiClient, an_order, an_order_body


def test_one_bad_order_does_not_stop_the_others(api: ApiClient, merchant: Merchant) -> None:
    an_order(merchant, reference="taken")
    bodies = [
        an_order_body(reference="one"),
        an_order_body(colour="blue"),
        an_order_body(reference="taken"),
        "no order at all",
        None,
        an_order_body(currency="XXX"),
        an_order_body(reference="one"),
        an_order_body(reference="two"),
    ]
    answer = api.send("POST", "/orders/batch", {"orders": bodies})
    assert answer.status_code == 200, answer.content
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [201, 400, 409, 400, 400, 400, 409, 201]
    assert [result["order"]["reference"] for result in results if "order" in result] == ["one", "two"]
    codes = [result["problem"]["code"] for result in results if "problem" in result]
    assert codes == [
        "validation_failed", "reference_taken", "validation_failed", "validation_failed",
        "validation_failed", "reference_taken",
    ]  # fmt: skip
    assert [error["pointer"] for error in results[1]["problem"]["errors"]] == ["/colour"]
    assert [error["pointer"] for error in results[5]["problem"]["errors"]] == ["/currency"]
    assert set(Order.objects.values_list("reference", flat=True)) == {"taken", "one", "two"}


def test_a_result_is_as_if_the_order_had_come_alone(api: ApiClient) -> None:
    [result] = api.send("POST", "/orders/batch", {"orders": [an_order_body()]}).json()["results"]
    assert result["order"] == api.send("GET", f"/orders/{result['order']['id']}").json()


def test_a_batch_with_a_key_is_placed_once(api: ApiClient) -> None:
    body = {"orders": [an_order_body(), an_order_body(), "no order"]}
    first = api.send("POST", "/orders/batch", body, key="k1")
    again = api.send("POST", "/orders/batch", body, key="k1")
    assert again.content == first.content
    assert Order.objects.count() == 2


def test_a_thousand_orders_are_taken_and_no_more(api: ApiClient) -> None:
    assert api.send("POST", "/orders/batch", {"orders": [{}] * 1_001}).status_code == 400
    answer = api.send("POST", "/orders/batch", {"orders": [{}] * 1_000})
    assert [result["status"] for result in answer.json()["results"]] == [400] * 1_000


def of_parcels(number: int) -> dict[str, Any]:
    """An order of so many parcels, in shipments of 200."""
    barcodes = [{"barcode": f"JD{place}"} for place in range(number)]
    shipments = [
        {"reference": f"S{start}", "declared_value": "1.00", "parcels": barcodes[start : start + 200]}
        for start in range(0, number, 200)
    ]
    return an_order_body(shipments=shipments)


def test_a_batch_of_too_many_parcels_is_refused_before_any_is_placed(api: ApiClient) -> None:
    small, big = of_parcels(1), of_parcels(2_000)
    refused = api.send("POST", "/orders/batch", {"orders": [small, *[big] * 10]})
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/orders"]
    assert not Order.objects.exists()
    taken = api.send("POST", "/orders/batch", {"orders": [small, *[big] * 9]})
    assert [result["status"] for result in taken.json()["results"]] == [201] + [400] * 9


def test_the_form_is_read_before_the_transaction_of_a_key(api: ApiClient) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert api.send("POST", "/orders/batch", {"orders": []}, key="k1").status_code == 400
    assert not [each for each in asked if "idempotentrequest" in each["sql"]]


def test_an_empty_batch_is_refused(api: ApiClient) -> None:
    bodies: list[object] = [{}, {"orders": []}, {"orders": "all"}, []]
    for body in bodies:
        assert api.send("POST", "/orders/batch", body).json()["code"] == "validation_failed"
