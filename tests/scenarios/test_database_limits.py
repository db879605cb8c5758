"""Limits that the database sets the service's role: what is over them is undone, told, may be sent again."""

from collections.abc import Callable

import psycopg
import pytest
from psycopg import sql

from tests.scenarios.world import Rider, Shop, assert_sound, code_on_phone, outcome
from tests.servers import Service


@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
def test_a_handoff_that_waits_too_long_is_answered_503_and_works_later(
    limit: str, make_service: Callable[..., Service]
) -> None:
    service = make_service("postgresql")
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    code = code_on_phone(service, shipment)
    service.stop()
    with psycopg.connect(service.database_url, autocommit=True) as connection:
        name = sql.Identifier(service.database_url.rpartition("/")[2])
        connection.execute(sql.SQL("ALTER DATABASE {} SET {} = '1s'").format(name, sql.Identifier(limit)))
    service.start()
    with psycopg.connect(service.database_url) as other:
        other.execute("SELECT id FROM orders_shipment WHERE public_id = %s FOR UPDATE", (shipment,))
        late = rider.hand_over(shipment, code, key="k")
        assert (late.status_code, outcome(late)) == (503, "service_unavailable")
    assert outcome(rider.hand_over(shipment, code, key="k")) == "delivered"
    assert shop.events(shipment).count("shipment.delivered") == 1
    assert_sound(service)
