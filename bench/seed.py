"""A database as after years: many delivered shipments, and fresh ones that are out with known codes.

One shipment of each kind is made by the service's own verbs; PostgreSQL copies them. Codes are derived only
for those that will be handed over. Django has to be set up on the same database.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from django.conf import settings

from bench.bulk import fill
from bench.clone import clone
from codes.derivation import Generation, derive_code

# Ids of the copies begin after these; the service's own after twice the second.
HISTORY, FRESH = 1_000_000_000, 2_000_000_000
STOPS_PER_ROUTE = 120
TABLES = [
    "orders_order",
    "orders_shipment",
    "orders_parcel",
    "orders_event",
    "fleet_courier",
    "fleet_device",
    "fleet_route",
    "fleet_stop",
    "handoffs_deliverycode",
    "handoffs_codecheck",
    "handoffs_proofofdelivery",
    "notifications_message",
]


@dataclass(frozen=True)
class Sample:
    """Ids of the rows of the shipment that is copied."""

    shipment: int
    order: int
    route: int
    courier: int
    device: int


@dataclass(frozen=True)
class Parcel:
    """One shipment that is out, the code that releases it and the token of its courier's handheld."""

    shipment: str
    code: str
    token: str


def make_samples() -> tuple[Sample, Sample]:
    """A delivered shipment and one that is out, by the verbs of the service."""
    from handoffs.confirm import Told
    from orders.models import Merchant
    from tests.base import acme
    from tests.handoffs.stories import out_for_delivery, right_code, submit

    merchant: Merchant = acme()
    made = []
    for _ in range(2):
        shipment, device = out_for_delivery(merchant)
        stop = shipment.stops.get()
        made.append(Sample(shipment.pk, shipment.order_id, stop.route_id, device.courier_id, device.pk))
        if len(made) == 1:
            told = submit(device, shipment, right_code(shipment))
            assert isinstance(told, Told), told
    return made[0], made[1]


def seed(
    superuser_url: str, delivered: Sample, out: Sample, *, history: int, fresh: int, in_bulk: bool = False
) -> None:
    """Copy the delivered sample `history` times and the one that is out `fresh` times.

    `in_bulk`: indexes come afterwards, which pays from a million on. Call under `bulk.quick` then.
    """
    couriers = max(60, fresh // STOPS_PER_ROUTE)
    samples = [(delivered, HISTORY, history), (out, FRESH, fresh)]
    sampled: dict[tuple[str, int], list[int]] = {}

    def copy(connection: psycopg.Connection[Any], table: str) -> None:
        for _, base, count in samples:
            copies = _copies(base, count, couriers) if count else {}
            if table in copies:
                changes = copies[table]
                rows = _routes(count) if table == "fleet_route" else count
                clone(connection, table, sampled[table, base], rows, changes)

    shipments = [table for table in TABLES if table not in ("fleet_courier", "fleet_device")]
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # the copies are as sound as the sample
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET work_mem = '256MB'")
        _copy_couriers(connection, out, couriers)
        for sample, base, _ in samples:
            sampled |= {(table, base): _rows_of(connection, table, sample) for table in shipments}
        for table in () if in_bulk else shipments:
            copy(connection, table)
    if in_bulk:
        fill(superuser_url, {table: partial(copy, table=table) for table in shipments})
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {2 * FRESH})")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def parcels(superuser_url: str, first: int, count: int) -> Iterator[Parcel]:
    """Fresh shipments from the given number on, with nonces whose codes we know. Writes those nonces."""
    from handoffs.models.codes import LABEL, RECIPIENT

    key_id, master = list(settings.DELIVERY_CODE_KEYS.items())[-1]
    made = [(number, os.urandom(16)) for number in range(first, first + count)]
    with psycopg.connect(superuser_url) as connection:
        connection.execute("CREATE TEMP TABLE told (id bigint, nonce bytea)")
        with connection.cursor().copy("COPY told FROM STDIN") as copy:
            for number, nonce in made:
                copy.write_row((FRESH + number, nonce))
        connection.execute("SET synchronous_commit = off")
        connection.execute(
            "UPDATE handoffs_deliverycode c SET nonce = told.nonce, key_id = %s FROM told "
            "WHERE c.id = told.id",
            (key_id,),
        )
        couriers = connection.execute("SELECT count(*) FROM fleet_courier WHERE id > %s", (FRESH,)).fetchone()
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE handoffs_deliverycode")
        connection.execute("CHECKPOINT")
    assert couriers is not None
    for number, nonce in made:
        shipment = f"shp_f{number:025}"
        code = derive_code(master, Generation(LABEL, shipment, 1, nonce), RECIPIENT, 6)
        yield Parcel(shipment, code, token_of(1 + number % couriers[0]))


def token_of(courier: int) -> str:
    """The token of a copied courier's handheld."""
    return f"ct_{courier:040}"


