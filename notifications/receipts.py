"""What a provider tells of a message after it took it. It moves the message on and never backwards.

Receipts come late, twice, in any order, or not at all. So one conditional UPDATE decides whether there is
anything left to tell: arrived is final, and so is what failed by a receipt.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notifications import kinds, stops
from notifications.channels.base import Receipt
from notifications.models import Message

State = Message.State

# A receipt that names the message by our own id may come before we know that the provider took it.
OPEN = (State.QUEUED, State.SENDING, State.SENT)


def apply(
    receipt: Receipt, *, provider_id: str = "", public_id: str = "", look_again_at: datetime | None = None
) -> bool:
    """Write down what became of the message of this provider's or our own id, and tell its kind.

    False where that changed nothing: no such message, a receipt that says no more than that it is on its way,
    or one that comes after another. `look_again_at`: when the provider is to be asked for the rest.
    """
    if receipt.arrived is None or not (provider_id or public_id):
        return False
    named = Q(provider_id=provider_id) if provider_id else Q(public_id=public_id)
    with transaction.atomic():
        message = Message.objects.filter(named, state__in=OPEN).first()
        if message is None:
            return False
        changes = _changes(receipt, message, look_again_at)
        if not Message.objects.filter(pk=message.pk, state__in=OPEN).update(**changes):
            return False
        for name, value in changes.items():
            setattr(message, name, value)
        stops.learn_from(message)
        kinds.get(message.kind).settled(message)
        return True


def _changes(receipt: Receipt, message: Message, look_again_at: datetime | None) -> dict[str, Any]:
    now = timezone.now()
    ended: dict[str, Any] = {
        "receipt_awaited_since": None,
        "next_try_at": None,
        "claimed_until": None,
        "look_again_at": look_again_at,
        "sent_at": message.sent_at or now,
    }
    if receipt.arrived:
        return ended | {
            "state": State.RECEIVED,
            "received_at": now,
            "error": "",
            "error_code": "",
            "fault": "",
        }
    return ended | {
        "state": State.FAILED,
        "error": receipt.reason[:200],
        "error_code": receipt.error_code[:20],
        "fault": receipt.fault,
    }
