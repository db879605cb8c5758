"""The chain of events: append-only, hashed, and free of personal data."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from handoffs.models import CodeCheck
from orders.models import Event, Shipment, Status
from tests.handoffs.stories import out_for_delivery, right_code, submit, wrong_code

pytestmark = pytest.mark.django_db


def delivered() -> Shipment:
    shipment, device = out_for_delivery()
    submit(device, shipment, wrong_code(shipment))
    submit(device, shipment, right_code(shipment))
    shipment.refresh_from_db()
    return shipment


def test_each_event_names_the_one_before_it() -> None:
    shipment = delivered()
    previous = ""
    for place, event in enumerate(shipment.events.order_by("sequence"), start=1):
        assert (event.sequence, event.previous_hash) == (place, previous)
        assert event.hash == event.computed_hash(shipment.public_id)
        previous = event.hash
    assert (shipment.events_head, shipment.events_count) == (previous, shipment.events.count())


@pytest.mark.parametrize(
    "column", ["type", "at", "actor_id", "data", "sequence", "previous_hash", "public_id"]
)
def test_the_hash_covers_every_column(column: str) -> None:
    event = delivered().events.get(type="code.wrong")
    altered = {
        "type": "code.sent",
        "at": event.at.replace(year=2025),
        "actor_id": "cou_other",
        "data": {},
        "sequence": 9,
        "previous_hash": "",
        "public_id": "evt_other",
    }
    setattr(event, column, altered[column])
    assert event.computed_hash(event.shipment.public_id) != event.hash


@pytest.mark.parametrize("table", ["orders_event", "handoffs_codecheck"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET shipment_id = shipment_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_written(table: str, statement: str) -> None:
    delivered()
    counts = (Event.objects.count(), CodeCheck.objects.count())
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert counts == (Event.objects.count(), CodeCheck.objects.count())


def test_nothing_in_the_chain_tells_who_the_recipient_is() -> None:
    shipment = delivered()
    order = shipment.order
    told = json.dumps(list(shipment.events.values("type", "actor_kind", "actor_id", "data")))
    for personal in (order.name, order.phone, order.email, order.line1, order.postal_code):
        assert personal not in told


def test_a_second_delivered_event_is_refused_by_the_status() -> None:
    shipment = delivered()
    with pytest.raises(RuntimeError, match="changed while it was held"), transaction.atomic():
        shipment.become(Status.DELIVERED, [])
