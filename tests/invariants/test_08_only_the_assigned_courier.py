"""8: only the assigned, active courier on a live device, re-checked inside the transaction."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import psycopg
import pytest

from tests.scenarios.world import Rider, Shop, assert_sound, code_on_phone, eventually, outcome
from tests.servers import Service

HOLD = "SELECT id FROM orders_shipment WHERE public_id = %s FOR NO KEY UPDATE"
REPLACE = "UPDATE fleet_stop SET replaced_at = now() WHERE shipment_id = %s"
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def test_neither_waits_for_the_other_for_ever(make_service: Callable[..., Service]) -> None:
    service = make_service("postgresql")
    shop, rider = Shop(service), Rider(service)
    for what, body in (("handoff", {"code": "000000"}), ("arrive", {})):
        shipment = shop.dispatched(rider)
        visiting = Visit(rider, f"/shipments/{shipment}/{what}", body)
        with psycopg.connect(service.database_url) as reassigning:
            held = reassigning.execute(HOLD, [shipment]).fetchone()
            visiting.start()
            eventually(lambda: service.rows(WAITING))
            reassigning.execute(REPLACE, held)  # asks for the stop, with the shipment held
        visiting.join(timeout=30)
        assert [outcome(answer) for answer in visiting.answers] == ["not_found"]


COURIER = "(SELECT id FROM fleet_courier WHERE public_id = %s)"
MEANWHILE = {
    "the handheld is revoked": (
        f"UPDATE fleet_device SET revoked_at = now() WHERE courier_id = {COURIER}",
        "authentication_failed",
    ),
    "the courier leaves": (
        "UPDATE fleet_courier SET active = false WHERE public_id = %s",
        "authentication_failed",
    ),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_what_changed_while_the_handoff_waited_counts(
    what: str, make_service: Callable[..., Service]
) -> None:
    """Let in by the token, then held up at the shipment's lock; the right code opens nothing any more."""
    service = make_service("postgresql")
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    code = code_on_phone(service, shipment)
    statement, said = MEANWHILE[what]
    visiting = Visit(rider, f"/shipments/{shipment}/handoff", {"code": code})
    with psycopg.connect(service.database_url) as holding:
        holding.execute(HOLD, [shipment])
        visiting.start()
        eventually(lambda: service.rows(WAITING))
        service.rows(statement, rider.id)
    visiting.join(timeout=30)
    assert [outcome(answer) for answer in visiting.answers] == [said]
    assert shop.get(f"/shipments/{shipment}").json()["status"] == "out_for_delivery"


class Visit(Thread):
    """One request, in a thread of its own."""

    def __init__(self, rider: Rider, path: str, body: dict[str, Any]) -> None:
        super().__init__()
        self.rider, self.path, self.body = rider, path, body
        self.answers: list[Any] = []

    def run(self) -> None:
        self.answers.append(self.rider.post(self.path, self.body, key=self.path))


APPROVE = """
import time
from django.db import connection, transaction
from accounts.models import User
from handoffs.release.decide import approve_release
from orders.models import Shipment

def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute({waiting!r})
        return cursor.fetchone()

staff = [User.objects.create_user(f"{{name}}@support.example", is_staff=True) for name in ("sue", "sam")]
until = time.monotonic() + 20
with transaction.atomic():
    Shipment.objects.hold({shipment!r})
    connection.cursor().execute("SET LOCAL application_name = 'holds'")
    while not somebody_waits() and time.monotonic() < until:
        time.sleep(0.05)
    for each in staff:
        approve_release(staff=each, request_id={request!r}, reason="Known")
"""
HELD = "SELECT pid FROM pg_stat_activity WHERE application_name = 'holds' AND datname = current_database()"


def test_a_release_approved_while_the_handoff_waited_was_approved_before_it(
    make_service: Callable[..., Service],
) -> None:
    """What counts is the time after the wait: else the parcel went before anybody had approved it."""
    service = make_service("postgresql")
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    asked = rider.post(f"/shipments/{shipment}/release-request", {"reason": "other", "identity_seen": True})
    script = APPROVE.format(shipment=shipment, request=asked.json()["id"], waiting=WAITING)
    approving = Thread(target=service.manage, args=("shell", "-v", "0", "-c", script))
    approving.start()
    eventually(lambda: service.rows(HELD))
    answer = rider.hand_over(shipment, None)
    approving.join(timeout=30)
    assert outcome(answer) == "delivered"
    assert_sound(service)
