"""Arriving, failing, reopening and resending."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from fleet.models import Device, Stop
from handoffs.models import DeliveryAttempt, DeliveryCode
from notifications.models import Message
from orders.models import Event
from tests.base import CHEAP, ApiClient
from tests.couriers.stories import DOOR, at, hand_over, pointers, problem
from tests.handoffs.stories import living_code, out_for_delivery, right_code, wrong_code


def test_arriving_answers_with_the_stop(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    answer = api.send(
        "POST", at(shipment, "arrive"), {"location": DOOR, "occurred_at": "2026-01-05T09:00:00Z"}
    )
    assert answer.status_code == 200, answer.content
    stop = Stop.objects.get()
    assert answer.json() == api.send("GET", "/courier/route").json()["stops"][0]
    assert answer.json()["arrived_at"] is not None
    assert (str(stop.arrival_latitude), stop.arrival_accuracy_m) == ("51.501000", 12)


def test_arriving_again_changes_nothing(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    first = api.send("POST", at(shipment, "arrive"))
    again = api.send("POST", at(shipment, "arrive"), {"location": DOOR})
    assert first.content == again.content
    assert Event.objects.filter(type="shipment.arrived").count() == 1


@pytest.mark.parametrize("reason", DeliveryAttempt.Reason.values)
def test_a_stop_can_fail_for_each_reason(api: ApiClient, device: Device, reason: str) -> None:
    shipment, _ = out_for_delivery(device=device)
    body = {"reason": reason, "note": "Rang twice.\nNobody.", "location": DOOR, "photo": None}
    answer = api.send("POST", at(shipment, "fail"), body)
    assert (answer.status_code, answer.json()["status"]) == (200, "attempt_failed")
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.reason, attempt.note, attempt.accuracy_m) == (reason, "Rang twice.\nNobody.", 12)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/reason"),
        ({"reason": "bored"}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"reason": "absent", "note": "x" * 501}, "/note"),
        ({"reason": "absent", "note": "\0"}, "/note"),
        ({"reason": "absent", "photo": "pho_1"}, "/photo"),
        ({"reason": "absent", "why": ""}, "/why"),
    ],
)
def test_a_failure_of_the_wrong_form_is_refused(
    api: ApiClient, device: Device, body: dict[str, Any], pointer: str
) -> None:
    shipment, _ = out_for_delivery(device=device)
    assert pointers(api.send("POST", at(shipment, "fail"), body)) == [pointer]
    assert not DeliveryAttempt.objects.exists()


def test_a_stop_that_failed_cannot_fail_again(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    api.send("POST", at(shipment, "fail"), {"reason": "absent"})
    answer = api.send("POST", at(shipment, "fail"), {"reason": "absent"})
    assert problem(answer) == (409, "illegal_transition")
    assert answer.json()["shipment_status"] == "attempt_failed"


def test_the_same_key_fails_a_stop_once(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    first, again = (api.send("POST", at(shipment, "fail"), {"reason": "absent"}, key="k") for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Idempotent-Replayed"] == "true"


def failed(api: ApiClient, device: Device) -> Any:
    shipment, _ = out_for_delivery(device=device)
    api.send("POST", at(shipment, "fail"), {"reason": "absent"})
    return shipment


def test_a_reopened_stop_takes_the_code_it_took_before(api: ApiClient, device: Device) -> None:
    shipment = failed(api, device)
    answer = api.send("POST", at(shipment, "reopen"))
    assert (answer.status_code, answer.json()["status"]) == (200, "out_for_delivery")
    assert DeliveryCode.objects.count() == 1
    assert hand_over(api, shipment, right_code(shipment)).status_code == 200


def test_reopening_does_not_send_the_living_code_again(api: ApiClient, device: Device) -> None:
    shipment = failed(api, device)
    for _ in range(5):
        assert api.send("POST", at(shipment, "reopen")).status_code == 200
        api.send("POST", at(shipment, "fail"), {"reason": "absent"})
    assert Message.objects.filter(kind="delivery_code").count() == 1
    assert living_code(shipment).sends == 1


def test_reopening_brings_a_new_code_where_the_old_ones_time_is_over(api: ApiClient, device: Device) -> None:
    shipment = failed(api, device)
    DeliveryCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert api.send("POST", at(shipment, "reopen")).status_code == 200
    assert living_code(shipment).generation == 2
    assert Message.objects.filter(kind="delivery_code").count() == 2


def test_reopening_gives_no_attempts_back(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    hand_over(api, shipment, wrong_code(shipment))
    api.send("POST", at(shipment, "fail"), {"reason": "no_code"})
    assert api.send("POST", at(shipment, "reopen")).json()["attempts_left"] == 4


def test_a_stop_is_not_reopened_on_another_day(api: ApiClient, device: Device) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        shipment = failed(api, device)
    answer = api.send("POST", at(shipment, "reopen"))
    assert problem(answer) == (409, "illegal_transition")
    assert answer.json()["shipment_status"] == "attempt_failed"


def test_only_a_failed_stop_is_reopened(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    assert problem(api.send("POST", at(shipment, "reopen"))) == (409, "illegal_transition")


# --- Resending -----------------------------------------------------------------------------------


def later(seconds: int = 61) -> Any:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds))


def test_a_resend_says_where_it_went_and_when_the_next_may(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    with later():
        answer = api.send("POST", at(shipment, "resend"), {"channel": None})
    assert answer.status_code == 202, answer.content
    body = answer.json()
    assert list(body) == ["channel", "to", "next_allowed_at"]
    assert (body["channel"], body["to"]) == ("sms", "•••• ••56")
    assert body["next_allowed_at"].endswith("Z")
    assert answer["RateLimit-Policy"] == '"resend";q=1;w=60'
    assert answer["RateLimit"] == '"resend";r=0;t=60'
    assert right_code(shipment).encode() not in answer.content


def test_a_resend_can_take_another_channel(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    with later():
        body = api.send("POST", at(shipment, "resend"), {"channel": "email"}).json()
    assert (body["channel"], body["to"]) == ("email", "a•••@e•••")


def test_a_resend_too_soon_says_when(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    answer = api.send("POST", at(shipment, "resend"), key="k")
    assert problem(answer) == (429, "rate_limited")
    assert 0 < int(answer["Retry-After"]) <= 60
    assert answer["RateLimit"] == f'"resend";r=0;t={answer["Retry-After"]}'
    assert "retry_after" not in answer.json()
    with later():
        assert api.send("POST", at(shipment, "resend"), key="k").status_code == 202


@pytest.mark.parametrize("channel", ["Voice", "fax", 5, ""])
def test_a_channel_that_does_not_lead_there_is_refused(api: ApiClient, device: Device, channel: Any) -> None:
    shipment, _ = out_for_delivery(device=device)
    with later():
        assert pointers(api.send("POST", at(shipment, "resend"), {"channel": channel})) == ["/channel"]


def test_a_locked_code_is_not_resent(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    wrong = wrong_code(shipment)
    for _ in range(5):
        hand_over(api, shipment, wrong)
    with later():
        answer = api.send("POST", at(shipment, "resend"))
    assert problem(answer) == (423, "code_locked")
    assert answer.json()["next"] == ["rotate", "release_request", "fail"]


def test_a_routine_parcel_has_no_code_to_resend(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device, value=CHEAP)
    assert problem(api.send("POST", at(shipment, "resend"))) == (409, "illegal_transition")
