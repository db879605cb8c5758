"""A merchant's couriers: their own are managed, shared ones listed."""

from typing import Any

import pytest

from fleet.enrol import enrol
from fleet.models import Courier, Depot, Device
from orders.models import Merchant
from tests.base import ApiClient, acme, carl


@pytest.fixture
def own(merchant: Merchant) -> Courier:
    return carl(Depot.objects.create(merchant=merchant, name="Acme's"), name="Carl", livemode=False)


@pytest.fixture
def foreign(db: None) -> Courier:
    return carl(Depot.objects.create(merchant=acme("Bolt"), name="Bolt's"), name="Dora")


def test_own_and_shared_couriers_are_listed(api: ApiClient, own: Courier, foreign: Courier) -> None:
    shared = carl(name="Shay")
    listed = api.send("GET", "/couriers").json()["data"]
    assert listed == [
        {"id": shared.public_id, "name": "Shay", "depot": shared.depot.public_id, "active": True},
        {"id": own.public_id, "name": "Carl", "depot": own.depot.public_id, "active": True},
    ]


def test_a_courier_is_created_in_the_merchants_own_depot(api: ApiClient, merchant: Merchant) -> None:
    first, second = (api.send("POST", "/couriers", {"name": name}) for name in ("Carl", "Eve"))
    assert (first.status_code, first.json()["name"]) == (201, "Carl")
    assert first.json()["depot"] == second.json()["depot"] == Depot.objects.get(merchant=merchant).public_id


def test_a_depot_has_to_be_ones_own(api: ApiClient, own: Courier, foreign: Courier) -> None:
    for depot in (foreign.depot, Depot.objects.create(name="Shared")):
        for method, path in (("POST", "/couriers"), ("PATCH", f"/couriers/{own.public_id}")):
            answer = api.send(method, path, {"name": "Carl", "depot": depot.public_id})
            assert [error["pointer"] for error in answer.json()["errors"]] == ["/depot"]
    named = api.send("POST", "/couriers", {"name": "Carl", "depot": own.depot.public_id})
    assert named.json()["depot"] == own.depot.public_id


def test_a_courier_is_renamed_and_let_go(api: ApiClient, own: Courier) -> None:
    answer = api.send("PATCH", f"/couriers/{own.public_id}", {"name": "Carla", "active": False})
    assert (answer.status_code, answer.json()["name"], answer.json()["active"]) == (200, "Carla", False)
    assert api.send("PATCH", f"/couriers/{own.public_id}", {}).json()["name"] == "Carla"
    assert api.send("PATCH", f"/couriers/{own.public_id}", {"active": "no"}).status_code == 400


def test_an_enrolment_code_works_and_a_lost_handheld_is_signed_out(api: ApiClient, own: Courier) -> None:
    answer = api.send("POST", f"/couriers/{own.public_id}/enrolment", key="k1")
    assert (answer.status_code, sorted(answer.json())) == (201, ["enrolment_code", "expires_at"])
    again = api.send("POST", f"/couriers/{own.public_id}/enrolment", key="k1")
    assert again.content == answer.content
    device, _ = enrol(enrolment_code=answer.json()["enrolment_code"], name="handheld")  # type: ignore[misc]
    for _ in range(2):
        gone = api.send("DELETE", f"/couriers/{own.public_id}/devices/{device.public_id}")
        assert (gone.status_code, gone.content) == (204, b"")
    assert Device.objects.get().revoked_at is not None


def test_a_device_of_another_courier_is_not_found(api: ApiClient, own: Courier, foreign: Courier) -> None:
    device = Device.objects.create(courier=foreign, token_digest="x" * 64)
    assert api.send("DELETE", f"/couriers/{own.public_id}/devices/{device.public_id}").status_code == 404
    assert Device.objects.get().revoked_at is None


MANAGED: list[tuple[str, str, Any]] = [
    ("PATCH", "/couriers/{id}", {"name": "Mallory"}),
    ("POST", "/couriers/{id}/enrolment", None),
    ("DELETE", "/couriers/{id}/devices/dev_x", None),
]


@pytest.mark.parametrize(("method", "path", "body"), MANAGED)
def test_others_couriers_are_not_found_and_shared_ones_not_managed(
    api: ApiClient, foreign: Courier, method: str, path: str, body: Any
) -> None:
    expected = {foreign.public_id: 404, "cou_unknown": 404, carl().public_id: 403}
    assert {id: api.send(method, path.format(id=id), body).status_code for id in expected} == expected
