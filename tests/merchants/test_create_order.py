"""A merchant's order comes in."""

from copy import deepcopy
from typing import Any

import pytest

from orders.models import Merchant, Order, Shipment
from tests.base import ApiClient, a_key, an_order_body


def test_an_order_is_created_as_sent(api: ApiClient, merchant: Merchant) -> None:
    body = an_order_body(metadata={"basket": "77"})
    answer = api.send("POST", "/orders", body)
    assert answer.status_code == 201, answer.content
    order = answer.json()
    assert list(order) == [
        "id", "livemode", "reference", "currency", "placed_at", "created_at", "recipient", "address",
        "metadata", "shipments",
    ]  # fmt: skip
    assert order["id"].startswith("ord_")
    assert order["livemode"] is False
    assert order["placed_at"] == "2026-11-20T09:00:00Z"
    assert order["metadata"] == {"basket": "77"}
    assert order["recipient"] == {**body["recipient"], "company": ""}
    assert order["address"]["timezone"] == "Europe/London"
    assert Order.objects.get().merchant == merchant


def test_its_shipment_waits_for_a_code(api: ApiClient) -> None:
    body = an_order_body()
    [shipment] = api.send("POST", "/orders", body).json()["shipments"]
    stored = Shipment.objects.get()
    assert shipment == {
        "id": stored.public_id,
        "order": stored.order.public_id,
        "reference": body["shipments"][0]["reference"],
        "status": "created",
        "tracking_number": stored.tracking_number,
        "tracking_url": f"http://127.0.0.1:8000/o/{stored.tracking_number}/",
        "declared_value": "1299.00",
        "currency": "GBP",
        "category": "electronics",
        "parcels": body["shipments"][0]["parcels"],
        "code_required": True,
        "code_reason": "high_value",
        "code_state": "pending",
        "attempts_left": None,
        "courier": None,
        "delivered_at": None,
        "disputed_at": None,
        "proof": None,
    }


def test_an_order_of_more_than_a_thousand_parcels_is_refused(api: ApiClient) -> None:
    def sent(*sizes: int) -> Any:
        shipments = [
            {
                "reference": f"S{at}",
                "declared_value": "1.00",
                "parcels": [{"barcode": f"{n}"} for n in range(size)],
            }
            for at, size in enumerate(sizes)
        ]
        return api.send("POST", "/orders", an_order_body(shipments=shipments))

    refused = sent(200, 200, 200, 200, 200, 1)
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/shipments"]
    assert sent(200, 200, 200, 200, 200).status_code == 201


def test_a_live_key_makes_live_orders(merchant: Merchant) -> None:
    answer = ApiClient(a_key(merchant, livemode=True)).send("POST", "/orders", an_order_body())
    assert answer.json()["livemode"] is True


def test_a_national_phone_number_is_normalised(api: ApiClient) -> None:
    body = an_order_body()
    body["recipient"]["phone"] = "07400 123456"
    assert api.send("POST", "/orders", body).json()["recipient"]["phone"] == "+447400123456"


def test_a_reference_is_taken_once(api: ApiClient, stranger: ApiClient) -> None:
    body = an_order_body()
    assert api.send("POST", "/orders", body).status_code == 201
    again = api.send("POST", "/orders", body)
    assert (again.status_code, again.json()["code"]) == (409, "reference_taken")
    assert stranger.send("POST", "/orders", body).status_code == 201


def test_the_same_key_gets_the_same_bytes(api: ApiClient) -> None:
    body = an_order_body()
    first = api.send("POST", "/orders", body, key="k1")
    again = api.send("POST", "/orders", body, key="k1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1


def changed(path: str, value: Any) -> dict[str, Any]:
    """A good body with one value changed; DELETED takes it out."""
    body = deepcopy(an_order_body())
    *parents, last = path.strip("/").split("/")
    here: Any = body
    for step in parents:
        here = here[int(step)] if isinstance(here, list) else here[step]
    if value is DELETED:
        del here[last]
    else:
        here[int(last) if isinstance(here, list) else last] = value
    return body


DELETED = object()
FAULTS: list[tuple[str, Any, str]] = [
    ("/reference", "", "/reference"),
    ("/reference", "a\0b", "/reference"),
    ("/reference", DELETED, "/reference"),
    ("/currency", "GBX", "/currency"),
    ("/currency", "gbp", "/currency"),
    ("/placed_at", "2026-11-20T09:00:00", "/placed_at"),
    ("/placed_at", 5, "/placed_at"),
    ("/colour", "blue", "/colour"),
    ("/recipient/phone", "12", "/recipient/phone"),
    ("/recipient/phone", 447400123456, "/recipient/phone"),
    ("/recipient/email", "ada", "/recipient/email"),
    ("/recipient/locale", "english please", "/recipient/locale"),
    ("/recipient", [], "/recipient"),
    ("/address/country", "ZZ", "/address/country"),
    ("/address/timezone", "Europe/Atlantis", "/address/timezone"),
    ("/address/timezone", "../../etc/passwd", "/address/timezone"),
    ("/address/latitude", 51.5, "/address/longitude"),
    ("/address/latitude", 91, "/address/latitude"),
    ("/metadata", {"a": 1}, "/metadata"),
    ("/metadata", {"a": "\0"}, "/metadata"),
    ("/shipments", [], "/shipments"),
    ("/shipments", "one", "/shipments"),
    ("/shipments/0/declared_value", 12.5, "/shipments/0/declared_value"),
    ("/shipments/0/declared_value", "12.505", "/shipments/0/declared_value"),
    ("/shipments/0/declared_value", "-1", "/shipments/0/declared_value"),
    ("/shipments/0/declared_value", "1e400", "/shipments/0/declared_value"),
    ("/shipments/0/declared_value", "1" * 13, "/shipments/0/declared_value"),
    ("/shipments/0/code", "maybe", "/shipments/0/code"),
    ("/shipments/0/code", "never", "/shipments/0/code"),
    ("/shipments/0/parcels", [], "/shipments/0/parcels"),
    ("/shipments/0/parcels", [{"barcode": "A"}, {"barcode": "A"}], "/shipments/0/parcels/1/barcode"),
    ("/shipments/0/parcels/0", {"barcode": "A", "weight": 3}, "/shipments/0/parcels/0/weight"),
]


@pytest.mark.parametrize(("path", "value", "pointer"), FAULTS)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    api: ApiClient, path: str, value: Any, pointer: str
) -> None:
    answer = api.send("POST", "/orders", changed(path, value))
    assert answer.status_code == 400, answer.content
    problem = answer.json()
    assert problem["code"] == "validation_failed"
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert not Order.objects.exists()


def test_a_shipment_reference_is_used_once_in_its_order(api: ApiClient) -> None:
    body = an_order_body()
    body["shipments"] *= 2
    answer = api.send("POST", "/orders", body)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/shipments/1/reference"]


def test_a_shipment_with_a_code_needs_somewhere_to_send_it(api: ApiClient) -> None:
    body = an_order_body(recipient={"name": "Ada Lovelace"})
    answer = api.send("POST", "/orders", body)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/recipient/phone"]
    body["shipments"][0]["declared_value"] = "12.00"
    assert api.send("POST", "/orders", body).status_code == 201
