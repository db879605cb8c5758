"""The door on PostgreSQL: two trips, each of prepared statements sent together (libpq's pipeline mode).

Numbered parameters are bound by the server, so that a statement is parsed and planned once per connection.
"""

import select
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState
from psycopg.types.json import Jsonb

from api.refusals import Refusal
from fleet.models import Courier, Depot, Device, Route, Stop
from handoffs.deliver import complete, delivered
from handoffs.door.seen import Delivery, Seen
from handoffs.door.trip import trip
from handoffs.limits import COURIER_BUDGET
from handoffs.messages import receipts
from handoffs.models import CodeCheck, DeliveryCode, ProofOfDelivery
from handoffs.models.budget import standing_by
from handoffs.visit import actor_of
from notifications import outbox
from notifications.models import Message
from orders.models import Event, Merchant, Order, Shipment

LONGEST = max(days for days, _ in COURIER_BUDGET) + 2  # the depot's day may not be the day of UTC

# The shipment first, as whoever moves a stop to another route does: else the two would deadlock.
LOCK = """
SELECT shipment.id
FROM fleet_device device
JOIN fleet_courier courier ON courier.id = device.courier_id AND courier.active
JOIN fleet_route route ON route.courier_id = courier.id
JOIN fleet_stop stop ON stop.route_id = route.id AND stop.replaced_at IS NULL
JOIN orders_shipment shipment ON shipment.id = stop.shipment_id
WHERE device.token_digest = $1 AND shipment.public_id = $2
FOR NO KEY UPDATE OF shipment, stop, courier
"""

# What is read of each row; the rest is deferred.
READ: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "device": (Device, ("id", "public_id", "courier_id")),
    "courier": (Courier, ("id", "public_id", "depot_id", "active")),
    "depot": (Depot, ("id", "timezone")),
    "route": (Route, ("id", "courier_id")),
    "stop": (Stop, ("id", "route_id", "shipment_id", "replaced_at", "arrived_at")),
    "shipment": (Shipment, tuple(field.attname for field in Shipment._meta.concrete_fields)),
    "bought": (
        Order,
        ("id", "public_id", "merchant_id", "livemode", "phone", "email", "locale", "timezone"),
    ),
    "merchant": (Merchant, ("id", "public_id", "code_digits", "code_hours", "arrival_first")),
    "code": (DeliveryCode, tuple(field.attname for field in DeliveryCode._meta.concrete_fields)),
}
NAMES = {alias: list(names) for alias, (_, names) in READ.items()}
LOOK = """
SELECT {columns},
    EXISTS (SELECT FROM handoffs_codecheck earlier
            WHERE earlier.courier_id = courier.id AND earlier.key_digest = $3),
    spent.days, spent.wrong_codes
FROM fleet_device device
JOIN fleet_courier courier ON courier.id = device.courier_id AND courier.active
JOIN fleet_depot depot ON depot.id = courier.depot_id
LEFT JOIN (
    fleet_route route
    JOIN fleet_stop stop ON stop.route_id = route.id AND stop.replaced_at IS NULL
    JOIN orders_shipment shipment ON shipment.id = stop.shipment_id
    JOIN orders_order bought ON bought.id = shipment.order_id
    JOIN orders_merchant merchant ON merchant.id = bought.merchant_id
) ON route.courier_id = courier.id AND shipment.public_id = $2
LEFT JOIN LATERAL (
    SELECT * FROM handoffs_deliverycode latest
    WHERE latest.shipment_id = shipment.id ORDER BY latest.generation DESC LIMIT 1
) code ON true
LEFT JOIN LATERAL (
    SELECT array_agg(day) AS days, array_agg(wrong_codes) AS wrong_codes FROM handoffs_courierday counted
    WHERE counted.courier_id = courier.id AND counted.day > $4
) spent ON true
WHERE device.token_digest = $1 AND device.revoked_at IS NULL
""".format(columns=", ".join(f'{alias}."{name}"' for alias, names in NAMES.items() for name in names))  # noqa: S608 - only names


def make_ready() -> None:
    """Spare the question whether the connection still works, where its socket tells: a server that went away
    has closed its end."""
    ours: Any = connections[DEFAULT_DB_ALIAS]
    server = ours.connection
    if server is None or ours.health_check_done or ours.in_atomic_block:
        return
    if server.closed:
        return
    socket = select.poll()  # select() knows no descriptor above 1023
    socket.register(server.fileno(), select.POLLIN)
    if not socket.poll(0):
        ours.health_check_done = True


def look(*, token_digest: str, shipment_id: str, key_digest: str, now: datetime) -> Seen | Refusal:
    since = now.date() - timedelta(days=LONGEST)
    held, row = trip(
        (LOCK, (token_digest, shipment_id)), (LOOK, (token_digest, shipment_id, key_digest, since))
    )
    if row is None:
        return Refusal("authentication_failed")
    if held is None:
        return Refusal("not_found")
    rows = _instances(row)
    knows_key, days, wrong_codes = row[-3:]
    spent = list(zip(days or (), wrong_codes or (), strict=True))
    standing = standing_by(rows["depot"].today(now), spent, knows_key=knows_key)
    return Seen(rows["device"], rows["stop"], rows["code"], standing)


