"""9: to a caller without a right to it, what exists and what does not look the same, and cost the same work.

Time is too noisy to compare; the statements that the database is asked are not.
"""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from merchants.models import ApiKey
from tests.base import ApiClient, acme
from tests.couriers.stories import enrolled, statements
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import out_for_delivery

pytestmark = pytest.mark.django_db

MERCHANTS = {
    "GET /orders/{order}": None,
    "GET /shipments/{shipment}": None,
    "GET /shipments/{shipment}/events": None,
    "GET /shipments/{shipment}/proof": None,
    "POST /shipments/{shipment}/dispatch": {"courier": "{courier}"},
    "POST /shipments/{shipment}/cancel": {},
    "PATCH /shipments/{shipment}/recipient": {"phone": "07400 555666"},
    "GET /routes/{route}": None,
    "PATCH /couriers/{courier}": {"name": "Eve"},
    "POST /couriers/{courier}/enrolment": {},
}
COURIERS = {
    "POST /courier/shipments/{shipment}/handoff": {"code": "482913"},
    "POST /courier/shipments/{shipment}/arrive": {},
    "POST /courier/shipments/{shipment}/resend": {},
    "POST /courier/shipments/{shipment}/fail": {"reason": "absent"},
    "POST /courier/shipments/{shipment}/release-request": {"reason": "other", "identity_seen": True},
    "GET /courier/shipments/{shipment}/release-request": None,
}
UNKNOWN = {
    name: f"{prefix}_01jd0000000000000000000000"
    for name, prefix in (("order", "ord"), ("shipment", "shp"), ("courier", "cou"), ("route", "rte"))
}


def ids_of_acmes() -> dict[str, str]:
    """One of each, of a merchant with a depot and a courier of their own."""
    shipment, device = out_for_delivery()
    courier = device.courier
    courier.depot.merchant = shipment.order.merchant
    courier.depot.save()
    return {
        "order": shipment.order.public_id,
        "shipment": shipment.public_id,
        "courier": courier.public_id,
        "route": courier.routes.get().public_id,
    }


def filled(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: filled(inner, ids) for name, inner in value.items()}
    return value.format(**ids) if isinstance(value, str) and "{" in value else value


def seen(api: ApiClient, what: str, body: Any, ids: dict[str, str]) -> tuple[int, dict[str, Any], list[str]]:
    """The answer without what names the request, and what the database was asked, without values."""
    cache.clear()
    method, path = filled(what, ids).split()
    with statements() as asked:
        answer = api.send(method, path, filled(body, ids), key="k" if body is not None else None)
    told = {name: value for name, value in answer.json().items() if name not in {"instance", "request_id"}}
    return answer.status_code, told, [re.sub(r"'[^']*'|\b\d+\b", "?", statement) for statement in asked]


@pytest.mark.parametrize("what", MERCHANTS)
def test_another_merchant_cannot_tell_what_exists(what: str) -> None:
    ids = ids_of_acmes()
    stranger = ApiClient(ApiKey.issue(acme("Bolt"), livemode=False)[1])
    theirs, none = (seen(stranger, what, MERCHANTS[what], each) for each in (ids, UNKNOWN))
    assert theirs[0] == 404
    assert theirs == none


@pytest.mark.parametrize("what", COURIERS)
def test_another_courier_cannot_tell_what_exists(what: str) -> None:
    ids = ids_of_acmes()
    _, stranger = enrolled()
    theirs, none = (seen(stranger, what, COURIERS[what], each) for each in (ids, UNKNOWN))
    assert theirs[0] == 404
    assert theirs == none


def test_a_proof_that_opens_nothing_looks_the_same_wherever_it_is_tried(client: Client) -> None:
    """Made up, or of the neighbour's parcel: the bare page says the same."""
    one, other = out_for_delivery()[0], out_for_delivery()[0]
    proof = own_path(other).rpartition(".")[2]
    pages = [
        client.get(f"{bare_path(one)[:-1]}.{tried}").content.decode() for tried in (proof, "A" * 16 + "/")
    ]
    assert re.sub(r"csrf\w+\" value=\"\w+|\.[\w-]{16}/", "", pages[0]) == re.sub(
        r"csrf\w+\" value=\"\w+|\.[\w-]{16}/", "", pages[1]
    )
