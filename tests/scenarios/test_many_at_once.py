"""Many couriers hand over at the same moment: what is free goes together, and what somebody holds alone."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg

from tests.scenarios.world import Rider, Shop, assert_sound, at_once, code_on_phone, eventually, outcome
from tests.servers import Service

RIDERS, ROUNDS = 6, 4
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def test_each_of_many_is_delivered_once_and_they_share_transactions(
    make_service: Callable[..., Service],
) -> None:
    service = make_service("postgresql")
    url = service.database_url
    shop, riders = Shop(service), [Rider(service, f"Carl {number}") for number in range(RIDERS)]
    rounds = [[(rider, shop.dispatched(rider)) for rider in riders] for _ in range(ROUNDS)]
    for out in rounds:
        calls = [partial(rider.hand_over, each, code_on_phone(service, each)) for rider, each in out]
        assert [outcome(answer) for answer in at_once(calls)] == ["delivered"] * RIDERS
    for each in (each for out in rounds for _, each in out):
        assert shop.events(each).count("shipment.delivered") == 1
    with psycopg.connect(url) as database:
        checks, transactions = database.execute(
            "SELECT count(*), count(DISTINCT xmin::text) FROM handoffs_codecheck"
        ).fetchone() or (0, 0)
    assert checks == RIDERS * ROUNDS
    assert transactions < checks
    assert_sound(service)


def test_who_waits_for_a_lock_waits_alone(make_service: Callable[..., Service]) -> None:
    """Were it waited for together, the courier would give up and wait a second time, alone."""
    service = make_service("postgresql")
    url = service.database_url
    shop, held, free = Shop(service), Rider(service), Rider(service)
    there, here = shop.dispatched(held), shop.dispatched(free)
    codes = code_on_phone(service, there), code_on_phone(service, here)
    with ThreadPoolExecutor(1) as meanwhile, psycopg.connect(url) as looking:
        looking.autocommit = True
        with psycopg.connect(url) as holding:
            holding.execute("SELECT id FROM orders_shipment WHERE public_id = %s FOR UPDATE", [there])
            waits = meanwhile.submit(held.hand_over, there, codes[0])
            eventually(lambda: looking.execute(WAITING).fetchone() == (1,))
            assert outcome(free.hand_over(here, codes[1])) == "delivered"
            until = time.monotonic() + 3.5  # longer than anybody's patience
            while time.monotonic() < until:
                assert looking.execute(WAITING).fetchone() == (1,)
                time.sleep(0.1)
        assert outcome(waits.result()) == "delivered"
    assert_sound(service)
