"""What the handheld shows of a run."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from fleet.models import Device, Route, Stop
from handoffs.word import WORDS
from notifications.models import Message
from tests.base import CHEAP, ApiClient
from tests.couriers.stories import at, hand_over, problem, statements
from tests.handoffs.stories import out_for_delivery, right_code, send_out, wrong_code


def route_of(api: ApiClient, **headers: str) -> Any:
    return api.get("/api/v1/courier/route", headers=headers)


def shown(api: ApiClient) -> list[str]:
    return [stop["shipment"] for stop in route_of(api).json()["stops"]]


def test_without_a_route_there_is_nothing_to_show(api: ApiClient) -> None:
    answer = route_of(api)
    assert problem(answer) == (404, "not_found")
    assert answer.json()["detail"] == "You have no route at the moment."


def test_a_route_shows_its_stops(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device, barcodes=("JD2", "JD1"))
    body = route_of(api).json()
    route = Route.objects.get()
    (stop,) = body.pop("stops")
    assert body == {
        "id": route.public_id,
        "date": route.date.isoformat(),
        "timezone": "Europe/London",
        "qr_keys": [],
    }
    (message,) = stop.pop("messages")
    assert stop.pop("word") in WORDS
    assert (message["channel"], message["state"]) == ("sms", "queued")
    assert message["at"].endswith("Z")
    assert stop == {
        "shipment": shipment.public_id,
        "tracking_number": shipment.tracking_number,
        "status": "out_for_delivery",
        "sequence": 1,
        "recipient_name": "Ada Lovelace",
        "address": {
            "company": "",
            "line1": "1 High Street",
            "line2": "",
            "city": "London",
            "region": "",
            "postal_code": "SW1A 1AA",
            "country": "GB",
            "latitude": 51.501,
            "longitude": -0.1246,
        },
        "instructions": "Side door",
        "parcels": [{"barcode": "JD2"}, {"barcode": "JD1"}],
        "code_required": True,
        "attempts_left": 5,
        "arrived_at": None,
        "recipient_here_at": None,
        "livemode": False,
        "release": None,
    }


def test_nothing_in_it_tells_the_code_or_the_contact(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    body = route_of(api).content.decode()
    assert right_code(shipment) not in body
    assert shipment.order.phone not in body
    assert shipment.order.email not in body


def test_attempts_left_follow_the_newest_code(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    hand_over(api, shipment, wrong_code(shipment))
    routine, _ = out_for_delivery(device=device, value=CHEAP, reference="routine")
    stops = {stop["shipment"]: stop["attempts_left"] for stop in route_of(api).json()["stops"]}
    assert stops[shipment.public_id] == 4
    assert routine.code_required or stops[routine.public_id] is None


def test_stops_come_in_their_sequence(api: ApiClient, device: Device) -> None:
    first, second = (out_for_delivery(device=device)[0].public_id for _ in range(2))
    assert shown(api) == [first, second]
    Stop.objects.filter(shipment__public_id=first).update(sequence=9)
    assert shown(api) == [second, first]


def test_what_is_still_out_from_an_earlier_run_comes_last(api: ApiClient, device: Device) -> None:
    left, _ = out_for_delivery(device=device)
    done, _ = out_for_delivery(device=device)
    hand_over(api, done, right_code(done))
    Route.objects.update(date=device.courier.depot.today() - timedelta(days=1))
    assert shown(api) == [left.public_id, done.public_id]
    today, _ = out_for_delivery(device=device)
    assert shown(api) == [today.public_id, left.public_id]


def test_a_run_planned_for_tomorrow_does_not_hide_todays(api: ApiClient, device: Device) -> None:
    tomorrow = device.courier.depot.today() + timedelta(days=1)
    planned = Route.objects.create(courier=device.courier, date=tomorrow)
    assert route_of(api).json()["id"] == planned.public_id
    out_for_delivery(device=device)
    assert route_of(api).json()["id"] == Route.objects.get(date__lt=tomorrow).public_id


def test_a_closed_run_is_not_shown(api: ApiClient, device: Device) -> None:
    out_for_delivery(device=device)
    Route.objects.update(closed_at=timezone.now())
    assert problem(route_of(api)) == (404, "not_found")


def test_a_stop_that_went_to_another_courier_is_gone(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    _, other = out_for_delivery()
    send_out(shipment, other)
    assert shown(api) == []


def test_an_unchanged_route_is_not_sent_twice(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    first = route_of(api)
    assert not first["ETag"].startswith("W/")
    again = route_of(api, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    api.send("POST", at(shipment, "arrive"), {})
    changed = route_of(api, **{"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_long_route_takes_no_more_statements_than_a_short_one(api: ApiClient, device: Device) -> None:
    out_for_delivery(device=device, barcodes=("A", "B"))
    with statements() as short:
        route_of(api)
    for _ in range(5):
        out_for_delivery(device=device, barcodes=("A", "B"))
    with statements() as long:
        assert len(shown(api)) == 6
    assert len(short) == len(long) == 6, long
    assert all(statement.startswith("SELECT") for statement in long)


def test_no_secret_is_read_for_it(api: ApiClient, device: Device) -> None:
    out_for_delivery(device=device)
    with statements() as asked:
        route_of(api)
    assert any("handoffs_deliverycode" in statement for statement in asked)
    assert not any("nonce" in statement or "predecessor_mark" in statement for statement in asked)


def test_a_stop_tells_of_the_messages_with_the_code_alone(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    api.send("POST", at(shipment, "arrive"))
    assert Message.objects.filter(about=shipment.public_id).exclude(kind="delivery_code").exists()
    (stop,) = api.send("GET", "/courier/route").json()["stops"]
    assert [message["channel"] for message in stop["messages"]] == ["sms"]
