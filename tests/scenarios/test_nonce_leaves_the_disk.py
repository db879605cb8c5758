"""After the handoff the code's nonce is not in the database's files any more (SQLite)."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.scenarios.world import Rider, Shop, code_on_phone
from tests.servers import Service


def test_the_nonce_of_a_delivered_shipment_is_nowhere_in_sqlites_files(
    make_service: Callable[..., Service],
) -> None:
    service = make_service("sqlite")
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    code = code_on_phone(service, shipment)
    [(nonce,)] = service.rows("SELECT nonce FROM handoffs_deliverycode")
    path = service.database_url.removeprefix("sqlite:///")
    assert found(nonce, path)
    assert rider.hand_over(shipment, code).status_code == 200
    with closing(sqlite3.connect(path, timeout=20)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not found(nonce, path)


def found(secret: bytes, path: str) -> bool:
    return any(secret in file.read_bytes() for file in Path(path).parent.glob(f"{Path(path).name}*"))