def _copy_couriers(connection: psycopg.Connection[Any], out: Sample, count: int) -> None:
    clone(
        connection,
        "fleet_courier",
        [out.courier],
        count,
        {"id": f"{FRESH} + n", "public_id": "'cou_f' || lpad(n::text, 25, '0')"},
    )
    clone(
        connection,
        "fleet_device",
        [out.device],
        count,
        {
            "id": f"{FRESH} + n",
            "public_id": "'dev_f' || lpad(n::text, 25, '0')",
            "courier_id": f"{FRESH} + n",
            "token_digest": "encode(sha256(('ct_' || lpad(n::text, 40, '0'))::bytea), 'hex')",
        },
    )
    clone(
        connection,
        "fleet_route",
        [out.route],
        count,
        {
            "id": f"{FRESH} + n",
            "public_id": "'rte_f' || lpad(n::text, 25, '0')",
            "courier_id": f"{FRESH} + n",
        },
    )


def _routes(count: int) -> int:
    return -(-count // STOPS_PER_ROUTE)


def _copies(base: int, count: int, couriers: int) -> dict[str, dict[str, str]]:
    """What is different in each row that is copied, by table."""
    letter = "h" if base == HISTORY else "f"
    route = f"{FRESH} + 1 + n % {couriers}"
    courier = route
    tables: dict[str, dict[str, str]] = {}
    if base == HISTORY:
        tables["fleet_route"] = {
            "id": f"{HISTORY} + n",
            "public_id": "'rte_h' || lpad(n::text, 25, '0')",
            "courier_id": f"{FRESH} + 1 + n % {couriers}",
            "date": f"t.date - 1 - n / {couriers}",
        }
        route = f"{HISTORY} + 1 + (n - 1) / {STOPS_PER_ROUTE}"
        courier = f"{FRESH} + 1 + (1 + (n - 1) / {STOPS_PER_ROUTE}) % {couriers}"
    mine = f"{base} + n"
    return tables | {
        "orders_order": {
            "id": mine,
            "public_id": f"'ord_{letter}' || lpad(n::text, 25, '0')",
            "reference": f"'{letter.upper()}-' || n",
            "phone": "'+4474' || lpad((n % 100000000)::text, 8, '0')",
            "email": f"'{letter}' || n || '@example.com'",
            "address_key": "md5(n::text) || md5((-n)::text)",
        },
        "orders_shipment": {
            "id": mine,
            "order_id": mine,
            "public_id": f"'shp_{letter}' || lpad(n::text, 25, '0')",
            "reference": f"'{letter.upper()}-' || n || '-1'",
            "tracking_number": f"'{letter.upper()}' || lpad(n::text, 10, '0')",
        },
        "orders_parcel": {"shipment_id": mine, "barcode": f"'{letter.upper()}' || n"},
        "orders_event": {
            "shipment_id": mine,
            "public_id": f"'evt_{letter}' || lpad(n::text, 20, '0') || lpad(t.sequence::text, 5, '0')",
        },
        "fleet_stop": {
            "id": mine,
            "shipment_id": mine,
            "route_id": route,
            "sequence": f"1 + n % {STOPS_PER_ROUTE}",
        },
        "handoffs_deliverycode": {
            "id": mine,
            "shipment_id": mine,
            "expires_at": "t.expires_at + interval '1 d'",
        },
        "handoffs_codecheck": {
            "id": mine,
            "shipment_id": mine,
            "courier_id": courier,
            "device_id": courier,
            "key_digest": "md5(n::text) || md5((-n)::text)",
        },
        "handoffs_proofofdelivery": {
            "shipment_id": mine,
            "courier_id": courier,
            "check_made_id": mine,
            "public_id": f"'prf_{letter}' || lpad(n::text, 25, '0')",
        },
        "notifications_message": {
            "public_id": f"'msg_{letter}' || lpad(n::text, 20, '0') || t.id",
            "about": f"'shp_{letter}' || lpad(n::text, 25, '0')",
            "to": "'+4474' || lpad((n % 100000000)::text, 8, '0')",
            "state": "'sent'",
            "next_try_at": "NULL",
            "sent_at": "t.created_at",
        },
    }  # fmt: skip


def _rows_of(connection: psycopg.Connection[Any], table: str, sample: Sample) -> list[int]:
    if table == "orders_order":
        return [sample.order]
    if table == "orders_shipment":
        return [sample.shipment]
    if table == "fleet_route":
        return [sample.route]
    query = f"SELECT id FROM {table} WHERE shipment_id = {sample.shipment}"
    if table == "notifications_message":
        query = (
            f"SELECT m.id FROM {table} m JOIN orders_shipment s ON s.public_id = m.about "
            f"WHERE s.id = {sample.shipment}"
        )
    return [row[0] for row in connection.execute(query)]
