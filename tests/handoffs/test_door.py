"""What a handoff reads and writes, on PostgreSQL by hand and elsewhere by the ORM."""

from typing import Any

import pytest
import time_machine
from django.db import DataError, connection, transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Device
from handoffs import door
from handoffs.deliver import new_proof
from handoffs.models import CodeCheck, DeliveryCode, ProofOfDelivery
from handoffs.models.codes import EndReason
from handoffs.models.proof import Method
from notifications.models import Message
from orders.models import Event, Shipment, Status
from tests.handoffs.stories import a_device, out_for_delivery, result, right_code, submit

pytestmark = pytest.mark.django_db


def looked(device: Device, shipment: Shipment) -> door.Seen:
    seen = door.look(asked(device, shipment), now=timezone.now())
    assert not isinstance(seen, Refusal), seen
    return seen


def asked(device: Device, shipment: Shipment, key: str = "k") -> door.Asked:
    return door.Asked(device.token_digest, shipment.public_id, key * 64)


def delivery_of(seen: door.Seen) -> door.Delivery:
    now = timezone.now()
    check = CodeCheck(
        courier=seen.stop.route.courier,
        device=seen.device,
        shipment=seen.stop.shipment,
        at=now,
        key_digest="k" * 64,
        fingerprint="f" * 64,
        result=CodeCheck.DELIVERED,
        request_id="r",
    )
    proof = new_proof(seen.stop, method=Method.CODE, received_by="recipient", now=now, occurred_at=None)
    return door.Delivery(seen.stop, check, proof, None, seen.latest)


@pytest.mark.parametrize("last", [True, False])
def test_a_code_that_ended_since_it_was_read_is_not_charged_and_nothing_is_written(last: bool) -> None:
    shipment, device = out_for_delivery()
    events = Event.objects.count()
    with transaction.atomic():
        seen = looked(device, shipment)
        DeliveryCode.objects.filter(shipment=shipment).end(EndReason.EXPIRED, timezone.now())
        assert door.write([delivery_of(seen)], last=last) == [False]
    shipment.refresh_from_db()
    assert (shipment.status, Event.objects.count()) == (Status.OUT_FOR_DELIVERY, events)
    assert not CodeCheck.objects.exists()
    assert not ProofOfDelivery.objects.exists()
    assert DeliveryCode.objects.get().attempts == 0


@pytest.mark.parametrize("last", [True, False])
def test_a_code_without_attempts_left_is_not_charged(last: bool) -> None:
    shipment, device = out_for_delivery()
    with transaction.atomic():
        seen = looked(device, shipment)
        DeliveryCode.objects.filter(shipment=shipment).update(attempts=5)
        assert door.write([delivery_of(seen)], last=last) == [False]
    assert not CodeCheck.objects.exists()


@time_machine.travel("2026-11-20T09:00:00Z", tick=False)
def test_both_ways_of_writing_write_the_same() -> None:
    written = []
    for last in (True, False):
        shipment, device = out_for_delivery(reference=f"same-{last}")
        with transaction.atomic():
            assert door.write([delivery_of(looked(device, shipment))], last=last) == [True]
        told: list[Any] = [
            *CodeCheck.objects.filter(shipment=shipment).values(),
            *ProofOfDelivery.objects.filter(shipment=shipment).values(),
            *DeliveryCode.objects.filter(shipment=shipment).values(),
            *Event.objects.filter(shipment=shipment, type="shipment.delivered").values(),
            *Message.objects.filter(about=shipment.public_id, kind="handed_over").values(),
            *Shipment.objects.filter(pk=shipment.pk).values(),
        ]
        written.append([without_names(dict(row)) for row in told])
    assert written[0] == written[1]
    assert len(written[0]) == 6


def without_names(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its ids and what follows from them."""
    apart = {
        "id",
        "public_id",
        "shipment_id",
        "courier_id",
        "device_id",
        "check_made_id",
        "about",
        "order_id",
        "payer",
    }
    apart |= {
        "about",
        "order_id",
        "hash",
        "previous_hash",
        "events_head",
        "signature",
        "data",
        "actor_id",
        "reference",
        "tracking_number",
    }
    return {name: row[name] for name in row if name not in apart}


def test_an_unknown_token_and_another_couriers_stop_are_told_apart() -> None:
    shipment, device = out_for_delivery()
    code = right_code(shipment)
    assert result(submit(Device(token_digest="0" * 64), shipment, code)) == "authentication_failed"
    assert result(submit(a_device(), shipment, code)) == "not_found"
    assert result(submit(device, shipment, code)) == "delivered"


def test_without_prepared_statements_a_handoff_is_the_same(settings: Any) -> None:
    settings.PREPARED_STATEMENTS = False
    shipment, device = out_for_delivery()
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_what_fails_on_a_trip_is_raised_and_leaves_the_connection_usable() -> None:
    if connection.vendor == "postgresql":
        from handoffs.door.trip import trip

        with pytest.raises(DataError), transaction.atomic():
            trip(("SELECT 1 / $1::int", (0,)), ("SELECT 1", ()))
        with transaction.atomic():
            assert trip(("SELECT 1 / $1::int", (1,)), ("SELECT $1::text", ("b",))) == [[(1,)], [("b",)]]
    shipment, device = out_for_delivery()
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"
