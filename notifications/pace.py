"""How fast a provider is asked, over all workers: a bucket in one row of the database.

The bucket is a moment (GCRA, ITU-T I.371): each message moves it on by the time that one may take, and a
message may go while it is at most two seconds ahead of now. One conditional UPDATE decides, so that however
many workers ask at once, no more go than may.
"""

from __future__ import annotations

from datetime import UTC, datetime
from time import time

from django.db.models import BigIntegerField, Case, F, Q, Value, When
from django.db.models.functions import Greatest

from notifications.models import Pace

SECOND = 1_000_000
BURST = 2 * SECOND  # as long as the schedule may leave the outbox alone
# No pause is longer. What is further ahead was written by a clock that has been set back since, and would
# hold every message up until that clock has caught up: it counts for nothing.
FURTHEST = 600 * SECOND


def take(provider: str, per_second: float) -> datetime | None:
    """Take the place of one message; None if it may go now, else the time when to ask again.

    `per_second` 0 or less: as fast as it goes, but never before a pause that the provider asked for is over.
    """
    now = _now()
    if per_second <= 0:
        return _pause_until(provider, now)
    step = round(SECOND / per_second)
    if _move(provider, now, step):
        return None
    row, _made = Pace.objects.get_or_create(provider=provider)
    # There was no row yet, and another thread may have been the one to make it.
    if row.spent_until <= now + BURST - step and _move(provider, now, step):
        return None
    return datetime.fromtimestamp(max(row.spent_until - BURST, now + step) / SECOND, UTC)


def _pause_until(provider: str, now: int) -> datetime | None:
    """The end of the pause that there is. It is only read: nothing is counted where nothing is limited."""
    ahead = now + BURST, now + FURTHEST
    found = Pace.objects.filter(
        provider=provider, spent_until__gt=ahead[0], spent_until__lte=ahead[1]
    ).first()
    return datetime.fromtimestamp((found.spent_until - BURST) / SECOND, UTC) if found else None


def pause(provider: str, seconds: float) -> None:
    """Let nothing go for so long, ten minutes at the most. A longer pause than this one stays."""
    now = _now()
    until = now + min(round(seconds * SECOND) + BURST, FURTHEST)
    Pace.objects.get_or_create(provider=provider)
    shorter = Q(spent_until__lt=until) | Q(spent_until__gt=now + FURTHEST)
    Pace.objects.filter(shorter, provider=provider).update(spent_until=until)


def _move(provider: str, now: int, step: int) -> bool:
    at = Value(now, output_field=BigIntegerField())
    set_back = Q(spent_until__gt=now + FURTHEST)
    room = Pace.objects.filter(Q(spent_until__lte=now + BURST - step) | set_back, provider=provider)
    begins = Case(When(set_back, then=at), default=Greatest(F("spent_until"), at))
    return room.update(spent_until=begins + step) == 1


def _now() -> int:
    return round(time() * SECOND)
