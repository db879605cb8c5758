"""How many messages one address gets in a day, so that nobody can have us flood it, or send at our cost."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from notifications import kinds
from notifications.channels.base import Permanent
from notifications.models import Message


def over_the_cap(message: Message) -> Permanent | None:
    """Why a real message may not go any more today; None where it may.

    What went in the last 24 hours counts. A kind with a reserve may go twice as often as others.
    """
    cap = settings.MESSAGE_CAP_PER_ADDRESS_PER_DAY * (2 if kinds.get(message.kind).has_reserve else 1)
    if not cap or settings.SANDBOX or not message.livemode:
        return None
    since = timezone.now() - timedelta(days=1)
    sent = Message.objects.filter(to=message.to, livemode=True, sent_at__gt=since)[:cap].count()
    if sent < cap:
        return None
    return Permanent(f"this address has had {cap} messages in 24 hours, as many as may go to one")