def write(delivery: Delivery) -> bool:
    """Nothing else may be written after it in the same transaction: it commits."""
    check, proof, shipment = delivery.check, delivery.proof, delivery.stop.shipment
    event = shipment.next_events([delivered(proof, actor_of(check.device))], at=check.at)[0]
    complete(proof, head=event.hash, location=delivery.location)
    messages = [outbox.written_out(draft) for draft in receipts(shipment)]
    code = delivery.code
    values = [
        *(check.at, code and code.pk, shipment.pk, shipment.events_count, event.sequence, event.hash),
        *(value for row in (check, proof, event, *messages) for value in _values(row)),
    ]
    statement = _delivery_statement(charges=code is not None, messages=len(messages))
    # Where a test has put its own transaction around this one, that goes on.
    row = trip((statement, values), commit=not connections[DEFAULT_DB_ALIAS].savepoint_ids)[0]
    if row is None:
        return False
    check.pk = row[0]
    if messages:
        outbox.wake_after_commit()
    return True


# --- Statements ----------------------------------------------------------------------------------


CHARGED = """charged AS (
    UPDATE handoffs_deliverycode
    SET attempts = attempts + 1, ended_at = $1, ended_because = 'used', nonce = NULL, predecessor_mark = NULL
    WHERE id = $2 AND ended_at IS NULL AND attempts < attempts_allowed
    RETURNING id
)"""
NOT_CHARGED = "charged AS (SELECT 1 WHERE $2::bigint IS NULL)"
DELIVERED = """
WITH {charged}, moved AS (
    UPDATE orders_shipment
    SET status = 'delivered', delivered_at = $1, events_count = $5, events_head = $6
    FROM charged
    WHERE orders_shipment.id = $3 AND status = 'out_for_delivery' AND events_count = $4
    RETURNING orders_shipment.id
), checked AS (
    {check} FROM moved RETURNING id
), proved AS (
    {proof} FROM checked
), told AS (
    {event} FROM checked
){messages}
SELECT id FROM checked
"""


@lru_cache
def _delivery_statement(*, charges: bool, messages: int) -> str:
    """Everything that a delivery writes, if the charge found the code as it was read."""
    numbers = count(7)
    return DELIVERED.format(
        charged=CHARGED if charges else NOT_CHARGED,
        check=_insert(CodeCheck, numbers),
        proof=_insert(ProofOfDelivery, numbers, check_made_id="checked.id"),
        event=_insert(Event, numbers),
        messages="".join(
            f", sent_{place} AS (\n    {_insert(Message, numbers)} FROM checked\n)"
            for place in range(messages)
        ),
    )


def _insert(model: type[models.Model], numbers: Iterator[int], **known: str) -> str:
    """INSERT … SELECT of a row's values, in the order of `_values`; others tell `known`."""
    given = [field.attname for field, _ in _columns(model) if field.attname not in known]
    names = ", ".join(f'"{name}"' for name in (*given, *known))
    places = ", ".join((*(f"${next(numbers)}" for _ in given), *known.values()))
    return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {places}"


def _values(row: models.Model) -> list[Any]:
    skipped = "check_made_id" if isinstance(row, ProofOfDelivery) else ""
    return [
        Jsonb(getattr(row, field.attname)) if is_json else getattr(row, field.attname)
        for field, is_json in _columns(type(row))
        if field.attname != skipped
    ]


@lru_cache
def _columns(model: type[models.Model]) -> list[tuple[Any, bool]]:
    return [
        (field, isinstance(field, models.JSONField))
        for field in model._meta.concrete_fields
        if not field.primary_key
    ]


# --- Rows ----------------------------------------------------------------------------------------

# Which knows which, by the names of the relations.
LINKS = (
    *(("device", "courier"), ("courier", "depot"), ("route", "courier"), ("stop", "route")),
    *(("stop", "shipment"), ("bought", "merchant"), ("code", "shipment")),
)


def _instances(row: Sequence[Any]) -> dict[str, Any]:
    """The rows that were joined, as models that know one another."""
    found: dict[str, Any] = {}
    begin = 0
    for alias, names in NAMES.items():
        end = begin + len(names)
        found[alias] = None if row[begin] is None else _loaded(READ[alias][0], names, row[begin:end])
        begin = end
    for alias, name in LINKS:
        if found[alias] is not None:
            found[alias]._state.fields_cache[name] = found[name]
    found["shipment"]._state.fields_cache["order"] = found["bought"]
    return found


def _loaded(model: type[models.Model], names: list[str], values: Sequence[Any]) -> models.Model:
    """As `Model.from_db`, which takes the tenfold time: nothing here listens to its signals."""
    row = model.__new__(model)
    row.__dict__.update(zip(names, values, strict=True))
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row
