"""Somebody changes the contact while others wait for the shipment: nothing goes to the contact before."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import psycopg
import pytest

from tests.scenarios.world import Rider, Shop, eventually
from tests.servers import Service

HOLD = "SELECT order_id FROM orders_shipment WHERE public_id = %s FOR NO KEY UPDATE"
MOVE = "UPDATE orders_order SET phone = '+447400999999' WHERE id = %s"
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
NO_MAILBOX = """
UPDATE orders_order SET email = '' WHERE id = (SELECT order_id FROM orders_shipment WHERE public_id = %s)
"""
NEWEST = 'SELECT "to" FROM notifications_message WHERE about = %s ORDER BY id DESC LIMIT 1'


@pytest.fixture(scope="module")
def stage(databases: Any) -> Any:
    with Service(databases.make("postgresql")) as service:
        yield service, Shop(service), Rider(service)


def behind_a_changed_phone(service: Service, shipment: str, request: Callable[[], Any]) -> Any:
    """The answer to a request that waited for a transaction that changed the order's phone."""
    answers: list[Any] = []
    waiting = Thread(target=lambda: answers.append(request()))
    with psycopg.connect(service.database_url) as changing:
        held = changing.execute(HOLD, [shipment]).fetchone()
        waiting.start()
        eventually(lambda: service.rows(WAITING))
        changing.execute(MOVE, held)
    waiting.join(timeout=30)
    return answers[0]


def test_a_dispatch_sends_the_code_to_the_new_phone(stage: tuple[Service, Shop, Rider]) -> None:
    service, shop, rider = stage
    shipment = shop.order()["shipments"][0]["id"]
    dispatch = f"/shipments/{shipment}/dispatch"
    answer = behind_a_changed_phone(service, shipment, lambda: shop.post(dispatch, {"courier": rider.id}))
    assert answer.status_code == 200, answer.text
    assert service.rows(NEWEST, shipment) == [("+447400999999",)]


def test_a_handoff_sends_the_receipt_to_the_new_phone(stage: tuple[Service, Shop, Rider]) -> None:
    service, shop, rider = stage
    shipment = shop.dispatched(rider, "12.00")
    service.rows(NO_MAILBOX, shipment)  # else the receipt goes there
    answer = behind_a_changed_phone(service, shipment, lambda: rider.hand_over(shipment, None))
    assert answer.status_code == 200, answer.text
    assert service.rows(NEWEST, shipment) == [("+447400999999",)]


def test_a_change_of_the_name_does_not_bring_the_old_phone_back(stage: tuple[Service, Shop, Rider]) -> None:
    service, shop, _ = stage
    placed = shop.order()
    shipment = placed["shipments"][0]["id"]
    rename = lambda: shop.send("PATCH", f"/shipments/{shipment}/recipient", {"name": "A. Lovelace"})  # noqa: E731
    answer = behind_a_changed_phone(service, shipment, rename)
    assert answer.status_code == 200, answer.text
    assert shop.get(f"/orders/{placed['id']}").json()["recipient"]["phone"] == "+447400999999"
