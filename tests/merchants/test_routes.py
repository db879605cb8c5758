"""A courier's run is planned."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fleet.models import Courier, Depot, Route, Stop
from orders.models import Merchant, Shipment, Status
from tests.base import ApiClient, a_shipment, acme, carl


@pytest.fixture
def courier(db: None) -> Courier:
    return carl()


def plan(api: ApiClient, courier: Courier, *stops: dict[str, Any], days: int = 1) -> Any:
    date = courier.depot.today() + timedelta(days=days)
    body = {"courier": courier.public_id, "date": date.isoformat(), "stops": stops}
    return api.send("POST", "/routes", body)


def hours(days: int, clock: str) -> str:
    return f"{datetime.now(UTC).date() + timedelta(days=days)}T{clock}Z"


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]


def test_a_planned_shipment_is_in_transit(api: ApiClient, merchant: Merchant, courier: Courier) -> None:
    first, second = a_shipment(merchant), a_shipment(merchant)
    answer = plan(
        api,
        courier,
        {"shipment": first.public_id, "sequence": 2, "eta_from": hours(1, "09:00:00")},
        {"shipment": second.public_id, "sequence": 1},
    )
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["courier"] == courier.public_id
    assert [(stop["shipment"], stop["sequence"]) for stop in body["stops"]] == [
        (second.public_id, 1),
        (first.public_id, 2),
    ]
    assert body["stops"][1]["eta_from"] == hours(1, "09:00:00")
    assert set(Shipment.objects.values_list("status", flat=True)) == {Status.IN_TRANSIT}
    assert body == api.send("GET", f"/routes/{body['id']}").json()


def test_planning_again_adds_to_the_run_and_moves_from_others(
    api: ApiClient, merchant: Merchant, courier: Courier
) -> None:
    first, second = a_shipment(merchant), a_shipment(merchant)
    one = plan(api, courier, {"shipment": first.public_id}, days=1).json()
    other = plan(api, courier, {"shipment": first.public_id}, {"shipment": second.public_id}, days=2).json()
    again = plan(api, courier, {"shipment": second.public_id, "sequence": 9}, days=2).json()
    assert again["id"] == other["id"] != one["id"]
    assert [(stop["shipment"], stop["sequence"]) for stop in again["stops"]] == [
        (first.public_id, 1),
        (second.public_id, 2),
    ]
    assert api.send("GET", f"/routes/{one['id']}").json()["stops"] == []
    assert Stop.objects.current().count() == 2


def test_a_plan_is_all_or_nothing(
    api: ApiClient, stranger: ApiClient, merchant: Merchant, courier: Courier
) -> None:
    good, gone, theirs = a_shipment(merchant), a_shipment(merchant), a_shipment(acme("Bolt"))
    api.send("POST", f"/shipments/{gone.public_id}/cancel")
    closed = plan(api, courier, {"shipment": good.public_id}, {"shipment": gone.public_id})
    assert (closed.status_code, closed.json()["shipment"]) == (409, gone.public_id)
    foreign = plan(api, courier, {"shipment": good.public_id}, {"shipment": theirs.public_id})
    assert (foreign.status_code, foreign.json()["shipment"]) == (404, theirs.public_id)
    good.refresh_from_db()
    assert good.status == Status.CREATED
    assert not Route.objects.exists()


def test_what_is_wrong_with_a_plan_is_named(api: ApiClient, merchant: Merchant, courier: Courier) -> None:
    shipment = a_shipment(merchant).public_id
    twice = plan(api, courier, {"shipment": shipment, "sequence": 1}, {"shipment": shipment, "sequence": 1})
    assert pointers(twice) == [
        "/stops/1/shipment",
        "/stops/1/sequence",
    ]
    late = plan(api, courier, {"shipment": shipment}, days=-1)
    assert pointers(late) == ["/date"]
    backwards = {"shipment": shipment, "eta_from": hours(1, "09:00:00"), "eta_to": hours(1, "08:00:00")}
    assert pointers(plan(api, courier, backwards)) == ["/stops/0/eta_to"]
    assert plan(api, courier).status_code == 400


@pytest.mark.parametrize("eta", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", hours(10, "09:00:00")])
def test_hours_far_from_the_runs_day_are_refused(
    api: ApiClient, merchant: Merchant, courier: Courier, eta: str
) -> None:
    stop = {"shipment": a_shipment(merchant).public_id, "eta_from": eta, "eta_to": eta}
    assert pointers(plan(api, courier, stop)) == ["/stops/0/eta_from", "/stops/0/eta_to"]


def test_a_run_is_planned_for_a_year_ahead_at_most(
    api: ApiClient, merchant: Merchant, courier: Courier
) -> None:
    stop = {"shipment": a_shipment(merchant).public_id}
    body = {"courier": courier.public_id, "date": "9999-12-31", "stops": [stop]}
    assert pointers(api.send("POST", "/routes", body)) == ["/date"]
    assert plan(api, courier, stop, days=366).status_code == 201


def test_the_merchants_own_numbers_stay_on_their_own_couriers_run(api: ApiClient, merchant: Merchant) -> None:
    own = carl(Depot.objects.create(merchant=merchant, name="Acme's"))
    body = plan(api, own, {"shipment": a_shipment(merchant).public_id, "sequence": 9}).json()
    assert [stop["sequence"] for stop in body["stops"]] == [9]


def test_on_a_shared_couriers_run_each_merchant_sees_their_own_stops(
    api: ApiClient, stranger: ApiClient, merchant: Merchant, courier: Courier
) -> None:
    mine = plan(api, courier, {"shipment": a_shipment(merchant).public_id}).json()
    assert stranger.send("GET", f"/routes/{mine['id']}").status_code == 404
    their_merchant = Merchant.objects.get(name="Bolt")
    theirs = plan(stranger, courier, {"shipment": a_shipment(their_merchant).public_id}).json()
    assert theirs["id"] == mine["id"]
    assert theirs["stops"][0]["sequence"] == 1  # whatever the courier carries for others
    seen = [client.send("GET", f"/routes/{mine['id']}").json()["stops"] for client in (api, stranger)]
    assert seen == [mine["stops"], theirs["stops"]]
    assert [len(stops) for stops in seen] == [1, 1]


def test_another_merchants_courier_cannot_be_planned(api: ApiClient, merchant: Merchant) -> None:
    theirs = carl(Depot.objects.create(merchant=acme("Bolt"), name="Bolt's"))
    assert plan(api, theirs, {"shipment": a_shipment(merchant).public_id}).status_code == 404


def test_planning_takes_few_queries_a_stop(
    api: ApiClient, merchant: Merchant, courier: Courier, django_assert_max_num_queries: Any
) -> None:
    stops = [{"shipment": a_shipment(merchant).public_id} for _ in range(20)]
    with django_assert_max_num_queries(20 + 2 * 20):
        assert plan(api, courier, *stops).status_code == 201
