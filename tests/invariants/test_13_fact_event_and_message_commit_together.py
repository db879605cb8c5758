"""13: a fact, its event and its messages commit together."""

import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.scenarios.world import (
    Rider,
    Shop,
    assert_sound,
    code_on_phone,
    eventually,
    outcome,
    phone_messages,
)
from tests.servers import PostgresServer, Service
from tests.servers.databases import Databases

CRASHES = 3
NO_LONGER_CREATED = "SELECT public_id FROM orders_shipment WHERE status <> 'created'"
OUT_WITHOUT_ALL = """
    SELECT s.public_id FROM orders_shipment s WHERE s.status = 'out_for_delivery' AND (
        NOT EXISTS (SELECT 1 FROM orders_event e
                    WHERE e.shipment_id = s.id AND e.type = 'shipment.out_for_delivery')
        OR NOT EXISTS (SELECT 1 FROM orders_event e WHERE e.shipment_id = s.id AND e.type = 'code.issued')
        OR NOT EXISTS (SELECT 1 FROM notifications_message m
                       WHERE m.about = s.public_id AND m.kind = 'delivery_code'))
"""
MORE_THAN_ITS_FACT = """
    SELECT s.public_id FROM orders_shipment s WHERE s.status NOT IN ('out_for_delivery', 'delivered') AND (
        EXISTS (SELECT 1 FROM orders_event e
                WHERE e.shipment_id = s.id AND e.type = 'shipment.out_for_delivery')
        OR EXISTS (SELECT 1 FROM handoffs_deliverycode d WHERE d.shipment_id = s.id)
        OR EXISTS (SELECT 1 FROM notifications_message m WHERE m.about = s.public_id))
"""


@pytest.fixture
def crashing() -> Iterator[PostgresServer]:
    with PostgresServer(fsync=True) as server:
        yield server


@pytest.mark.servers
def test_a_database_that_is_stopped_at_once_holds_all_of_it_or_none(
    crashing: PostgresServer,
) -> None:
    """Dispatches go on while the server is killed again and again; what was answered is there, whole."""
    with Databases(crashing.url()) as databases, Service(databases.make("postgresql")) as service:
        shop, rider = Shop(service), Rider(service)
        waiting = [shop.order()["shipments"][0]["id"] for _ in range(40)]
        acknowledged: list[str] = []
        sending = threading.Thread(target=dispatch_all, args=(shop, rider, waiting, acknowledged))
        sending.start()
        for _ in range(CRASHES):
            time.sleep(0.4)
            crashing.kill()
            crashing.start()
        sending.join(timeout=120)
        eventually(lambda: shop.get("/orders").status_code == 200, seconds=120)
        assert len(acknowledged) > 0
        out = {
            row[0] for row in service.rows("SELECT public_id FROM orders_shipment WHERE status <> 'created'")
        }
        assert set(acknowledged) <= out
        assert service.rows(OUT_WITHOUT_ALL) == []
        assert service.rows(MORE_THAN_ITS_FACT) == []
        # What was claimed at the crash is tried again after its lease.
        code = code_on_phone(service, acknowledged[-1], seconds=120)
        assert outcome(rider.hand_over(acknowledged[-1], code)) == "delivered"
        assert_sound(service)


def dispatch_all(shop: Shop, rider: Rider, shipments: list[str], acknowledged: list[str]) -> None:
    """Each once, whether it is answered or not: nothing is asked again that could mend it."""
    for shipment in shipments:
        try:
            answer = shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id})
        except httpx.HTTPError:
            continue
        if answer.status_code == 200:
            acknowledged.append(shipment)
        time.sleep(0.02)


def test_where_the_message_cannot_be_written_nothing_was_done(make_service: Callable[..., Service]) -> None:
    service = make_service("postgresql")
    shop, rider = Shop(service), Rider(service)
    shipment = shop.order()["shipments"][0]["id"]
    service.rows("ALTER TABLE notifications_message ADD CONSTRAINT full_disk CHECK (kind <> 'delivery_code')")
    answer = shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id}, key="k")
    assert answer.status_code in (500, 503)
    assert shop.get(f"/shipments/{shipment}").json()["status"] == "created"
    assert shop.events(shipment) == ["order.created"]
    assert phone_messages(service, shipment) == []
    service.rows("ALTER TABLE notifications_message DROP CONSTRAINT full_disk")
    assert shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id}, key="k").status_code == 200
    assert code_on_phone(service, shipment)
    assert_sound(service)
