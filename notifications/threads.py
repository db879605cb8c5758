"""Several messages under way at once in one worker: a provider takes longer to answer than we do to ask."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection, connections

# One more thread for so many messages: its connection to the database has to be worth its while.
PER_THREAD = 5


def threads_for(messages: int) -> int:
    """How many threads send so many messages: up to MESSAGE_SENDERS, and one where the database writes one at
    a time (SQLite) or a transaction of ours is open, which no other thread would see."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return 1
    return max(1, min(settings.MESSAGE_SENDERS, messages // PER_THREAD))


def side_by_side(work: Callable[[], int], threads: int) -> int:
    """The sum of what `work` answers in each thread, each with a connection of its own to the database."""
    if threads == 1:
        return work()

    def on_its_own() -> int:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return sum(done.result() for done in [pool.submit(on_its_own) for _ in range(threads)])
