"""The door on PostgreSQL: two trips, each of prepared statements sent together (libpq's pipeline mode).

Numbered parameters are bound by the server, so that a statement is parsed and planned once per connection.
"""

import select
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from api.encoding import to_json
from api.refusals import Refusal
from api.rows import loaded
from fleet.models import Courier, Depot, Device, Route, Stop
from handoffs.deliver import complete, delivered
from handoffs.door.seen import Asked, Delivery, Seen
from handoffs.door.trip import trip
from handoffs.limits import COURIER_BUDGET
from handoffs.messages import receipts
from handoffs.models import CodeCheck, DeliveryCode, ProofOfDelivery
from handoffs.models.budget import standing_by
from handoffs.visit import actor_of
from notifications import outbox
from notifications.models import Message
from orders.models import Event, Merchant, Order, Shipment


def _all_but(model: type[models.Model], *names: str) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname not in names)


LONGEST = max(days for days, _ in COURIER_BUDGET) + 2  # the depot's day may not be the day of UTC

# JSON, because one parameter then holds however many there are.
ASKED = "json_to_recordset($1::json) AS asked (place int, token text, shipment text, key text)"
# The shipment first, as whoever moves a stop to another route does: else the two would deadlock.
LOCK = f"""
SELECT asked.place FROM {ASKED}
JOIN fleet_device device ON device.token_digest = asked.token
JOIN fleet_courier courier ON courier.id = device.courier_id AND courier.active
JOIN fleet_route route ON route.courier_id = courier.id
JOIN fleet_stop stop ON stop.route_id = route.id AND stop.replaced_at IS NULL
JOIN orders_shipment shipment ON shipment.id = stop.shipment_id AND shipment.public_id = asked.shipment
FOR NO KEY UPDATE OF shipment, stop, courier
"""  # noqa: S608 - only names
LOCK_FREE = f"{LOCK.rstrip()} SKIP LOCKED\n"

# What is read of each row; the rest is deferred.
READ: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "device": (Device, ("id", "public_id", "courier_id")),
    "courier": (Courier, ("id", "public_id", "depot_id", "active")),
    "depot": (Depot, ("id", "timezone")),
    "route": (Route, ("id", "courier_id")),
    "stop": (Stop, ("id", "route_id", "shipment_id", "replaced_at", "arrived_at")),
    "shipment": (Shipment, _all_but(Shipment, "tracking_number", "reference", "created_at", "category")),
    "bought": (
        Order,
        ("id", "public_id", "merchant_id", "livemode", "phone", "email", "locale", "timezone"),
    ),
    "merchant": (Merchant, ("id", "public_id", "code_digits", "code_hours", "arrival_first")),
    "code": (DeliveryCode, _all_but(DeliveryCode, "mark")),
}
NAMES = {alias: names for alias, (_, names) in READ.items()}
# From the shipment on, so that each row is found by a key: from the courier on, PostgreSQL read a whole run.
LOOK = """
SELECT asked.place, {columns},
    EXISTS (SELECT FROM handoffs_codecheck earlier
            WHERE earlier.courier_id = courier.id AND earlier.key_digest = asked.key),
    spent.days, spent.wrong_codes
FROM {asked}
JOIN orders_shipment shipment ON shipment.public_id = asked.shipment
JOIN fleet_stop stop ON stop.shipment_id = shipment.id AND stop.replaced_at IS NULL
JOIN fleet_route route ON route.id = stop.route_id
JOIN fleet_courier courier ON courier.id = route.courier_id AND courier.active
JOIN fleet_device device ON device.courier_id = courier.id AND device.revoked_at IS NULL
    AND device.token_digest = asked.token
JOIN fleet_depot depot ON depot.id = courier.depot_id
JOIN orders_order bought ON bought.id = shipment.order_id
JOIN orders_merchant merchant ON merchant.id = bought.merchant_id
LEFT JOIN LATERAL (
    SELECT * FROM handoffs_deliverycode latest
    WHERE latest.shipment_id = shipment.id ORDER BY latest.generation DESC LIMIT 1
) code ON true
LEFT JOIN LATERAL (
    SELECT array_agg(day) AS days, array_agg(wrong_codes) AS wrong_codes FROM handoffs_courierday counted
    WHERE counted.courier_id = courier.id AND counted.day > $2
) spent ON true
""".format(  # noqa: S608 - only names
    asked=ASKED,
    columns=", ".join(f'{alias}."{name}"' for alias, names in NAMES.items() for name in names),
)
LIVES = """
SELECT device.id FROM fleet_device device JOIN fleet_courier courier ON courier.id = device.courier_id
WHERE device.token_digest = $1 AND device.revoked_at IS NULL AND courier.active
"""


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


def look(asked: Asked, *, now: datetime) -> Seen | Refusal:
    seen = _look(LOCK, [asked], now)[0]
    if seen is None:
        lives = trip((LIVES, (asked.token_digest,)))[0]
        return Refusal("not_found" if lives else "authentication_failed")
    return seen


def look_at_free(asked: Sequence[Asked], *, now: datetime) -> list[Seen | None]:
    return _look(LOCK_FREE, asked, now)


def _look(lock: str, asked: Sequence[Asked], now: datetime) -> list[Seen | None]:
    wanted = _json(
        [
            {"place": place, "token": one.token_digest, "shipment": one.shipment_id, "key": one.key_digest}
            for place, one in enumerate(asked)
        ]
    )
    held, found = trip((lock, (wanted,)), (LOOK, (wanted, now.date() - timedelta(days=LONGEST))))
    places = {place for (place,) in held}
    seen = {place: _seen(row, now) for place, *row in found if place in places}
    return [seen.get(place) for place in range(len(asked))]


