"""The whole way of one parcel, as its people go it."""

import httpx

from tests.scenarios.world import (
    Rider,
    Shop,
    assert_sound,
    code_message,
    code_on_phone,
    eventually,
    link_on_phone,
    other_than,
    outcome,
    phone_messages,
)
from tests.servers import Service


def page(link: str) -> str:
    return httpx.get(link, timeout=60, trust_env=False).text


def test_a_parcel_is_handed_over_only_with_its_code(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    order = shop.order()
    shipment = order["shipments"][0]
    assert (shipment["status"], shipment["code_required"], shipment["code_reason"]) == (
        "created",
        True,
        "high_value",
    )

    shop.post(f"/shipments/{shipment['id']}/dispatch", {"courier": rider.id})
    code, link = code_on_phone(service, shipment["id"]), link_on_phone(service, shipment["id"])
    assert code in page(link).replace("&#8203;", "")
    assert code not in page(shipment["tracking_url"])

    stop = rider.get("/route").json()["stops"][0]
    assert (stop["shipment"], stop["code_required"], stop["attempts_left"]) == (shipment["id"], True, 5)
    place = {"latitude": 51.501, "longitude": -0.1246, "accuracy_m": 12}
    arrived = rider.post(f"/shipments/{shipment['id']}/arrive", {"location": place})
    assert arrived.status_code == 200, arrived.text

    wrong = rider.hand_over(shipment["id"], other_than(code))
    assert (outcome(wrong), wrong.json()["attempts_left"]) == ("wrong_code", 4)
    assert code in page(link)

    right = rider.hand_over(shipment["id"], code)
    assert right.json()["status"] == "delivered"
    assert right.json()["proof"]["method"] == "code"

    assert code not in page(link)
    assert "delivered" in page(link).lower()
    told = shop.get(f"/shipments/{shipment['id']}").json()
    assert (told["status"], told["code_state"], told["proof"]) == (
        "delivered",
        "used",
        right.json()["proof"]["id"],
    )
    assert shop.events(shipment["id"])[0] == "order.created"
    assert shop.events(shipment["id"])[-1] == "shipment.delivered"
    receipt = eventually(
        lambda: [m for m in phone_messages(service, shipment["id"]) if m["kind"] == "handed_over"]
    )
    assert len(receipt) == 1
    assert_sound(service)


def test_the_phone_says_that_a_used_code_no_longer_exists(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    code = code_on_phone(service, shipment)
    message = code_message(service, shipment)["id"]
    rider.hand_over(shipment, code)
    old = next(m for m in phone_messages(service, shipment) if m["id"] == message)
    assert code not in old["body"]
    assert "no longer exists" in old["body"]
