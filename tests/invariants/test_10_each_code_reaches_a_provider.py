"""10: each issued code reaches a provider, or staff and merchant see that none took it. Later, never lost."""

from collections.abc import Callable

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
from tests.servers import Service, ValkeyServer, Worker

IMPATIENT = {"MESSAGE_LEASE_SECONDS": "2"}


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_with_workers_killed_in_the_middle_every_code_reaches_the_phone(
    database: str, make_service: Callable[..., Service]
) -> None:
    service = make_service(database, worker_in_process=False, environment=IMPATIENT)
    shop, rider = Shop(service), Rider(service)
    shipments = [shop.dispatched(rider) for _ in range(40)]
    worker = Worker(service.database_url, environment=IMPATIENT)
    try:
        for _ in range(4):
            worker.start()
            sent = sent_messages(service)
            eventually(lambda: sent_messages(service) > sent or sent == 40)  # noqa: B023
            worker.kill()
        worker.start()
        for shipment in shipments:
            assert code_on_phone(service, shipment)
    finally:
        worker.kill()
    assert sent_messages(service) == 40
    assert_sound(service)


def sent_messages(service: Service) -> int:
    count: int = service.rows(
        "SELECT COUNT(*) FROM notifications_message WHERE state IN ('sent', 'received')"
    )[0][0]
    return count


def test_with_the_queue_stopped_a_handoff_still_succeeds(
    make_service: Callable[..., Service], valkey: ValkeyServer
) -> None:
    service = make_service("postgresql", redis_url=valkey.url)
    shop, rider = Shop(service), Rider(service)
    with Worker(service.database_url, redis_url=valkey.url):
        shipment = shop.dispatched(rider)
        code = code_on_phone(service, shipment)
        valkey.kill()
        try:
            other = shop.dispatched(rider)
            answer = rider.hand_over(shipment, code)
            assert outcome(answer) == "delivered"
            assert answer.elapsed.total_seconds() < 5
        finally:
            valkey.start()
        assert code_on_phone(service, other, seconds=120)  # Celery comes back when it has waited long enough
        eventually(lambda: [m for m in phone_messages(service, shipment) if m["kind"] == "handed_over"])
    assert_sound(service)
