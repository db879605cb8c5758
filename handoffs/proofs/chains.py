"""Do these events lead to the one whose hash was signed?"""

from typing import Any

from api.refusals import Refusal
from api.times import parse_rfc3339
from orders.chain import first_break
from orders.models import Event, Shipment

TRUNCATED = "chain_truncated"
BROKEN = "chain_broken"


def kept_chain(shipment: Shipment, head: str) -> int | Refusal:
    """How many events of this database lead to `head`. Refuses with chain_broken or chain_truncated."""
    events = list(Event.objects.filter(shipment=shipment).order_by("sequence"))
    broken = first_break(events, shipment.public_id)
    if broken is not None:
        detail = f"Event {broken.public_id} of this database was changed, or one before it is missing."
        return Refusal(BROKEN, detail)
    last = shipment.events_count - 1  # where the chain ended when the shipment was read: it may have grown
    if not 0 <= last < len(events) or events[last].hash != shipment.events_head:
        return Refusal(TRUNCATED, "Events at the end of this database's chain are missing.")
    place = next((event.sequence for event in events if event.hash == head), None)
    return place or Refusal(TRUNCATED, "This database's events end before the one that was signed.")


def told_chain(events: list[Any], shipment_id: str, head: str) -> int | Refusal:
    """The same for events as the API lists them, from the first on.

    Refuses also with chain_unreadable and chain_of_another_shipment. The list tells no hashes, so a change
    shows at the end and not where it was made.
    """
    previous, delivered = "", False
    for place, told in enumerate(events, start=1):
        event = _event(told, place, previous)
        if event is None:
            return Refusal("chain_unreadable", f"Event {place} of the file is not one.")
        if told.get("shipment") != shipment_id:
            return Refusal("chain_of_another_shipment", f"Event {place} of the file is of another shipment.")
        previous = event.computed_hash(shipment_id)
        if previous == head:
            return place
        delivered = delivered or event.type == "shipment.delivered"
    if not delivered:
        return Refusal(TRUNCATED, "The events of the file end before the delivery.")
    detail = "The events of the file do not lead to what was signed: one was changed, left out or put in."
    return Refusal(BROKEN, detail)


def _event(told: Any, place: int, previous: str) -> Event | None:
    try:
        return Event(
            public_id=told["id"],
            sequence=place,
            type=told["type"],
            at=parse_rfc3339(told["at"]),
            actor_kind=told["actor"]["kind"],
            actor_id=told["actor"]["id"],
            data=told["data"],
            previous_hash=previous,
        )
    except (KeyError, TypeError, ValueError):
        return None
