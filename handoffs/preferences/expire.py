"""Ending challenges whose time is over. Who types a code too late is refused by the clock, without this."""

from django.db import transaction
from django.utils import timezone

from handoffs.models import PreferenceChallenge

INTERVAL_SECONDS = 60


def expire_challenges() -> int:
    """End every living challenge whose time is over, and erase its nonce. Returns how many there were."""
    now = timezone.now()
    with transaction.atomic():
        over = PreferenceChallenge.objects.living().filter(expires_at__lte=now).order_by("pk")
        held = [challenge.pk for challenge in over.select_for_update(skip_locked=True)]
        ended = PreferenceChallenge.objects.filter(pk__in=held)
        return ended.end(PreferenceChallenge.EndReason.EXPIRED, now)
