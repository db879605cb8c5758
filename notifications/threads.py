"""Several messages under way at once in one worker: a provider takes longer to answer than we do to ask."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.conf import settings
from django.db import connection, connections

from notifications.models import Message

T = TypeVar("T")

# One more thread for so many messages: its connection to the database has to be worth its while.
PER_THREAD = 5


def side_by_side(
    batch: list[Message], work: Callable[[Message], T], *, stop: Callable[[], bool] = lambda: False
) -> list[T]:
    """What `work` answers for each message, until `stop` says so. They are begun in the order of the batch,
    in several threads where they are many, each with a connection of its own to the database."""
    waiting = deque(batch)

    def some() -> list[T]:
        answers = []
        while not stop() and (message := _next(waiting)):
            answers.append(work(message))
        return answers

    def some_on_its_own() -> list[T]:
        try:
            return some()
        finally:
            connections.close_all()

    if (threads := _threads_for(len(batch))) == 1:
        return some()
    with ThreadPoolExecutor(threads) as pool:
        each = [pool.submit(some_on_its_own) for _ in range(threads)]
        return [answer for done in each for answer in done.result()]


def _next(waiting: deque[Message]) -> Message | None:
    """None where another thread has taken the last one."""
    try:
        return waiting.popleft()
    except IndexError:
        return None


def _threads_for(messages: int) -> int:
    """How many threads work so many messages: up to MESSAGE_SENDERS, and one where the database writes one at
    a time (SQLite) or a transaction of ours is open, which no other thread would see."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return 1
    return max(1, min(settings.MESSAGE_SENDERS, messages // PER_THREAD))
