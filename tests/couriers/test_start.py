"""Setting out."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from fleet.models import Device, Route, Stop
from handoffs.dispatch import place_on
from handoffs.models import DeliveryCode
from orders.models import Event, Shipment, Status
from tests.base import CHEAP, ApiClient, a_shipment
from tests.couriers.stories import at, hand_over, problem
from tests.handoffs.stories import out_for_delivery, right_code


def waiting(device: Device, *, days: int = 0, **fields: Any) -> Shipment:
    """A shipment on the courier's run so many days from now."""
    shipment, now = a_shipment(**fields), timezone.now()
    day = device.courier.depot.today(now) + timedelta(days=days)
    route, _ = Route.objects.get_or_create(courier=device.courier, date=day)
    place_on(route, shipment, now)
    return shipment


def start(api: ApiClient) -> Any:
    return api.send("POST", "/courier/route/start")


def statuses(answer: Any) -> dict[str, str]:
    return {stop["shipment"]: stop["status"] for stop in answer.json()["stops"]}


def test_all_stops_go_out_with_their_codes(api: ApiClient, device: Device) -> None:
    pricey, routine = waiting(device), waiting(device, value=CHEAP)
    answer = start(api)
    assert answer.status_code == 200, answer.content
    assert answer.json() == api.send("GET", "/courier/route").json()
    assert statuses(answer) == dict.fromkeys((pricey.public_id, routine.public_id), "out_for_delivery")
    assert DeliveryCode.objects.get().shipment == pricey
    assert Route.objects.get().started_at is not None
    actors = Event.objects.filter(type="shipment.out_for_delivery").values_list("actor_kind", "actor_id")
    assert set(actors) == {("courier", device.courier.public_id)}
    assert hand_over(api, pricey, right_code(pricey)).status_code == 200


def test_starting_again_sends_out_only_what_was_added(api: ApiClient, device: Device) -> None:
    first = waiting(device)
    start(api)
    began = Route.objects.get().started_at
    added = waiting(device)
    assert statuses(start(api)) == dict.fromkeys((first.public_id, added.public_id), "out_for_delivery")
    assert Event.objects.filter(type="shipment.out_for_delivery").count() == 2
    assert Route.objects.get().started_at == began


def test_what_is_closed_or_failed_on_this_run_stays_as_it_is(api: ApiClient, device: Device) -> None:
    failed, _ = out_for_delivery(device=device)
    api.send("POST", at(failed, "fail"), {"reason": "absent"})
    cancelled = waiting(device)
    Shipment.objects.filter(pk=cancelled.pk).update(status=Status.CANCELLED)
    assert statuses(start(api)) == {failed.public_id: "attempt_failed", cancelled.public_id: "cancelled"}


def test_what_failed_on_an_earlier_run_goes_out_again(api: ApiClient, device: Device) -> None:
    failed, _ = out_for_delivery(device=device)
    api.send("POST", at(failed, "fail"), {"reason": "absent"})
    Route.objects.update(date=device.courier.depot.today() - timedelta(days=1))
    route = Route.objects.create(courier=device.courier, date=device.courier.depot.today())
    place_on(route, failed, timezone.now())
    assert statuses(start(api)) == {failed.public_id: "out_for_delivery"}


def test_another_couriers_stops_stay(api: ApiClient, device: Device) -> None:
    mine, gone = waiting(device), waiting(device)
    Stop.objects.filter(shipment=gone).update(replaced_at=timezone.now())
    assert statuses(start(api)) == {mine.public_id: "out_for_delivery"}
    gone.refresh_from_db()
    assert gone.status == Status.CREATED


def test_a_run_of_a_later_day_does_not_start(api: ApiClient, device: Device) -> None:
    early = waiting(device, days=1)
    answer = start(api)
    assert problem(answer) == (404, "not_found")
    assert answer.json()["detail"] == "You have no route to start today."
    early.refresh_from_db()
    assert early.status == Status.CREATED


def test_only_todays_stops_go_out(api: ApiClient, device: Device) -> None:
    today, tomorrow = waiting(device), waiting(device, days=1)
    assert statuses(start(api)) == {today.public_id: "out_for_delivery"}
    tomorrow.refresh_from_db()
    assert tomorrow.status == Status.CREATED


def test_without_a_route_there_is_nothing_to_start(api: ApiClient) -> None:
    assert problem(start(api)) == (404, "not_found")
