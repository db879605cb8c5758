"""Ending codes whose time is over. The check at the door needs no sweep: it asks the clock."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from handoffs.holders import marks_of
from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason
from handoffs.models.delegates import delegates_of

INTERVAL_SECONDS = 60
BATCH = 500


def expire() -> int:
    """End every living code whose time is over, and erase its nonce. Returns how many there were.

    Each leaves a mark by which its successor recognises it: people read from yesterday's paper.
    """
    now = timezone.now()
    ended = 0
    while batch := _expire_some(now):
        ended += batch
    return ended


def _expire_some(now: datetime) -> int:
    with transaction.atomic():
        # Whoever holds one ends it, or finds its time over by the clock; the next sweep looks again.
        over = (
            DeliveryCode.objects.living()
            .filter(expires_at__lte=now)
            .select_related("shipment")
            .order_by("pk")
            .select_for_update(of=("self",), skip_locked=True)
        )
        codes = list(over[:BATCH])
        for code in codes:
            code.mark = marks_of(code, delegates_of(code.shipment), now) if code.key_is_known else None
            code.nonce = code.predecessor_mark = None
            code.ended_at, code.ended_because = now, EndReason.EXPIRED
        changed = ("mark", "nonce", "predecessor_mark", "ended_at", "ended_because")
        return DeliveryCode.objects.bulk_update(codes, changed)
