"""How fast a provider is asked, over all workers: a bucket in one row of the database.

The bucket is a moment (GCRA, ITU-T I.371): each message moves it on by the time that one may take, and a
message may go while it is at most two seconds ahead of now. One conditional UPDATE decides, so that however
many workers ask at once, no more go than may.
"""

from __future__ import annotations

from datetime import UTC, datetime
from time import time

from django.db.models import F, Value
from django.db.models.functions import Greatest

from notifications.models import Pace

SECOND = 1_000_000
BURST = 2 * SECOND  # as long as the schedule may leave the outbox alone


def take(provider: str, per_second: float) -> datetime | None:
    """Take the place of one message; None if it may go now, else the time when to ask again.

    `per_second` 0 or less: as fast as it goes, but never before a pause that the provider asked for is over.
    """
    step = round(SECOND / per_second) if per_second > 0 else 0
    now = _now()
    if _move(provider, now, step):
        return None
    row, _made = Pace.objects.get_or_create(provider=provider)
    if _made and _move(provider, now, step):
        return None
    return datetime.fromtimestamp(max(row.spent_until - BURST, now + step) / SECOND, UTC)


def pause(provider: str, seconds: float) -> None:
    """Let nothing go for so long. A longer pause than this one stays."""
    until = _now() + round(seconds * SECOND) + BURST
    Pace.objects.get_or_create(provider=provider)
    Pace.objects.filter(provider=provider, spent_until__lt=until).update(spent_until=until)


def _move(provider: str, now: int, step: int) -> bool:
    room = Pace.objects.filter(provider=provider, spent_until__lte=now + BURST - step)
    moved = Greatest(F("spent_until"), Value(now)) + step
    return room.update(spent_until=moved) == 1


def _now() -> int:
    return round(time() * SECOND)
