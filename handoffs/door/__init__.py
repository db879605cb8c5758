"""What a handoff reads and writes: few statements on PostgreSQL, the same by the ORM elsewhere.

Handoffs take two trips to PostgreSQL, one or many together. The first locks and then, in a later statement of
its own, reads: what is read in the very statement that waited for the lock is as it was before the wait. The
second writes all of the deliveries in one statement, guarded by the charges, and commits.

`plain` is the twin of `postgres`, and the tests run against both.
"""

from collections.abc import Sequence
from datetime import datetime
from types import ModuleType

from django.db import connection

from api.refusals import Refusal
from handoffs.door import plain, postgres
from handoffs.door.seen import Asked, Delivery, Seen

__all__ = ["Asked", "Delivery", "Seen", "lets_many_in", "look", "look_at_free", "make_ready", "write"]


def make_ready() -> None:
    """Call before the transaction begins."""
    _here().make_ready()


def look(asked: Asked, *, now: datetime) -> Seen | Refusal:
    """Hold the stop that the courier with this handheld has for the shipment, then read.

    Refuses with authentication_failed or not_found. Call inside a transaction, first of all.
    """
    seen: Seen | Refusal = _here().look(asked, now=now)
    return seen


def lets_many_in() -> bool:
    """Whether many at once are quicker here: where only one writes at a time, nothing is won."""
    return connection.vendor == "postgresql"


def look_at_free(asked: Sequence[Asked], *, now: datetime) -> list[Seen | None]:
    """Hold and read those of these stops that nobody else holds; None in the place of all others.

    It waits for nobody, so it may hold many in any order. Call inside a transaction, first of all.
    """
    seen: list[Seen | None] = _here().look_at_free(asked, now=now)
    return seen


def write(deliveries: Sequence[Delivery], *, last: bool) -> list[bool]:
    """Write deliveries. False, and nothing is written of it, where its code was not there to be charged any
    more.

    `last`: nothing else is written in this transaction, which may then be committed in the same trip.
    """
    if last:
        written: list[bool] = _here().write(deliveries)
        return written
    return plain.write(deliveries)


def _here() -> ModuleType:
    return postgres if connection.vendor == "postgresql" else plain
