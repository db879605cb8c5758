"""Arriving at a door, and leaving it again."""

from decimal import Decimal

import pytest

from api.refusals import Refusal
from fleet.models import Device, Stop
from fleet.position import Position
from handoffs.models import DeliveryAttempt
from handoffs.reopen import reopen
from handoffs.resend import resend_at_door
from handoffs.visit import arrive, fail
from orders.models import Shipment, Status
from tests.base import a_shipment
from tests.handoffs.stories import a_device, living_code, out_for_delivery

pytestmark = pytest.mark.django_db
DOOR = Position(Decimal("51.501"), Decimal("-0.1246"), 12)


def leave(device: Device, shipment: Shipment, reason: str = "absent") -> Stop | Refusal:
    return fail(
        device=device,
        shipment_id=shipment.public_id,
        reason=reason,
        note="",
        location=DOOR,
        occurred_at=None,
    )


def test_the_first_arrival_counts() -> None:
    shipment, device = out_for_delivery()
    first = arrive(device=device, shipment_id=shipment.public_id, location=DOOR, occurred_at=None)
    again = arrive(device=device, shipment_id=shipment.public_id, location=None, occurred_at=None)
    assert isinstance(first, Stop)
    assert isinstance(again, Stop)
    assert again.arrived_at == first.arrived_at
    assert again.arrival_latitude == DOOR.latitude
    assert shipment.events.filter(type="shipment.arrived").count() == 1


def test_the_timeline_does_not_say_where() -> None:
    shipment, device = out_for_delivery()
    arrive(device=device, shipment_id=shipment.public_id, location=DOOR, occurred_at=None)
    assert shipment.events.get(type="shipment.arrived").data == {"located": True}


def test_nobody_arrives_at_what_is_not_out() -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment)
    told = arrive(device=device, shipment_id=shipment.public_id, location=DOOR, occurred_at=None)
    assert told == Refusal("illegal_transition", members={"shipment_status": "attempt_failed"})


def test_nobody_arrives_at_anothers_stop() -> None:
    shipment, _ = out_for_delivery()
    for missing in (shipment.public_id, a_shipment().public_id, "shp_none"):
        told = arrive(device=a_device(), shipment_id=missing, location=DOOR, occurred_at=None)
        assert told == Refusal("not_found")


def test_a_failed_visit_is_kept_with_its_reason() -> None:
    shipment, device = out_for_delivery()
    stop = leave(device, shipment, "refused")
    assert isinstance(stop, Stop)
    assert stop.shipment.status == Status.ATTEMPT_FAILED
    visit = DeliveryAttempt.objects.get(stop=stop)
    assert (visit.reason, visit.latitude) == ("refused", DOOR.latitude)
    assert shipment.events.get(type="shipment.attempt_failed").data == {"reason": "refused"}


def test_a_failed_visit_leaves_the_code_alive_for_the_day() -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment)
    assert living_code(shipment).attempts_left == 5


def test_a_revoked_device_does_nothing_more() -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment)
    device.revoke()
    told = [
        arrive(device=device, shipment_id=shipment.public_id, location=None, occurred_at=None),
        leave(device, shipment),
        reopen(device=device, shipment_id=shipment.public_id),
        resend_at_door(device=device, shipment_id=shipment.public_id, channel=None),
    ]
    assert told == [Refusal("authentication_failed")] * 4


def test_a_visit_fails_once() -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment)
    told = leave(device, shipment)
    assert told == Refusal("illegal_transition", members={"shipment_status": "attempt_failed"})
    assert DeliveryAttempt.objects.count() == 1
