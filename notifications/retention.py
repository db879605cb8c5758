"""What the outbox forgets, a little at a time, so that nobody waits for it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from notifications.models import InboundMessage, Message, MessageCount

INTERVAL_SECONDS = 60
BATCH = 500
BATCHES_AT_ONCE = 20
UNSETTLED = (Message.State.QUEUED, Message.State.SENDING)
COUNTS_KEPT = timedelta(days=2)
# Twilio sends a text again for hours at the most; after that none of its names comes twice.
INBOUND_KEPT = timedelta(days=30)


def forget() -> int:
    """Delete what is older than it is kept, in transactions of their own; answers how many rows went."""
    now = timezone.now()
    gone = 0
    if settings.MESSAGES_KEPT_DAYS:
        cutoff = now - timedelta(days=settings.MESSAGES_KEPT_DAYS)
        gone += _in_batches(Message.objects.filter(created_at__lt=cutoff).exclude(state__in=UNSETTLED))
    gone += _in_batches(InboundMessage.objects.filter(at__lt=now - INBOUND_KEPT))
    gone += _in_batches(MessageCount.objects.filter(day__lt=(now - COUNTS_KEPT).date()))
    return gone


def _in_batches(old: QuerySet[Message] | QuerySet[InboundMessage] | QuerySet[MessageCount]) -> int:
    """Only among the rows that came first, by their keys: nothing looks through a table for old ones, and
    there is no index to keep for it."""
    gone = after = 0
    for _ in range(BATCHES_AT_ONCE):
        first = old.model._default_manager.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
        keys = list(first[:BATCH])
        if not keys:
            break
        deleted = old.filter(pk__in=keys).delete()[0]
        gone, after = gone + deleted, keys[-1]
        if deleted < len(keys):
            break
    return gone
