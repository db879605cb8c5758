"""Asking providers what became of messages: where no receipt came, where a text has to be blanked there, and
for the price. Several workers may do it at once; what one has taken the others pass over."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from notifications import receipts
from notifications.channels import channel_for
from notifications.faults import describe
from notifications.models import Message
from notifications.threads import side_by_side

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 1.0
BATCH = 20
# Then it leaves the thread to others, and the next run goes on: no code waits behind what is merely asked.
WORKS_SECONDS = 1.0
# How long a look may take; one that broke is taken up again after as long.
LEASE = timedelta(minutes=2)


def look() -> int:
    """Look at every message whose time for it has come, and answer how many there were."""
    began, looked = time.monotonic(), 0
    while time.monotonic() - began < WORKS_SECONDS and (batch := _take()):
        looked += len(side_by_side(batch, _look_at))
    return looked


def _take() -> list[Message]:
    due = Message.objects.filter(look_again_at__lte=timezone.now())
    if not due.exists():  # asked first without a lock: see sending._claim
        return []
    with transaction.atomic():
        taken = list(due.order_by("look_again_at", "id").select_for_update(skip_locked=True)[:BATCH])
        leased = Message.objects.filter(pk__in=[message.pk for message in taken])
        leased.update(look_again_at=timezone.now() + LEASE)
    return taken


def _look_at(message: Message) -> None:
    if not message.provider_id:  # forgotten meanwhile
        Message.objects.filter(pk=message.pk).update(look_again_at=None)
        return
    try:
        seen = channel_for(message).look(message)
        receipts.apply(seen.receipt, provider_id=message.provider_id)
    except Exception as error:
        log.error("%s could not be looked at: %s", message.public_id, describe(error))
        return
    known = {"segments": seen.segments, "price": seen.price, "price_currency": seen.price_currency}
    Message.objects.filter(pk=message.pk).update(
        look_again_at=seen.again_at,
        text_kept=seen.text_kept,
        **{name: value for name, value in known.items() if value},
    )
