"""What must always hold of the data, each as one query that finds what breaks it.

The queries only read, and run on PostgreSQL and SQLite alike, on a live system too: each sees one moment,
and nothing that a transaction has not finished.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Prefetch
from django.utils import timezone

from accounts.limits import ATTEMPTS, FAILURES_IN_A_ROW
from delivery_otp.invariants.accounts import ACCOUNTS
from delivery_otp.invariants.delegates import DELEGATES
from delivery_otp.invariants.queries import ALWAYS
from delivery_otp.invariants.releases import RELEASES
from handoffs.limits import (
    ATTEMPTS_PER_SHIPMENT,
    COURIER_BUDGET,
    DELEGATES_AT_ONCE,
    DELEGATES_PER_SHIPMENT,
    PREFERENCE_ATTEMPTS_PER_SHIPMENT,
    RELEASES_PER_COURIER,
    RELEASES_PER_PAIR,
)
from orders.chain import first_break
from orders.models import Event, Shipment

UNTOLD_AFTER = timedelta(minutes=15)
ROWS_SHOWN = 20


@dataclass(frozen=True)
class Broken:
    """An invariant that does not hold, and where."""

    number: int
    says: str
    rows: list[str]


INVARIANTS = (*ALWAYS, *RELEASES, *DELEGATES, *ACCOUNTS)


def broken() -> Iterator[Broken]:
    """Every invariant that does not hold now, with the first rows that break it."""
    now = timezone.now()
    # A day less than the cap looks back on, so that no depot's midnight makes a difference.
    windows = dict(RELEASES_PER_COURIER)
    limits: dict[str, int | date | datetime] = {
        "releases_a_day": windows[1],
        "releases": windows[90],
        "releases_since": now.date() - timedelta(days=89),
        "releases_of_a_pair": RELEASES_PER_PAIR[1],
        "pair_since": now - timedelta(days=RELEASES_PER_PAIR[0] - 1),
        "now": now,
        "delegates": DELEGATES_PER_SHIPMENT,
        "delegates_at_once": DELEGATES_AT_ONCE,
        "attempts": ATTEMPTS_PER_SHIPMENT,
        "account_attempts": ATTEMPTS,
        "account_failures": FAILURES_IN_A_ROW,
        "opt_out_attempts": PREFERENCE_ATTEMPTS_PER_SHIPMENT,
        "wrong_a_day": COURIER_BUDGET[0][1],
        "untold": now - UNTOLD_AFTER,
    }
    for invariant in INVARIANTS:
        with connection.cursor() as cursor:
            cursor.execute(invariant.query, limits)
            rows = [str(row[0]) for row in cursor.fetchmany(ROWS_SHOWN)]
        if rows:
            yield Broken(invariant.number, invariant.says, rows)
    forged = _forged_chains()
    if forged:
        yield Broken(17, "every event's hash follows from its content and the event before it", forged)


CHECKS = len(INVARIANTS) + 1


def _forged_chains() -> list[str]:
    shipments = Shipment.objects.only("public_id").prefetch_related(
        Prefetch("events", Event.objects.order_by("sequence"))
    )
    found: list[str] = []
    for shipment in shipments.iterator(chunk_size=500):
        if first_break(shipment.events.all(), shipment.public_id) is not None:
            found.append(shipment.public_id)
        if len(found) == ROWS_SHOWN:
            break
    return found
