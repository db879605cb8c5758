"""How many releases there may be."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from api.refusals import Refusal
from handoffs.limits import RELEASES_PER_COURIER, RELEASES_PER_PAIR
from tests.handoffs.release_stories import (
    a_supervisor,
    approve,
    approved_by,
    ask,
    asked,
    below_the_line,
    code_of,
    refused_by,
    released_before,
)
from tests.handoffs.stories import a_device, answer_of, leave, out_for_delivery, submit, wrong_code

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_caps_are_those_that_were_decided() -> None:
    assert (RELEASES_PER_COURIER, RELEASES_PER_PAIR) == (((1, 2), (90, 10)), (90, 3))


@time_machine.travel(NOON, tick=False)
def test_a_courier_has_two_a_day_and_may_ask_again_after_midnight() -> None:
    device = a_device()
    for _ in range(2):
        approve(ask(device, below_the_line(device)[0]))
    third, _ = below_the_line(device)
    refusal = asked(device, third)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, dict(refusal.members)) == (
        "rate_limited",
        {"retry_after": 12 * 60 * 60, "next": ["fail"]},
    )
    with time_machine.travel(NOON + timedelta(hours=12), tick=False):
        ask(device, third)


@time_machine.travel(NOON, tick=False)
def test_a_courier_has_ten_in_ninety_days() -> None:
    device = a_device()
    released_before(device.courier, 1, 1, 20, 30, 40, 50, 60, 70, 80, 89)
    refusal = asked(device, below_the_line(device)[0])
    assert isinstance(refusal, Refusal)
    assert refusal.members["retry_after"] == 12 * 60 * 60


@time_machine.travel(NOON, tick=False)
def test_one_of_ninety_days_ago_counts_no_more() -> None:
    device = a_device()
    released_before(device.courier, 1, 1, 20, 30, 40, 50, 60, 70, 80, 90)
    ask(device, below_the_line(device)[0])


def test_what_waits_when_the_cap_is_reached_is_not_approved() -> None:
    device = a_device()
    requests = [ask(device, below_the_line(device)[0]) for _ in range(3)]
    assert [code_of(approved_by(a_supervisor(), request)) for request in requests] == [
        "approved",
        "approved",
        "courier_cap",
    ]
    assert code_of(refused_by(a_supervisor(), requests[2])) == "refused"


def test_an_approved_one_counts_also_where_nobody_used_it() -> None:
    device = a_device()
    for _ in range(2):
        shipment, _ = below_the_line(device)
        approve(ask(device, shipment))
        leave(device, shipment)
    assert code_of(asked(device, below_the_line(device)[0])) == "rate_limited"


@time_machine.travel(NOON, tick=False)
def test_after_three_in_ninety_days_somebody_else_has_to_approve() -> None:
    device, sue = a_device(), a_supervisor()
    for days in (89, 45, 1):
        with time_machine.travel(NOON - timedelta(days=days), tick=False):
            approve(ask(device, below_the_line(device)[0]), sue)
    shipment, _ = below_the_line(device)
    request = ask(device, shipment)
    assert code_of(approved_by(sue, request)) == "another_supervisor"
    assert code_of(approved_by(a_supervisor(), request)) == "approved"
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert code_of(approved_by(sue, ask(device, below_the_line(device)[0]))) == "approved"


def test_a_pairs_cap_is_no_other_couriers() -> None:
    sue = a_supervisor()
    for _ in range(4):
        shipment, device = below_the_line()
        assert code_of(approved_by(sue, ask(device, shipment))) == "approved"


def test_a_first_of_two_approvals_counts_for_the_pair() -> None:
    device, sue = a_device(), a_supervisor()
    requests = [ask(device, out_for_delivery(device=device)[0]) for _ in range(4)]
    outcomes = [code_of(approved_by(sue, request)) for request in requests]
    assert outcomes == ["waiting", "waiting", "waiting", "another_supervisor"]


@time_machine.travel(NOON, tick=False)
def test_a_shipment_is_asked_for_three_times_in_24_hours() -> None:
    shipment, device = below_the_line()
    for _ in range(3):
        refused_by(a_supervisor(), ask(device, shipment))
    refusal = asked(device, shipment)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.members["retry_after"]) == ("rate_limited", 24 * 60 * 60)
    with time_machine.travel(NOON + timedelta(hours=24), tick=False):
        ask(device, shipment)


def test_a_release_is_offered_where_there_may_be_one() -> None:
    device = a_device()
    shipment, _ = below_the_line(device)
    wrong = wrong_code(shipment)
    for _ in range(5):
        submit(device, shipment, wrong)
    assert answer_of(submit(device, shipment, wrong))["next"] == ["rotate", "release_request", "fail"]
    request = ask(device, shipment)
    assert answer_of(submit(device, shipment, wrong))["next"] == ["rotate", "fail"]
    refused_by(a_supervisor(), request)
    released_before(device.courier, 0, 0)
    assert answer_of(submit(device, shipment, wrong))["next"] == ["rotate", "fail"]
