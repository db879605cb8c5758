"""Limits on guessing a secret that people choose or remember, counted in the database.

Unlike `api.throttling`, which keeps noise out and lets everything through without its cache, security stands
on these: a guess is charged, and the charge committed, before anybody looks whether it is right.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from api.models import GuessCount
from api.refusals import Refusal

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 3600
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class GuessLimit:
    """At most `most` guesses in each fixed window, for each one of those it is counted by."""

    name: str
    most: int
    window: timedelta


@dataclass(frozen=True)
class Guess:
    """One guess, as every limit that it falls under counts it: pairs of the limit and for whom it counts.

    Make it at once with the request: it is given back in the window it was charged in.
    """

    charged_to: Sequence[tuple[GuessLimit, str]]
    at: datetime

    def charge(self) -> Refusal | None:
        """Count it under every limit. `rate_limited` where one is spent: then the guess must not be looked
        at, right or wrong.

        Each count is committed by itself, so nothing that fails later takes it back. Raises RuntimeError
        within a transaction, which could.
        """
        for limit, whom in self.charged_to:
            if not _charge(self._row(limit, whom)):
                logger.warning("guesses are refused: the limit %s is spent", limit.name)
                wait = self._ends(limit) - self.at
                return Refusal("rate_limited", members={"retry_after": max(1, int(wait.total_seconds()))})
        return None

    def give_back(self) -> None:
        """It was right: take this one charge off again. The wrong ones before it stay."""
        for limit, whom in self.charged_to:
            GuessCount.objects.filter(**self._row(limit, whom).key, count__gt=0).update(count=F("count") - 1)

    def _ends(self, limit: GuessLimit) -> datetime:
        return EPOCH + ((self.at - EPOCH) // limit.window + 1) * limit.window

    def _row(self, limit: GuessLimit, whom: str) -> "_Row":
        digest = salted_hmac(f"api.guesses/{limit.name}", whom, algorithm="sha256").hexdigest()
        return _Row(limit.name, digest, self._ends(limit), limit.most)


@dataclass(frozen=True)
class _Row:
    limit: str
    whom: str
    ends_at: datetime
    most: int

    @property
    def key(self) -> dict[str, object]:
        return {"limit": self.limit, "whom": self.whom, "ends_at": self.ends_at}


def a_guess(*charged_to: tuple[GuessLimit, str]) -> Guess:
    """A guess made now."""
    return Guess(charged_to, timezone.now())


def forget_old_counts() -> int:
    """Delete the counts of windows that are over. Returns how many there were."""
    return GuessCount.objects.filter(ends_at__lte=timezone.now()).delete()[0]


def _charge(row: _Row) -> bool:
    """One conditional UPDATE decides: of however many at once, as many get through as there is room for."""
    with transaction.atomic(durable=True):
        if _add_one(row):
            return True
        # Either it is spent, or this is the first guess of the window.
        GuessCount.objects.bulk_create([GuessCount(**row.key, count=0)], ignore_conflicts=True)
        return _add_one(row)


def _add_one(row: _Row) -> bool:
    room = GuessCount.objects.filter(**row.key, count__lt=row.most)
    return room.update(count=F("count") + 1) == 1
