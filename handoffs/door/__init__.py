"""What a handoff reads and writes: few statements on PostgreSQL, the same by the ORM elsewhere.

A handoff takes two trips to PostgreSQL. The first locks and then, in a later statement of its own, reads:
what is read in the very statement that waited for the lock is as it was before the wait. The second writes
all of a delivery in one statement, guarded by the charge, and commits.

`plain` is the twin of `postgres`, and the tests run against both.
"""

from datetime import datetime
from types import ModuleType

from django.db import connection

from api.refusals import Refusal
from handoffs.door import plain, postgres
from handoffs.door.seen import Delivery, Seen

__all__ = ["Delivery", "Seen", "look", "make_ready", "write"]


def make_ready() -> None:
    """Call before the transaction begins."""
    _here().make_ready()


def look(*, token_digest: str, shipment_id: str, key_digest: str, now: datetime) -> Seen | Refusal:
    """Hold the stop that the courier with this handheld has for the shipment, then read.

    Refuses with authentication_failed or not_found. Call inside a transaction, first of all.
    """
    seen: Seen | Refusal = _here().look(
        token_digest=token_digest, shipment_id=shipment_id, key_digest=key_digest, now=now
    )
    return seen


def write(delivery: Delivery, *, last: bool) -> bool:
    """Write a delivery. False, and nothing is written, where the code was not there to be charged any more.

    `last`: nothing else is written in this transaction, which may then be committed in the same trip.
    """
    if last:
        written: bool = _here().write(delivery)
        return written
    return plain.write(delivery)


def _here() -> ModuleType:
    return postgres if connection.vendor == "postgresql" else plain
