"""A sign of life from the schedule, for `manage.py doctor`. Nothing depends on it."""

import time

from django.core.cache import cache

NOTE_SECONDS = 10.0
_SEEN = "worker-seen-at"


def note_worker() -> None:
    """Leave the time in the cache: run by the schedule, it shows that beat, queue and a worker all work."""
    cache.set(_SEEN, time.time(), timeout=3600)


def seconds_since_worker() -> float | None:
    """How long ago a worker left the time; None where not within the last hour."""
    seen: float | None = cache.get(_SEEN)
    return None if seen is None else time.time() - seen
