"""15: a live code is in the recipient's message and page, and nowhere else."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import redis

from tests.scenarios.world import Program, Rider, Shop, code_on_phone, link_on_phone, other_than
from tests.servers import Service, ValkeyServer, Worker

EVERYTHING = {
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
}


def disguises(secret: str) -> list[bytes]:
    """The secret as it may stand in a log, a column, a URL or a JSON string."""
    spaced = f"{secret[:3]} {secret[3:]}"
    texts = [secret, spaced, spaced.replace(" ", "-"), " ".join(secret), quote(spaced), json.dumps(spaced)]
    plain = [text.encode() for text in texts]
    return [*plain, *(base64.b64encode(text) for text in plain), *(text.hex().encode() for text in plain)]


def dump(service: Service, database: str) -> bytes:
    """Every byte of every column of every table."""
    pieces: list[bytes] = []
    for (table,) in service.rows(EVERYTHING[database]):
        for row in service.rows(f'SELECT * FROM "{table}"'):
            pieces += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
    assert len(pieces) > 500, "the dump is of a whole installation"
    return b"\x00".join(pieces)


def live_delivery(service: Service) -> tuple[Shop, Rider, str]:
    """A shipment that is out, after all that can happen to it short of delivery."""
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    code = code_on_phone(service, shipment)
    rider.get("/route")
    rider.post(f"/shipments/{shipment}/arrive", {"location": {"latitude": 51.5, "longitude": -0.1}})
    for typed in (None, "12", other_than(code), f"{other_than(code)[:3]} {other_than(code)[3:]}"):
        rider.hand_over(shipment, typed)
    rider.post(f"/shipments/{shipment}/resend", {"channel": "email"})
    httpx.get(link_on_phone(service, shipment), trust_env=False)
    for path in ("", "/events", "/proof"):
        shop.get(f"/shipments/{shipment}{path}")
    shop.get("/orders")
    return shop, rider, shipment


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_a_live_code_is_not_in_database_logs_or_answers(
    database: str, make_service: Callable[..., Service]
) -> None:
    service = make_service(database, environment={"LOG_LEVEL": "DEBUG"})
    shop, rider, shipment = live_delivery(service)
    code, link = code_on_phone(service, shipment), link_on_phone(service, shipment)
    proof = re.search(r"\.([\w-]{16})/", link)
    assert proof
    places = {
        "database": dump(service, database),
        "log": service.log.read_bytes(),
        "answers": b"\n".join(str(a.headers).encode() + a.content for a in shop.answers + rider.answers),
    }
    found = [
        (where, disguise)
        for where, content in places.items()
        for disguise in [*disguises(code), proof[1].encode()]
        if re.search(rb"(?<![0-9a-f])" + re.escape(disguise) + rb"(?![0-9a-f])", content)
    ]
    assert not found


def test_the_queue_holds_no_code(make_service: Callable[..., Service], valkey: ValkeyServer) -> None:
    """With Redis, and no worker to empty it: what waits there are names of tasks."""
    service = make_service("postgresql", redis_url=valkey.url)
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    code = service_code(service, shipment)
    held = valkey_dump(valkey)
    assert b"drain" in held, "the task is in the queue"
    assert not [disguise for disguise in disguises(code) if disguise in held]
    worker = Worker(service.database_url, redis_url=valkey.url).start()
    try:
        assert code_on_phone(service, shipment) == code
    finally:
        worker.stop()
    assert not [disguise for disguise in disguises(code) if disguise in valkey_dump(valkey)]
    assert Program(service).get("/orders").status_code == 401


def service_code(service: Service, shipment: str) -> str:
    """The code as the service derives it, asked of a process with its keys."""
    script = (
        "from handoffs.models import DeliveryCode as C; "
        f"print(C.objects.select_related('shipment').get(shipment__public_id='{shipment}').code_of())"
    )
    return service.manage("shell", "--no-imports", "-c", script).strip().splitlines()[-1]


def valkey_dump(valkey: ValkeyServer) -> bytes:
    """Every value of every key, and what Celery has wrapped in base64 in them."""
    client: Any = redis.Redis.from_url(valkey.url)
    readers = {
        b"list": lambda key: client.lrange(key, 0, -1),
        b"string": lambda key: [client.get(key) or b""],
        b"hash": lambda key: [part for pair in client.hgetall(key).items() for part in pair],
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
    }
    pieces: list[bytes] = []
    for key in client.scan_iter():
        pieces += [key, *readers[client.type(key)](key)]
    pieces += [base64.b64decode(found) for found in re.findall(rb'"body": "([^"]+)"', b" ".join(pieces))]
    return b"\x00".join(pieces)
