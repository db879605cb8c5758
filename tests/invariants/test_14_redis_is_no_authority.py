"""14: Redis is never the authority for security or delivery."""

from collections.abc import Callable

import redis

from tests.scenarios.world import Rider, Shop, assert_sound, code_on_phone, other_than, outcome
from tests.servers import Service, ValkeyServer, Worker


def test_a_flushed_queue_gives_nobody_a_guess_back(
    make_service: Callable[..., Service], valkey: ValkeyServer
) -> None:
    """Neither the shipment's attempts nor the courier's budget are kept where FLUSHALL reaches."""
    service = make_service("postgresql", redis_url=valkey.url)
    shop, rider = Shop(service), Rider(service)
    shipments = [shop.dispatched(rider) for _ in range(4)]
    with Worker(service.database_url, redis_url=valkey.url):
        rights = {shipment: code_on_phone(service, shipment) for shipment in shipments}
    judged = []
    for shipment in shipments:
        for _ in range(6):
            judged.append(outcome(rider.hand_over(shipment, other_than(rights[shipment]))))
            redis.Redis.from_url(valkey.url).flushall()
    assert judged == (["wrong_code"] * 5 + ["code_locked"]) * 2 + ["wrong_code"] * 5 + (
        ["courier_suspended"] * 7
    )
    assert outcome(rider.hand_over(shipments[-1], rights[shipments[-1]])) == "courier_suspended"
    assert_sound(service)
