"""A release has its time, and ends with the visit that it was for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from fleet.models import Courier, Device, Stop
from handoffs.cancel import cancel
from handoffs.contact import change_recipient
from handoffs.models import DeliveryAttempt, ReleaseRequest
from handoffs.release.expire import expire_releases
from handoffs.reopen import reopen
from handoffs.rotate import Because, rotate
from orders.models import Actor, Event, Shipment
from tests.handoffs.release_stories import (
    a_supervisor,
    approve,
    approved_by,
    ask,
    asked,
    below_the_line,
    code_of,
    refused_by,
)
from tests.handoffs.stories import (
    ACME,
    a_device,
    leave,
    out_for_delivery,
    result,
    right_code,
    send_out,
    submit,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LAST_MOMENT = timedelta(minutes=10) - timedelta(microseconds=1)
OVER = timedelta(minutes=10)


def types_of(shipment: Shipment) -> list[str]:
    return list(Event.objects.filter(shipment=shipment).order_by("sequence").values_list("type", flat=True))


def test_unanswered_it_becomes_a_blameless_failed_visit() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        shipment, device = below_the_line()
        request = ask(device, shipment)
        clock.shift(LAST_MOMENT)
        assert expire_releases() == 0
        clock.shift(timedelta(microseconds=1))
        assert expire_releases() == 1
        assert expire_releases() == 0
        attempt = DeliveryAttempt.objects.get()
        assert (attempt.reason, attempt.blameless) == ("no_code", "release_unanswered")
        shipment.refresh_from_db()
        assert (shipment.status, shipment.release_open) == ("attempt_failed", False)
        assert types_of(shipment)[-2:] == ["release.expired", "shipment.attempt_failed"]
        assert code_of(request) == "expired"
        assert isinstance(reopen(device=device, shipment_id=shipment.public_id), Stop)
        assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_one_of_two_approvals_is_no_answer() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        shipment, device = out_for_delivery()
        request = ask(device, shipment)
        approved_by(a_supervisor(), request)
        clock.shift(OVER)
        expire_releases()
        assert DeliveryAttempt.objects.get().blameless == "release_unanswered"


def test_the_clock_decides_before_the_sweep() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        shipment, device = below_the_line()
        request = ask(device, shipment)
        clock.shift(OVER)
        assert request.state_at(datetime.now(UTC)) == "expired"
        assert code_of(approved_by(a_supervisor(), request)) == "release_over"
        assert code_of(refused_by(a_supervisor(), request)) == "release_over"
        assert code_of(asked(device, shipment)) == "not_out_for_delivery"
        assert DeliveryAttempt.objects.get().blameless == "release_unanswered"


def test_approved_it_is_used_within_ten_minutes_of_that() -> None:
    for wait, outcome in ((LAST_MOMENT, "delivered"), (OVER, "code_required")):
        with time_machine.travel(NOON, tick=False) as clock:
            shipment, device = below_the_line()
            request = ask(device, shipment)
            clock.shift(timedelta(minutes=9))
            approve(request)
            clock.shift(wait)
            assert result(submit(device, shipment, None)) == outcome


def test_approved_and_not_used_it_needs_the_code_again() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        shipment, device = below_the_line()
        approve(ask(device, shipment))
        clock.shift(OVER)
        assert expire_releases() == 1
        shipment.refresh_from_db()
        assert (shipment.status, shipment.release_open) == ("out_for_delivery", False)
        assert types_of(shipment)[-1] == "release.expired"
        assert not DeliveryAttempt.objects.exists()
        ask(device, shipment)


def test_a_courier_who_has_left_does_not_keep_it_open() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        shipment, device = below_the_line()
        request = ask(device, shipment)
        Courier.objects.update(active=False)
        assert code_of(approved_by(a_supervisor(), request)) == "release_over"
        clock.shift(OVER)
        assert expire_releases() == 1


def many_wait() -> None:
    device = a_device()
    for _ in range(3):
        ask(device, below_the_line(device)[0])


def test_more_than_a_batch_are_all_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handoffs.release.expire.BATCH", 2)
    with time_machine.travel(NOON, tick=False) as clock:
        many_wait()
        clock.shift(OVER)
        assert expire_releases() == 3


# --- What ends it ---------------------------------------------------------------------------------


def _by_id(shipment: Shipment) -> dict[str, Any]:
    return {"within": Shipment.objects.all(), "shipment_id": shipment.public_id}


RECIPIENT = Actor("recipient")
NEW_PHONE = {"phone": "+447400123457"}
ENDINGS: dict[str, Callable[[Shipment, Device], object]] = {
    "delivered with the code": lambda s, device: submit(device, s, right_code(s)),
    "failed": lambda s, device: leave(device, s),
    "cancelled": lambda s, _: cancel(**_by_id(s), actor=ACME),
    "reassigned": lambda s, _: send_out(s, a_device()),
    "contact changed": lambda s, _: change_recipient(**_by_id(s), changes=NEW_PHONE, actor=ACME),
    "the recipient doubts": lambda s, _: rotate(**_by_id(s), actor=RECIPIENT, because=Because.ASKED_FOR),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("is_approved", [False, True])
def test_what_ends_the_visit_withdraws_it(ending: str, is_approved: bool) -> None:
    shipment, device = below_the_line()
    request = ask(device, shipment)
    if is_approved:
        approve(request)
    ENDINGS[ending](shipment, device)
    assert code_of(request) == "withdrawn"
    shipment.refresh_from_db()
    assert not shipment.release_open
    assert code_of(approved_by(a_supervisor(), request)) == "release_over"


def test_a_reopened_visit_has_none() -> None:
    shipment, device = below_the_line()
    approve(ask(device, shipment))
    leave(device, shipment)
    reopen(device=device, shipment_id=shipment.public_id)
    assert result(submit(device, shipment, None)) == "code_required"


def test_a_new_code_of_support_leaves_it_open() -> None:
    shipment, device = below_the_line()
    request = ask(device, shipment)
    rotate(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ACME, because=Because.SUPPORT)
    assert code_of(request) == "waiting"


# --- Whose fault it is not ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "because"), [("no_code", "release_refused"), ("absent", "")], ids=["no code", "another"]
)
def test_failing_for_no_code_after_a_refusal_is_blameless(reason: str, because: str) -> None:
    shipment, device = below_the_line()
    refused_by(a_supervisor(), ask(device, shipment))
    leave(device, shipment, reason)
    assert DeliveryAttempt.objects.get().blameless == because


def test_failing_while_it_waits_is_the_couriers_own_choice() -> None:
    shipment, device = below_the_line()
    ask(device, shipment)
    leave(device, shipment, "no_code")
    assert DeliveryAttempt.objects.get().blameless == ""
    assert ReleaseRequest.objects.get().state == "withdrawn"
