"""Ending codes whose time is over. The check at the door needs no sweep: it asks the clock."""

from django.utils import timezone

from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason

INTERVAL_SECONDS = 60


def expire() -> int:
    """End every living code whose time is over, and erase its nonce. Returns how many there were."""
    now = timezone.now()
    return DeliveryCode.objects.filter(expires_at__lte=now).end(EndReason.EXPIRED, now)
