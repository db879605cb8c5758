"""A test key does not reach the couriers who carry real parcels, nor their runs."""

from typing import Any

import pytest

from api.tokens import new_token
from fleet.models import Courier, Depot, Device
from orders.models import Merchant
from tests.base import ApiClient, a_key, an_order_body, carl


@pytest.fixture
def live(merchant: Merchant) -> ApiClient:
    return ApiClient(a_key(merchant, livemode=True))


def dispatched(client: ApiClient, courier: str) -> Any:
    [shipment] = client.send("POST", "/orders", an_order_body()).json()["shipments"]
    return client.send("POST", f"/shipments/{shipment['id']}/dispatch", {"courier": courier})


def planned(client: ApiClient, courier: Courier) -> Any:
    [shipment] = client.send("POST", "/orders", an_order_body()).json()["shipments"]
    date = courier.depot.today().isoformat()
    body = {"courier": courier.public_id, "date": date, "stops": [{"shipment": shipment["id"]}]}
    return client.send("POST", "/routes", body)


def listed(client: ApiClient) -> set[str]:
    return {courier["id"] for courier in client.send("GET", "/couriers").json()["data"]}


MANAGING: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"active": False}),
    ("POST", "/enrolment", None),
    ("DELETE", "/devices/{device}", None),
]


@pytest.mark.parametrize(("method", "path", "body"), MANAGING)
def test_a_key_manages_couriers_of_its_own_mode_only(
    api: ApiClient, live: ApiClient, method: str, path: str, body: Any
) -> None:
    for own, other in ((api, live), (live, api)):
        courier = own.send("POST", "/couriers", {"name": "Carl"}).json()["id"]
        row = Courier.objects.get(public_id=courier)
        device = Device.objects.create(courier=row, token_digest=new_token("ct_")[1])
        target = f"/couriers/{courier}{path.format(device=device.public_id)}"
        assert other.send(method, target, body).status_code == 404
        assert own.send(method, target, body).status_code in (200, 201, 204)


def test_an_own_courier_of_no_mode_is_managed_with_a_live_key(
    api: ApiClient, live: ApiClient, merchant: Merchant
) -> None:
    courier = carl(Depot.objects.create(merchant=merchant, name="Acme's")).public_id
    assert api.send("POST", f"/couriers/{courier}/enrolment").status_code == 404
    assert live.send("POST", f"/couriers/{courier}/enrolment").status_code == 201


def test_a_key_lists_who_may_carry_what_it_sends(api: ApiClient, live: ApiClient) -> None:
    tester, rider = (client.send("POST", "/couriers", {"name": "C"}).json()["id"] for client in (api, live))
    either = carl().public_id
    assert listed(api) == {tester, either}
    assert listed(live) == {rider, either}


@pytest.mark.parametrize("give", [lambda client, c: dispatched(client, c.public_id), planned])
def test_parcels_of_the_other_mode_are_refused(api: ApiClient, live: ApiClient, give: Any) -> None:
    for own, other in ((api, live), (live, api)):
        answer = own.send("POST", "/couriers", {"name": "Carl"}).json()
        courier = Courier.objects.get(public_id=answer["id"])
        refused = give(other, courier)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/courier")
        assert give(own, courier).status_code in (200, 201)


@pytest.mark.parametrize("give", [lambda client, c: dispatched(client, c.public_id), planned])
def test_the_first_real_parcel_makes_a_courier_live(api: ApiClient, live: ApiClient, give: Any) -> None:
    shared = carl()
    assert give(api, shared).status_code in (200, 201)
    assert give(live, shared).status_code in (200, 201)
    assert give(api, shared).status_code == 400
    assert give(live, shared).status_code in (200, 201)


def test_a_live_couriers_run_shows_no_test_parcels(api: ApiClient, live: ApiClient) -> None:
    shared = carl()
    token, digest = new_token("ct_")
    Device.objects.create(courier=shared, token_digest=digest)
    rider = ApiClient(token)
    for client in (api, api):
        dispatched(client, shared.public_id)
    tried = rider.send("GET", "/courier/route").json()["stops"]
    assert [stop["livemode"] for stop in tried] == [False, False]
    dispatched(live, shared.public_id)
    real = rider.send("GET", "/courier/route").json()["stops"]
    assert [stop["livemode"] for stop in real] == [True]


def test_a_test_key_does_not_see_the_run_of_a_live_courier(api: ApiClient, live: ApiClient) -> None:
    courier = Courier.objects.get(public_id=live.send("POST", "/couriers", {"name": "C"}).json()["id"])
    route = planned(live, courier).json()["id"]
    assert live.send("GET", f"/routes/{route}").status_code == 200
    assert api.send("GET", f"/routes/{route}").status_code == 404
