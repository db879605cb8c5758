"""Whatever stands where in a body: a problem that says so, or a stored order; never a defect of ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from orders.models import Merchant, Order
from tests.base import ApiClient, a_shipment, an_order_body, carl

HOSTILE: list[Any] = [
    None, True, 0, -1, 1e308, 10**299, [], {}, [[]], {"a": None}, "", " ", "a\0b", "\u202e\u2066x", "\ufeff",
    "é" * 3_000, "😀" * 60, "1" * 400, "١٢٣", "'; DROP TABLE orders_order; --", "\ud800", "-0", "9" * 12,
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z", "+999999999999999",
]  # fmt: skip
FULL_ADDRESS = {
    "line1": "1 High Street", "line2": "", "city": "London", "region": "", "postal_code": "SW1A 1AA",
    "country": "GB", "latitude": 51.501, "longitude": -0.1246, "timezone": "Europe/London",
    "instructions": "",
}  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a body, the body itself included."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield from places(inner, (*path, step))


def with_value(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = json.loads(json.dumps(body))
    here = copy
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return copy


def send_all(api: ApiClient, method: str, path: str, body: Any) -> set[int]:
    """The statuses that came back when each part of the body in turn was each hostile value."""
    seen = set()
    for place in places(body):
        for value in HOSTILE:
            answer = api.send(method, path, with_value(body, place, value))
            assert answer.status_code < 500, (place, value, answer.content)
            assert answer.status_code < 400 or answer["Content-Type"] == "application/problem+json"
            seen.add(answer.status_code)
    return seen


def test_an_order_holds_no_surprise(api: ApiClient) -> None:
    body = an_order_body(address=FULL_ADDRESS, metadata={"basket": "77"})
    body["recipient"]["company"] = ""
    assert send_all(api, "POST", "/orders", body) <= {201, 400, 409}
    order = api.send("GET", "/orders?limit=200").json()["data"][0]
    assert Order.objects.filter(public_id=order["id"]).exists()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/shipments/{shipment}/recipient", {"name": "Ada", "phone": "", "email": "a@example.com"}),
        ("POST", "/shipments/{shipment}/dispatch", {"courier": "cou_x"}),
        ("POST", "/shipments/{shipment}/cancel", {"a": 1}),
        ("POST", "/orders/batch", {"orders": [{"reference": "A-1"}]}),
        (
            "POST", "/routes",
            {
                "courier": "{courier}", "date": "2030-01-01",
                "stops": [{"shipment": "{shipment}", "sequence": 1, "eta_from": None, "eta_to": None}],
            },
        ),
        ("POST", "/couriers", {"name": "Carl"}),
        ("PATCH", "/couriers/{courier}", {"name": "Carl", "active": True, "depot": "dep_x"}),
    ],
)  # fmt: skip
def test_nothing_else_does(api: ApiClient, merchant: Merchant, method: str, path: str, body: Any) -> None:
    ids = {"{shipment}": a_shipment(merchant).public_id, "{courier}": carl().public_id}
    text = json.dumps(body)
    for name, public_id in ids.items():
        text, path = text.replace(name, public_id), path.replace(name, public_id)
    assert send_all(api, method, path, json.loads(text)) <= {200, 201, 400, 403, 404, 409}


@pytest.mark.parametrize("name", ["limit", "cursor", "reference"])
def test_a_query_holds_no_surprise(api: ApiClient, name: str) -> None:
    for value in (
        "%00",
        "-1",
        "0",
        "201",
        "1e3",
        "%ff%fe",
        "%F0%9F%93%A6",
        "A" * 3_000,
        "1&limit=2",
        "%d9%a1",
    ):
        answer = api.send("GET", f"/orders?{name}={value}")
        assert answer.status_code in {200, 400}, (value, answer.content)
