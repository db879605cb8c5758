"""Does a chain of events hold, and where does it lead?"""

from collections.abc import Iterable

from orders.models import Event


def first_break(events: Iterable[Event], shipment_id: str) -> Event | None:
    """The first of these events, in their order from the first on, that does not follow from the one before.

    None where each is in its place, hashed over its own content and the hash before it.
    """
    previous = ""
    for place, event in enumerate(events, start=1):
        in_place = event.sequence == place and event.previous_hash == previous
        if not in_place or event.hash != event.computed_hash(shipment_id):
            return event
        previous = event.hash
    return None
