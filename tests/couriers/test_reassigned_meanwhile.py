"""A shipment goes to another courier while the first one hands it over."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import psycopg

from tests.scenarios.world import Rider, Shop, eventually, outcome
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


class Visit(Thread):
    """One request, in a thread of its own."""

    def __init__(self, rider: Rider, path: str, body: dict[str, Any]) -> None:
        super().__init__()
        self.rider, self.path, self.body = rider, path, body
        self.answers: list[Any] = []

    def run(self) -> None:
        self.answers.append(self.rider.post(self.path, self.body, key=self.path))
