"""The cast of every story: Acme sells, Ada receives, Carl delivers."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.test import Client

from api.refusals import Refusal
from fleet.models import Courier, Depot
from merchants.models import ApiKey
from orders.drafts import AddressDraft, OrderDraft, RecipientDraft, ShipmentDraft
from orders.models import Merchant, Order, Shipment
from orders.place import place_order

_numbers = count(1)

ADA = RecipientDraft(name="Ada Lovelace", phone="+447400123456", email="ada@example.com", locale="en-GB")
HIGH_STREET = AddressDraft(
    line1="1 High Street",
    city="London",
    postal_code="SW1A 1AA",
    country="GB",
    latitude=51.501,
    longitude=-0.1246,
    timezone="Europe/London",
    instructions="Side door",
)
PLACED_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PRICEY, CHEAP = Decimal("1299.00"), Decimal("12.00")


def acme(name: str = "Acme", **policy: Any) -> Merchant:
    """A merchant with the default lines. `policy` sets its columns."""
    merchant = Merchant.open(name)
    if policy:
        Merchant.objects.filter(pk=merchant.pk).update(**policy)
        merchant.refresh_from_db()
    return merchant


def a_key(merchant: Merchant | None = None, *, livemode: bool = False) -> str:
    """The token of a new key; of a new merchant unless told whose."""
    return ApiKey.issue(merchant or acme(), livemode=livemode)[1]


def carl(depot: Depot | None = None, *, name: str = "Carl", livemode: bool | None = None) -> Courier:
    """A courier of a new shared depot in London, unless told which, as create_courier makes one."""
    depot = depot or Depot.objects.create(name="London", timezone="Europe/London")
    return Courier.objects.create(depot=depot, name=name, livemode=livemode)


def a_shipment_draft(value: Decimal | str = PRICEY, **fields: Any) -> ShipmentDraft:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "reference": f"A-{number}-1",
        "declared_value": Decimal(value),
        "barcodes": (f"JD{number:06}",),
    }
    return ShipmentDraft(**defaults | fields)


def a_draft(*shipments: ShipmentDraft, **fields: Any) -> OrderDraft:
    """Ada's order to the High Street, of one pricey shipment unless told which."""
    defaults: dict[str, Any] = {
        "reference": f"A-{next(_numbers)}",
        "currency": "GBP",
        "placed_at": PLACED_AT,
        "recipient": ADA,
        "address": HIGH_STREET,
        "shipments": shipments or (a_shipment_draft(),),
    }
    return OrderDraft(**defaults | fields)


def an_order(
    merchant: Merchant | None = None, *shipments: ShipmentDraft, livemode: bool = False, **fields: Any
) -> Order:
    """A placed order; `fields` are those of OrderDraft."""
    order = place_order(merchant=merchant or acme(), livemode=livemode, draft=a_draft(*shipments, **fields))
    assert not isinstance(order, Refusal), order
    return order


def a_shipment(
    merchant: Merchant | None = None, *, value: Decimal | str = PRICEY, livemode: bool = False, **fields: Any
) -> Shipment:
    """Ada's shipment, placed and waiting. It needs a code unless its value is below the line (CHEAP)."""
    ours = {name: fields.pop(name) for name in ("category", "barcodes", "code") if name in fields}
    order = an_order(merchant, a_shipment_draft(value, **ours), livemode=livemode, **fields)
    return order.shipments.get()


def someone(number: int) -> RecipientDraft:
    """Another recipient than Ada, each number another one."""
    return replace(ADA, name=f"Recipient {number}", phone="", email=f"recipient{number}@example.com")


def an_order_body(**fields: Any) -> dict[str, Any]:
    """What a merchant sends to POST /orders, as in the README."""
    number = next(_numbers)
    body: dict[str, Any] = {
        "reference": f"A-{number}",
        "currency": "GBP",
        "placed_at": "2026-11-20T09:00:00Z",
        "recipient": {
            "name": "Ada Lovelace",
            "phone": "+447400123456",
            "email": "ada@example.com",
            "locale": "en-GB",
        },
        "address": {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
        "shipments": [
            {
                "reference": f"A-{number}-1",
                "declared_value": "1299.00",
                "category": "electronics",
                "parcels": [{"barcode": f"JD{number:06}"}],
                "code": "auto",
            }
        ],
    }
    return body | fields


class ApiClient(Client):
    """A program that calls the API with a token: JSON in, and what comes back."""

    def __init__(self, token: str = "") -> None:
        super().__init__(headers={"Authorization": f"Bearer {token}"} if token else {})

    def send(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """The response to a request under /api/v1. `key` is its Idempotency-Key."""
        headers = {"Idempotency-Key": key} if key else {}
        if method == "GET":
            return self.get(f"/api/v1{path}", headers=headers)
        data = "" if body is None else json.dumps(body)
        call = getattr(super(), method.lower())
        return call(f"/api/v1{path}", data=data, content_type="application/json", headers=headers)
