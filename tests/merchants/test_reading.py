"""What a merchant can look up, and that it is only their own."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from handoffs.dispatch import dispatch
from orders.models import Actor, Merchant, Shipment
from tests.base import ApiClient, a_key, a_shipment, a_shipment_draft, an_order, carl


def test_orders_come_newest_first_in_pages(api: ApiClient, merchant: Merchant) -> None:
    made = [an_order(merchant).public_id for _ in range(3)]
    first = api.send("GET", "/orders?limit=2").json()
    second = api.send("GET", f"/orders?limit=2&cursor={first['next']}").json()
    assert [order["id"] for order in first["data"] + second["data"]] == made[::-1]
    assert second["next"] is None


def test_an_order_is_found_by_its_reference(api: ApiClient, merchant: Merchant) -> None:
    an_order(merchant)
    wanted = an_order(merchant, reference="Wanted 1")
    found = api.send("GET", "/orders?reference=Wanted 1").json()
    assert [order["id"] for order in found["data"]] == [wanted.public_id]
    assert api.send("GET", "/orders?reference=unknown").json() == {"data": [], "next": None}


def test_an_unknown_query_is_refused(api: ApiClient) -> None:
    answer = api.send("GET", "/orders?referense=A")
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")


def test_a_list_takes_the_same_queries_however_long_it_is(
    api: ApiClient, merchant: Merchant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    courier = carl()
    for _ in range(5):
        order = an_order(merchant, a_shipment_draft(), a_shipment_draft())
        for shipment in order.shipments.all():
            dispatch(
                within=Shipment.objects.all(), shipment_id=shipment.public_id, courier=courier,
                actor=Actor("merchant"),
            )  # fmt: skip
    with django_assert_num_queries(6):
        data = api.send("GET", "/orders").json()["data"]
    assert [shipment["attempts_left"] for order in data for shipment in order["shipments"]] == [5] * 10


def test_events_tell_the_shipments_life_in_order(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant)
    api.send("POST", f"/shipments/{shipment.public_id}/dispatch", {"courier": carl().public_id})
    events = api.send("GET", f"/shipments/{shipment.public_id}/events").json()["data"]
    assert [event["type"] for event in events] == [
        "order.created",
        "shipment.out_for_delivery",
        "code.issued",
    ]
    assert events[0] == {
        "id": events[0]["id"],
        "type": "order.created",
        "at": events[0]["at"],
        "shipment": shipment.public_id,
        "actor": {"kind": "merchant", "id": merchant.public_id},
        "data": {"order": shipment.order.public_id},
    }


def test_there_is_no_proof_before_the_handoff(api: ApiClient, merchant: Merchant) -> None:
    answer = api.send("GET", f"/shipments/{a_shipment(merchant).public_id}/proof")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


READS = ["/orders/{order}", "/shipments/{shipment}", "/shipments/{shipment}/events"]
VERBS = ["/shipments/{shipment}/dispatch", "/shipments/{shipment}/cancel"]


def ask(client: ApiClient, path: str, **ids: str) -> Any:
    body = {"courier": "cou_nobody"} if path.endswith("dispatch") else None
    return client.send("GET" if path in READS else "POST", path.format(**ids), body)


@pytest.mark.parametrize("path", READS + VERBS)
def test_anothers_thing_and_no_thing_look_the_same(
    api: ApiClient, stranger: ApiClient, merchant: Merchant, path: str
) -> None:
    shipment = a_shipment(merchant)
    ids = {"order": shipment.order.public_id, "shipment": shipment.public_id}
    unknown = {"order": "ord_unknown", "shipment": "shp_unknown"}
    theirs, none = ask(stranger, path, **ids).json(), ask(stranger, path, **unknown).json()
    assert theirs["code"] == "not_found"
    assert {**theirs, "instance": "", "request_id": ""} == {**none, "instance": "", "request_id": ""}


@pytest.mark.parametrize("path", READS + VERBS)
def test_a_live_key_does_not_find_a_tests_things(merchant: Merchant, path: str) -> None:
    shipment = a_shipment(merchant)
    live = ApiClient(a_key(merchant, livemode=True))
    assert ask(live, path, order=shipment.order.public_id, shipment=shipment.public_id).status_code == 404


@pytest.mark.parametrize("path", READS + VERBS)
def test_without_a_key_nothing_is_told(db: None, path: str) -> None:
    for client in (ApiClient(), ApiClient("mk_test_" + "x" * 43), ApiClient("rubbish")):
        answer = ask(client, path, order="ord_x", shipment="shp_x")
        assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


@pytest.mark.parametrize("path", READS + VERBS)
def test_a_hostile_id_is_not_found(api: ApiClient, path: str) -> None:
    for text in ("%00", "shp_%00", "%F0%9F%93%A6", "x" * 300, "..%2f"):
        assert ask(api, path, order=text, shipment=text).status_code == 404
