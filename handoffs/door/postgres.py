"""The door on PostgreSQL: two trips, each of prepared statements sent together (libpq's pipeline mode).

Numbered parameters are bound by the server, so that a statement is parsed and planned once per connection.
"""

import select
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from psycopg import sql

from api.encoding import canonical_json
from api.refusals import Refusal
from api.rows import loaded
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
from notifications.models import Message, new_message_id
from orders.models import Event, Merchant, Order, Shipment


def _all_but(model: type[models.Model], *names: str) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname not in names)


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
SELECT {columns},
    EXISTS (SELECT FROM handoffs_codecheck earlier
            WHERE earlier.courier_id = courier.id AND earlier.key_digest = $3),
    spent.days, spent.wrong_codes
FROM orders_shipment shipment
JOIN fleet_stop stop ON stop.shipment_id = shipment.id AND stop.replaced_at IS NULL
JOIN fleet_route route ON route.id = stop.route_id
JOIN fleet_courier courier ON courier.id = route.courier_id AND courier.active
JOIN fleet_device device ON device.courier_id = courier.id AND device.revoked_at IS NULL
JOIN fleet_depot depot ON depot.id = courier.depot_id
JOIN orders_order bought ON bought.id = shipment.order_id
JOIN orders_merchant merchant ON merchant.id = bought.merchant_id
LEFT JOIN LATERAL (
    SELECT * FROM handoffs_deliverycode latest
    WHERE latest.shipment_id = shipment.id ORDER BY latest.generation DESC LIMIT 1
) code ON true
LEFT JOIN LATERAL (
    SELECT array_agg(day) AS days, array_agg(wrong_codes) AS wrong_codes FROM handoffs_courierday counted
    WHERE counted.courier_id = courier.id AND counted.day > $4
) spent ON true
WHERE shipment.public_id = $2 AND device.token_digest = $1
""".format(columns=", ".join(f'{alias}."{name}"' for alias, names in NAMES.items() for name in names))  # noqa: S608 - only names
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


def look(*, token_digest: str, shipment_id: str, key_digest: str, now: datetime) -> Seen | Refusal:
    since = now.date() - timedelta(days=LONGEST)
    held, row = trip(
        (LOCK, (token_digest, shipment_id)), (LOOK, (token_digest, shipment_id, key_digest, since))
    )
    if held is None or row is None:
        lives = trip((LIVES, (token_digest,)))[0]
        return Refusal("not_found" if lives else "authentication_failed")
    rows = _instances(row)
    knows_key, days, wrong_codes = row[-3:]
    spent = zip(days or (), wrong_codes or (), strict=True)
    standing = standing_by(rows["depot"].today(now), spent, knows_key=knows_key)
    return Seen(rows["device"], rows["stop"], rows["code"], standing)


def write(delivery: Delivery) -> bool:
    """Nothing else may be written after it in the same transaction: it commits."""
    check, proof, shipment = delivery.check, delivery.proof, delivery.stop.shipment
    event = shipment.next_events([delivered(proof, actor_of(check.device))], at=check.at)[0]
    complete(proof, head=event.hash, location=delivery.location)
    messages = receipts(shipment)
    code = delivery.code
    values = [*_values_of(delivery, event), *(value for draft in messages for value in _values_told(draft))]
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

# Each row is written from what the one before it gave back: without the charge nothing is.
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
SHARED = {"shipment_id": "$3", "courier_id": "$7"}
CHECK = {
    **SHARED,
    **{"at": "$1", "result": "'delivered'", "device_id": "$8", "generation": "$9", "occurred_at": "$10"},
    **{"key_digest": "$11", "fingerprint": "$12", "answer": "$13", "request_id": "$14"},
}
PROOF = {
    **SHARED,
    **{"check_made_id": "checked.id", "delivered_at": "$1", "occurred_at": "$10", "events_head": "$6"},
    **{"public_id": "$15", "method": "$16", "received_by": "$17", "code_reason": "$18"},
    **{"latitude": "$19", "longitude": "$20", "accuracy_m": "$21", "signature": "$22"},
}
EVENT = {
    **{"shipment_id": "$3", "sequence": "$5", "at": "$1", "hash": "$6", "public_id": "$23", "type": "$24"},
    **{"actor_kind": "$25", "actor_id": "$26", "data": "$27", "previous_hash": "$28"},
}
MESSAGE = ("public_id", "kind", "about", "to", "channel", "locale", "livemode", "payer", "context")
FIRST_OF_MESSAGES = 29


def _values_of(delivery: Delivery, event: Event) -> tuple[Any, ...]:
    """$1 to $28."""
    check, proof, shipment = delivery.check, delivery.proof, delivery.stop.shipment
    return (
        *(check.at, delivery.code and delivery.code.pk, shipment.pk),
        *(shipment.events_count, event.sequence, event.hash),
        *(check.courier_id, check.device_id, check.generation, check.occurred_at),
        *(check.key_digest, check.fingerprint, _json(check.answer), check.request_id),
        *(proof.public_id, str(proof.method), proof.received_by, proof.code_reason),
        *(proof.latitude, proof.longitude, proof.accuracy_m, proof.signature),
        *(event.public_id, event.type, event.actor_kind, event.actor_id),
        *(_json(event.data), event.previous_hash),
    )


def _values_told(draft: outbox.Draft) -> tuple[Any, ...]:
    """Those of MESSAGE."""
    return (
        *(new_message_id(), draft.kind, draft.about, draft.to, draft.channel, draft.locale),
        *(draft.livemode, draft.payer, _json(draft.context)),
    )


@lru_cache
def _delivery_statement(*, charges: bool, messages: int) -> str:
    """Everything that a delivery writes, if the charge found the code as it was read."""
    numbers = count(FIRST_OF_MESSAGES)
    drafts = [{name: f"${next(numbers)}" for name in MESSAGE} for _ in range(messages)]
    told = [{**draft, "created_at": "$1", "next_try_at": "$1"} for draft in drafts]
    return DELIVERED.format(
        charged=CHARGED if charges else NOT_CHARGED,
        check=_insert(CodeCheck, CHECK),
        proof=_insert(ProofOfDelivery, PROOF),
        event=_insert(Event, EVENT),
        messages="".join(
            f", sent_{place} AS (\n    {_insert(Message, values)} FROM checked\n)"
            for place, values in enumerate(told)
        ),
    )


def _insert(model: type[models.Model], given: Mapping[str, str]) -> str:
    """INSERT … SELECT of these; the model says what is in the other columns."""
    others = {
        field.attname: sql.Literal(field.get_db_prep_save(field.get_default(), connection)).as_string()
        for field in model._meta.concrete_fields
        if field.attname not in given and not field.primary_key
    }
    values = {**given, **others}
    names = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(values.values())}"


def _json(value: dict[str, Any]) -> str:
    return canonical_json(value).decode()


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