def _seen(row: Sequence[Any], now: datetime) -> Seen:
    rows = _instances(row)
    knows_key, days, wrong_codes = row[-3:]
    spent = zip(days or (), wrong_codes or (), strict=True)
    standing = standing_by(rows["depot"].today(now), spent, knows_key=knows_key)
    return Seen(rows["device"], rows["stop"], rows["code"], standing)


def write(deliveries: Sequence[Delivery]) -> list[bool]:
    """Nothing else may be written after it in the same transaction: it commits."""
    events = [_completed(delivery) for delivery in deliveries]
    messages = [draft for delivery in deliveries for draft in receipts(delivery.stop.shipment)]
    values = (
        _json([_given(delivery, event) for delivery, event in zip(deliveries, events, strict=True)]),
        _json([_row(delivery.check) for delivery in deliveries]),
        _json([_row(delivery.proof) for delivery in deliveries]),
        _json([_row(event) for event in events]),
        _json([_row(outbox.written_out(draft)) for draft in messages]),
    )
    # Where a test has put its own transaction around this one, that goes on.
    [checks] = trip((_write(), values), commit=not connections[DEFAULT_DB_ALIAS].savepoint_ids)
    ids: dict[int, int] = dict(checks)
    for delivery in deliveries:
        delivery.check.pk = ids.get(delivery.check.shipment_id)
    if ids and messages:
        outbox.wake_after_commit()
    return [delivery.check.pk is not None for delivery in deliveries]


def _completed(delivery: Delivery) -> Event:
    """The event of this delivery; its proof is completed with it."""
    check, proof = delivery.check, delivery.proof
    fact = delivered(proof, actor_of(check.device))
    event = delivery.stop.shipment.next_events([fact], at=check.at)[0]
    complete(proof, head=event.hash, location=delivery.location)
    return event


# --- The statement that writes -------------------------------------------------------------------

# Each row is written from what the one before it gave back: without its charge nothing of a delivery is.
WRITE = """
WITH given AS (
    SELECT * FROM json_to_recordset($1::json) AS given (
        shipment_id bigint, code_id bigint, at timestamptz, events_count int, events_head text
    )
), charged AS (
    UPDATE handoffs_deliverycode code
    SET attempts = attempts + 1, ended_at = given.at, ended_because = 'used',
        nonce = NULL, predecessor_mark = NULL
    FROM given
    WHERE code.id = given.code_id AND ended_at IS NULL AND attempts < attempts_allowed
    RETURNING given.shipment_id
), opened AS (
    SELECT shipment_id FROM charged
    UNION ALL SELECT shipment_id FROM given WHERE code_id IS NULL  -- no code is needed
), moved AS (
    UPDATE orders_shipment shipment
    SET status = 'delivered', delivered_at = given.at,
        events_count = given.events_count, events_head = given.events_head
    FROM given JOIN opened USING (shipment_id)
    WHERE shipment.id = given.shipment_id AND status = 'out_for_delivery'
        AND shipment.events_count = given.events_count - 1
    RETURNING shipment.id AS shipment_id, shipment.public_id
), checked AS (
    {check} JOIN moved USING (shipment_id)
    RETURNING id, shipment_id
), proved AS (
    {proof} JOIN checked USING (shipment_id)
), told AS (
    {event} JOIN checked USING (shipment_id)
), sent AS (
    {message} JOIN moved ON moved.public_id = made.about
)
SELECT shipment_id, id FROM checked
"""
STORED: tuple[type[models.Model], ...] = (CodeCheck, ProofOfDelivery, Event, Message)
ROWS = {model: _all_but(model, "id") for model in STORED}


@lru_cache
def _write() -> str:
    return WRITE.format(
        check=_insert(CodeCheck, "$2"),
        proof=_insert(ProofOfDelivery, "$3", check_made_id="checked.id"),
        event=_insert(Event, "$4"),
        message=_insert(Message, "$5"),
    )


def _insert(model: type[models.Model], rows: str, **instead: str) -> str:
    """INSERT of these rows, with some columns from elsewhere; what they are joined with is still to come."""
    table = model._meta.db_table
    columns = {f'"{name}"': f'made."{name}"' for name in ROWS[model]}
    columns |= {f'"{name}"': value for name, value in instead.items()}
    names, values = ", ".join(columns), ", ".join(columns.values())
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} "  # noqa: S608 - only names
        f"FROM json_populate_recordset(NULL::{table}, {rows}::json) made"
    )


def _given(delivery: Delivery, event: Event) -> dict[str, Any]:
    return {
        "shipment_id": event.shipment_id,
        "code_id": delivery.code and delivery.code.pk,
        "at": delivery.check.at,
        "events_count": event.sequence,
        "events_head": event.hash,
    }


def _row(made: models.Model) -> dict[str, Any]:
    """What is stored of it, by column."""
    values = made.__dict__
    return {name: values[name] for name in ROWS[type(made)]}


def _json(value: Any) -> str:
    return to_json(value).decode()


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
        found[alias] = None if row[begin] is None else loaded(READ[alias][0], names, row[begin:end])
        begin = end
    for alias, name in LINKS:
        if found[alias] is not None:
            found[alias]._state.fields_cache[name] = found[name]
    found["shipment"]._state.fields_cache["order"] = found["bought"]
    return found
