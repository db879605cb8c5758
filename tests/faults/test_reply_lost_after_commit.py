"""PostgreSQL commits and the service never hears of it: 503, and the same key then gets the answer."""

from collections.abc import Iterator

import pytest

from tests.faults.proxy import Proxy
from tests.faults.scenarios.wire import COMMIT
from tests.scenarios.world import Rider, Shop, assert_sound, code_on_phone, other_than, outcome
from tests.servers import Service
from tests.servers.databases import Databases


@pytest.fixture
def cut_off(databases: Databases) -> Iterator[tuple[Service, Proxy]]:
    """A service that reaches its database through a proxy."""
    service = Service(databases.make("postgresql"))
    server, _, name = service.database_url.rpartition("/")
    address, _, port = server.rpartition(":")
    with Proxy(int(port)) as proxy:
        service.environment["DATABASE_URL"] = f"{address}:{proxy.port}/{name}"
        with service:
            yield service, proxy


def test_after_it_the_same_key_gets_the_answer_and_nothing_is_charged_twice(
    cut_off: tuple[Service, Proxy],
) -> None:
    service, proxy = cut_off
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    right = code_on_phone(service, shipment)
    unheard = []
    for code, said in ((other_than(right), "wrong_code"), (right, "delivered")):
        proxy.drop_reply_after, proxy.drops = COMMIT, 1
        unheard.append(rider.hand_over(shipment, code, key=said))
        again = rider.hand_over(shipment, code, key=said)
        assert (outcome(again), again.headers["Idempotent-Replayed"]) == (said, "true")
    assert proxy.dropped == 2
    assert [outcome(answer) for answer in unheard] == ["service_unavailable"] * 2
    told = [{**answer.json(), "request_id": "", "instance": ""} for answer in unheard]
    assert told[0] == told[1], "right and wrong digits are told the same"
    assert service.rows("SELECT result FROM handoffs_codecheck ORDER BY id") == [
        ("wrong_code",),
        ("delivered",),
    ]
    assert_sound(service)
